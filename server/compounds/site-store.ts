/** Queries of what stands in a compound: buildings, monitoring points with their cameras, site links. */
import { and, asc, eq, gt, inArray, isNull, sql } from 'drizzle-orm';
import type { Building, MonitoringPoint, SiteLink } from '../contract/district.ts';
import type { Queryable } from '../database/connect.ts';
import { buildings, monitoringPoints, pointCameras, siteLinks } from './schema.ts';

export interface SiteFilter {
  readonly compoundId: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** A monitoring point without its cameras. */
export type PointColumns = Omit<MonitoringPoint, 'cameraIds'>;

export async function loadBuildings(db: Queryable, filter: SiteFilter): Promise<readonly Building[]> {
  return db
    .select(buildingColumns)
    .from(buildings)
    .where(
      and(
        isNull(buildings.removedAt),
        filter.compoundId === null ? undefined : eq(buildings.compoundId, filter.compoundId),
        filter.after === null ? undefined : gt(buildings.id, filter.after),
      ),
    )
    .orderBy(asc(buildings.id))
    .limit(filter.limit);
}

export async function lockBuilding(tx: Queryable, id: string): Promise<Building | null> {
  const [row] = await tx
    .select(buildingColumns)
    .from(buildings)
    .where(and(eq(buildings.id, id), isNull(buildings.removedAt)))
    .for('update');
  return row ?? null;
}

export async function insertBuilding(tx: Queryable, building: Building, at: Date): Promise<void> {
  await tx.insert(buildings).values({ ...building, createdAt: at });
}

export async function updateBuilding(tx: Queryable, { id, ...columns }: Building): Promise<void> {
  await tx.update(buildings).set(columns).where(eq(buildings.id, id));
}

export async function markBuildingRemoved(tx: Queryable, id: string, at: Date): Promise<void> {
  await tx.update(buildings).set({ removedAt: at }).where(eq(buildings.id, id));
}

export async function isBuildingInUse(tx: Queryable, id: string): Promise<boolean> {
  const [row] = await tx.execute<{ in_use: boolean }>(sql`
    select exists (select 1 from cameras where building_id = ${id}::uuid and removed_at is null)
        or exists (select 1 from monitoring_points where building_id = ${id}::uuid and removed_at is null) as in_use`);
  return row?.in_use === true;
}

/** Points with the cameras that see them now. */
export async function loadPoints(db: Queryable, filter: SiteFilter): Promise<readonly MonitoringPoint[]> {
  const rows = await db
    .select(pointColumns)
    .from(monitoringPoints)
    .where(
      and(
        isNull(monitoringPoints.removedAt),
        filter.compoundId === null ? undefined : eq(monitoringPoints.compoundId, filter.compoundId),
        filter.after === null ? undefined : gt(monitoringPoints.id, filter.after),
      ),
    )
    .orderBy(asc(monitoringPoints.id))
    .limit(filter.limit);
  return withCameras(db, rows);
}

export async function lockPoint(tx: Queryable, id: string): Promise<MonitoringPoint | null> {
  const rows = await tx
    .select(pointColumns)
    .from(monitoringPoints)
    .where(and(eq(monitoringPoints.id, id), isNull(monitoringPoints.removedAt)))
    .for('update');
  const [point] = await withCameras(tx, rows);
  return point ?? null;
}

export async function insertPoint(tx: Queryable, point: PointColumns, at: Date): Promise<void> {
  await tx.insert(monitoringPoints).values({ ...point, createdAt: at });
}

export async function updatePoint(tx: Queryable, { id, ...columns }: PointColumns): Promise<void> {
  await tx.update(monitoringPoints).set(columns).where(eq(monitoringPoints.id, id));
}

/** Removes the point and ends its links. */
export async function markPointRemoved(tx: Queryable, id: string, at: Date): Promise<void> {
  await tx.update(monitoringPoints).set({ removedAt: at }).where(eq(monitoringPoints.id, id));
  await tx
    .update(pointCameras)
    .set({ unlinkedAt: at })
    .where(and(eq(pointCameras.pointId, id), isNull(pointCameras.unlinkedAt)));
}

/** Begins and ends links so that the point is seen by exactly these cameras; links that stay keep their begin. */
export async function savePointCameras(
  tx: Queryable,
  pointId: string,
  links: { readonly added: readonly string[]; readonly ended: readonly string[] },
  at: Date,
): Promise<void> {
  if (links.ended.length > 0) {
    await tx
      .update(pointCameras)
      .set({ unlinkedAt: at })
      .where(and(eq(pointCameras.pointId, pointId), isNull(pointCameras.unlinkedAt), inArray(pointCameras.cameraId, [...links.ended])));
  }
  if (links.added.length > 0) {
    await tx.insert(pointCameras).values(links.added.map((cameraId) => ({ pointId, cameraId, linkedAt: at })));
  }
}

/** Ends all links of a camera that is removed. */
export async function endLinksOfCamera(tx: Queryable, cameraId: string, at: Date): Promise<void> {
  await tx
    .update(pointCameras)
    .set({ unlinkedAt: at })
    .where(and(eq(pointCameras.cameraId, cameraId), isNull(pointCameras.unlinkedAt)));
}

/** Which of these cameras exist. */
export async function findExistingCameras(tx: Queryable, cameraIds: readonly string[]): Promise<ReadonlySet<string>> {
  if (cameraIds.length === 0) return new Set();
  const rows = await tx.execute<{ id: string }>(
    sql`select id from cameras where removed_at is null and id in (${sql.join(
      cameraIds.map((id) => sql`${id}::uuid`),
      sql`, `,
    )})`,
  );
  return new Set(rows.map((row) => row.id));
}

export async function loadSiteLinks(db: Queryable, filter: SiteFilter): Promise<readonly SiteLink[]> {
  return db
    .select(siteLinkColumns)
    .from(siteLinks)
    .where(
      and(
        filter.compoundId === null ? undefined : eq(siteLinks.compoundId, filter.compoundId),
        filter.after === null ? undefined : gt(siteLinks.id, filter.after),
      ),
    )
    .orderBy(asc(siteLinks.id))
    .limit(filter.limit);
}

export async function insertSiteLink(tx: Queryable, link: SiteLink, at: Date): Promise<void> {
  await tx.insert(siteLinks).values({ ...link, createdAt: at });
}

async function withCameras(db: Queryable, points: readonly PointColumns[]): Promise<readonly MonitoringPoint[]> {
  if (points.length === 0) return [];
  const ids = points.map((point) => point.id);
  const links = await db
    .select({ pointId: pointCameras.pointId, cameraId: pointCameras.cameraId })
    .from(pointCameras)
    .where(and(inArray(pointCameras.pointId, ids), isNull(pointCameras.unlinkedAt)))
    .orderBy(asc(pointCameras.id));
  const camerasOf = Map.groupBy(links, (link) => link.pointId);
  return points.map((point) => ({ ...point, cameraIds: (camerasOf.get(point.id) ?? []).map((link) => link.cameraId) }));
}

const buildingColumns = {
  id: buildings.id,
  compoundId: buildings.compoundId,
  name: buildings.name,
  longitude: buildings.longitude,
  latitude: buildings.latitude,
};

const pointColumns = {
  id: monitoringPoints.id,
  compoundId: monitoringPoints.compoundId,
  buildingId: monitoringPoints.buildingId,
  kind: monitoringPoints.kind,
  name: monitoringPoints.name,
  isRequired: monitoringPoints.isRequired,
  longitude: monitoringPoints.longitude,
  latitude: monitoringPoints.latitude,
};

const siteLinkColumns = { id: siteLinks.id, compoundId: siteLinks.compoundId, name: siteLinks.name, provider: siteLinks.provider };
