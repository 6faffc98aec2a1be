/** Queries of areas. */
import { and, asc, eq, gt, isNull, sql } from 'drizzle-orm';
import type { Area } from '../contract/district.ts';
import type { Queryable } from '../database/connect.ts';
import { areas } from './schema.ts';

/** All areas that exist: a district has some hundreds. */
export async function loadAreas(db: Queryable): Promise<readonly Area[]> {
  return db.select(areaColumns).from(areas).where(isNull(areas.removedAt)).orderBy(asc(areas.id));
}

export async function loadAreaPage(db: Queryable, options: { readonly after: string | null; readonly limit: number }): Promise<readonly Area[]> {
  return db
    .select(areaColumns)
    .from(areas)
    .where(and(isNull(areas.removedAt), options.after === null ? undefined : gt(areas.id, options.after)))
    .orderBy(asc(areas.id))
    .limit(options.limit);
}

/** Lets nobody else change the tree until the transaction ends: two moves that are sound alone can form a cycle together. */
export async function lockAreas(tx: Queryable): Promise<void> {
  await tx.execute(sql`lock table areas in share row exclusive mode`);
}

export async function insertArea(tx: Queryable, area: Area, at: Date): Promise<void> {
  await tx.insert(areas).values({ ...area, createdAt: at });
}

export async function updateArea(tx: Queryable, area: Area): Promise<void> {
  const { id, ...columns } = area;
  await tx.update(areas).set(columns).where(eq(areas.id, id));
}

export async function markAreaRemoved(tx: Queryable, id: string, at: Date): Promise<void> {
  await tx.update(areas).set({ removedAt: at }).where(eq(areas.id, id));
}

/** Whether areas or compounds that exist hang below it. */
export async function isAreaInUse(tx: Queryable, id: string): Promise<boolean> {
  const [row] = await tx.execute<{ in_use: boolean }>(sql`
    select exists (select 1 from areas where parent_id = ${id} and removed_at is null)
        or exists (select 1 from compounds where area_id = ${id} and removed_at is null) as in_use`);
  return row?.in_use === true;
}

/** Ids of an area and of everything below it, as a sub-select for other read models. */
export function selectAreaWithDescendants(areaId: string) {
  return sql`(
    with recursive below as (
      select id from areas where id = ${areaId}::uuid
      union
      select child.id from areas child join below on child.parent_id = below.id
    )
    select id from below)`;
}

const areaColumns = { id: areas.id, parentId: areas.parentId, kind: areas.kind, name: areas.name, divisionCode: areas.divisionCode };
