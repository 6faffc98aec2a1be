/** Facts of coverage at a moment, and targets. Times in raw statements are ISO text; see `server/database/connect.ts`. */
import { asc, sql } from 'drizzle-orm';
import { selectAreaWithDescendants } from '../areas/store.ts';
import type { CoverageKind } from '../contract/coverage.ts';
import type { CompoundState } from '../contract/district.ts';
import type { Queryable } from '../database/connect.ts';
import type { CompoundLabel } from './coverage-csv.ts';
import type { CoverageFacts } from './coverage-figure.ts';
import { coverageTargets } from './schema.ts';
import type { StoredTarget } from './targets.ts';

/** Moment of a figure, and its day in the district: acceptances are days. */
export interface FactsMoment {
  readonly at: Date;
  /** YYYY-MM-DD. */
  readonly day: string;
}

/**
 * Facts of all compounds below an area as they stood at the moment, as far as history reaches: existence and state of
 * compounds, existence of points and cameras, links between them, acceptance and first time online. What a compound
 * belongs to, what a point requires, and which node serves a camera are those of today.
 *
 * Cameras are gathered once and joined, not looked up per compound: 10,000 cameras of 1,000 compounds took 15 s that way
 * and take 0.3 s now.
 */
export async function loadCoverageFacts(db: Queryable, areaId: string, moment: FactsMoment): Promise<CoverageFacts> {
  const at = moment.at.toISOString();
  const compounds = await db.execute<{ id: string; state: CompoundState; cameras: readonly string[] }>(sql`
    select compound.id, past.state, coalesce(accepted.ids, '[]'::json) as cameras
    from compounds compound
    join compound_states past on past.compound_id = compound.id and past.began_at <= ${at}::timestamptz and coalesce(past.ended_at, 'infinity') > ${at}::timestamptz
    left join (
      select camera.compound_id, json_agg(camera.id order by camera.id) as ids from cameras camera
      where camera.created_at <= ${at}::timestamptz and coalesce(camera.removed_at, 'infinity') > ${at}::timestamptz
        and camera.accepted_on <= ${moment.day}::date
      group by camera.compound_id
    ) accepted on accepted.compound_id = compound.id
    where compound.area_id in ${selectAreaWithDescendants(areaId)}
      and compound.created_at <= ${at}::timestamptz and coalesce(compound.removed_at, 'infinity') > ${at}::timestamptz
    order by compound.id`);
  const points = await db.execute<{ id: string; compound_id: string; name: string; cameras: readonly { id: string; isNetworked: boolean }[] }>(sql`
    select point.id, point.compound_id, point.name, coalesce(seeing.cameras, '[]'::json) as cameras
    from monitoring_points point
    join compounds compound on compound.id = point.compound_id
    left join (
      select link.point_id, json_agg(json_build_object('id', camera.id,
               'isNetworked', camera.media_node_id is not null and coalesce(camera.first_online_at <= ${at}::timestamptz, false)) order by camera.id) as cameras
      from point_cameras link join cameras camera on camera.id = link.camera_id
      where link.linked_at <= ${at}::timestamptz and coalesce(link.unlinked_at, 'infinity') > ${at}::timestamptz
        and camera.created_at <= ${at}::timestamptz and coalesce(camera.removed_at, 'infinity') > ${at}::timestamptz
      group by link.point_id
    ) seeing on seeing.point_id = point.id
    where compound.area_id in ${selectAreaWithDescendants(areaId)} and point.is_required
      and point.created_at <= ${at}::timestamptz and coalesce(point.removed_at, 'infinity') > ${at}::timestamptz
    order by point.id`);
  const pointsOf = Map.groupBy(points, (point) => point.compound_id);
  return {
    compounds: compounds.map((compound) => ({
      id: compound.id,
      state: compound.state,
      acceptedCameraIds: compound.cameras,
      requiredPoints: (pointsOf.get(compound.id) ?? []).map(({ id, name, cameras }) => ({ id, name, cameras })),
    })),
  };
}

/** Names of the compounds below an area with those of their street office and community; removed ones included. */
export async function loadCompoundLabels(db: Queryable, areaId: string): Promise<readonly CompoundLabel[]> {
  const rows = await db.execute<{ id: string; name: string; street_office: string | null; community: string | null }>(sql`
    with recursive above as (
      select id as leaf_id, id, parent_id, kind, name, 0 as height from areas
      union all
      select above.leaf_id, area.id, area.parent_id, area.kind, area.name, above.height + 1
      from above join areas area on area.id = above.parent_id where above.height < 20
    )
    select compound.id, compound.name,
           (select name from above where leaf_id = compound.area_id and kind = 'street-office' order by height limit 1) as street_office,
           (select name from above where leaf_id = compound.area_id and kind = 'community' order by height limit 1) as community
    from compounds compound where compound.area_id in ${selectAreaWithDescendants(areaId)}`);
  return rows.map((row) => ({ id: row.id, name: row.name, streetOffice: row.street_office ?? '', community: row.community ?? '' }));
}

/** Every target ever set, oldest first: a handful per area and year. */
export async function loadTargets(db: Queryable): Promise<readonly StoredTarget[]> {
  const rows = await db.select().from(coverageTargets).orderBy(asc(coverageTargets.id));
  return rows.map((row) => ({ areaId: row.areaId, kind: row.kind, target: row.target, setAtMs: row.setAt.getTime() }));
}

export async function insertTarget(
  tx: Queryable,
  target: { readonly areaId: string; readonly kind: CoverageKind; readonly target: number },
  at: Date,
): Promise<void> {
  await tx.insert(coverageTargets).values({ ...target, setAt: at });
}
