/**
 * Read model of the compounds' table: each compound with its place in the tree, its cameras, required points and open alarms.
 *
 * One statement whatever the number of compounds; the page of compounds is cut first, and every count is an aggregate over
 * that page's rows alone, along indexes.
 */
import { sql } from 'drizzle-orm';
import { selectAreaWithDescendants } from '../areas/store.ts';
import type { AreaKind, Compound, CompoundSummary } from '../contract/district.ts';
import type { Queryable } from '../database/connect.ts';

export interface SummaryFilter {
  /** With everything below it. */
  readonly areaId: string | null;
  readonly compoundId: string | null;
  readonly after: string | null;
  readonly limit: number;
}

export async function loadCompoundSummaries(db: Queryable, filter: SummaryFilter): Promise<readonly CompoundSummary[]> {
  const rows = await db.execute<SummaryRow>(sql`
    with recursive page as (
      select * from compounds
      where removed_at is null
        ${filter.areaId === null ? sql`` : sql`and area_id in ${selectAreaWithDescendants(filter.areaId)}`}
        ${filter.compoundId === null ? sql`` : sql`and id = ${filter.compoundId}::uuid`}
        ${filter.after === null ? sql`` : sql`and id > ${filter.after}::uuid`}
      order by id
      limit ${filter.limit}
    ),
    ancestors as (
      select id as leaf_id, id, parent_id, name, kind, 0 as height from areas where id in (select area_id from page)
      union all
      select below.leaf_id, above.id, above.parent_id, above.name, above.kind, below.height + 1
      from ancestors below join areas above on above.id = below.parent_id
      where below.height < 20
    ),
    paths as (
      select leaf_id, json_agg(json_build_object('id', id, 'name', name, 'kind', kind) order by height desc) as path
      from ancestors group by leaf_id
    ),
    camera_counts as (
      select camera.compound_id, count(*)::int as cameras, count(*) filter (where status.status in ('online', 'degraded'))::int as online
      from cameras camera
      left join camera_status_intervals status on status.camera_id = camera.id and status.ended_at is null
      where camera.removed_at is null and camera.compound_id in (select id from page)
      group by camera.compound_id
    ),
    point_counts as (
      select point.compound_id, count(*)::int as required, count(*) filter (where exists (
        select 1 from point_cameras link join cameras camera on camera.id = link.camera_id
        where link.point_id = point.id and link.unlinked_at is null
          and camera.removed_at is null and camera.media_node_id is not null and camera.first_online_at is not null
      ))::int as covered
      from monitoring_points point
      where point.is_required and point.removed_at is null and point.compound_id in (select id from page)
      group by point.compound_id
    ),
    alarm_counts as (
      select camera.compound_id, count(*)::int as open
      from alarms alarm join cameras camera on camera.id = alarm.camera_id
      where alarm.handling = 'open' and camera.compound_id in (select id from page)
      group by camera.compound_id
    )
    select page.id, page.area_id, page.name, page.address, page.category, page.phase, page.state, page.longitude, page.latitude, page.boundary,
           paths.path, coalesce(cameras, 0) as cameras, coalesce(online, 0) as online,
           coalesce(required, 0) as required, coalesce(covered, 0) as covered, coalesce(open, 0) as open_alarms
    from page
    left join paths on paths.leaf_id = page.area_id
    left join camera_counts on camera_counts.compound_id = page.id
    left join point_counts on point_counts.compound_id = page.id
    left join alarm_counts on alarm_counts.compound_id = page.id
    order by page.id`);
  return rows.map((row) => ({
    compound: {
      id: row.id,
      areaId: row.area_id,
      name: row.name,
      address: row.address,
      category: row.category,
      phase: row.phase,
      state: row.state,
      longitude: row.longitude,
      latitude: row.latitude,
      boundary: row.boundary,
    },
    areaPath: row.path ?? [],
    cameraCount: row.cameras,
    onlineCameraCount: row.online,
    requiredPointCount: row.required,
    coveredPointCount: row.covered,
    openAlarmCount: row.open_alarms,
  }));
}

interface SummaryRow extends Record<string, unknown> {
  readonly id: string;
  readonly area_id: string;
  readonly name: string;
  readonly address: string | null;
  readonly category: Compound['category'];
  readonly phase: Compound['phase'];
  readonly state: Compound['state'];
  readonly longitude: number | null;
  readonly latitude: number | null;
  readonly boundary: Compound['boundary'];
  readonly path: readonly { readonly id: string; readonly name: string; readonly kind: AreaKind }[] | null;
  readonly cameras: number;
  readonly online: number;
  readonly required: number;
  readonly covered: number;
  readonly open_alarms: number;
}
