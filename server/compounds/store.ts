/** Queries of compounds and of their ledger states over time. */
import { and, asc, eq, gt, isNull, like, sql } from 'drizzle-orm';
import { selectAreaWithDescendants } from '../areas/store.ts';
import type { Compound } from '../contract/district.ts';
import type { Queryable } from '../database/connect.ts';
import { compounds, compoundStates } from './schema.ts';
import { formatSearchPattern, formatSearchText } from './search-text.ts';

export interface CompoundFilter {
  /** With everything below it. */
  readonly areaId: string | null;
  readonly query: string | null;
  readonly after: string | null;
  readonly limit: number;
}

export async function loadCompounds(db: Queryable, filter: CompoundFilter): Promise<readonly Compound[]> {
  return db
    .select(compoundColumns)
    .from(compounds)
    .where(
      and(
        isNull(compounds.removedAt),
        filter.areaId === null ? undefined : sql`${compounds.areaId} in ${selectAreaWithDescendants(filter.areaId)}`,
        filter.query === null ? undefined : like(compounds.searchText, formatSearchPattern(filter.query)),
        filter.after === null ? undefined : gt(compounds.id, filter.after),
      ),
    )
    .orderBy(asc(compounds.id))
    .limit(filter.limit);
}

export async function loadCompound(db: Queryable, id: string): Promise<Compound | null> {
  const [row] = await db
    .select(compoundColumns)
    .from(compounds)
    .where(and(eq(compounds.id, id), isNull(compounds.removedAt)));
  return row ?? null;
}

/** As {@link loadCompound}; nobody else changes the compound until the transaction ends. */
export async function lockCompound(tx: Queryable, id: string): Promise<Compound | null> {
  const [row] = await tx
    .select(compoundColumns)
    .from(compounds)
    .where(and(eq(compounds.id, id), isNull(compounds.removedAt)))
    .for('update');
  return row ?? null;
}

export async function isAreaKnown(tx: Queryable, areaId: string): Promise<boolean> {
  const [row] = await tx.execute<{ known: boolean }>(
    sql`select exists (select 1 from areas where id = ${areaId}::uuid and removed_at is null) as known`,
  );
  return row?.known === true;
}

export async function insertCompound(tx: Queryable, compound: Compound, at: Date): Promise<void> {
  await tx.insert(compounds).values({ ...compound, searchText: formatSearchText(compound.name), createdAt: at });
  await tx.insert(compoundStates).values({ compoundId: compound.id, state: compound.state, beganAt: at });
}

/** Saves the compound and, when its state is another one, ends the old state and begins the new one. */
export async function updateCompound(tx: Queryable, before: Compound, after: Compound, at: Date): Promise<void> {
  const { id, ...columns } = after;
  await tx
    .update(compounds)
    .set({ ...columns, searchText: formatSearchText(after.name) })
    .where(eq(compounds.id, id));
  if (before.state === after.state) return;
  await tx
    .update(compoundStates)
    .set({ endedAt: at })
    .where(and(eq(compoundStates.compoundId, id), isNull(compoundStates.endedAt)));
  await tx.insert(compoundStates).values({ compoundId: id, state: after.state, beganAt: at });
}

export async function markCompoundRemoved(tx: Queryable, id: string, at: Date): Promise<void> {
  await tx.update(compounds).set({ removedAt: at }).where(eq(compounds.id, id));
}

/** Whether anything that exists belongs to the compound. */
export async function isCompoundInUse(tx: Queryable, id: string): Promise<boolean> {
  const [row] = await tx.execute<{ in_use: boolean }>(sql`
    select exists (select 1 from cameras where compound_id = ${id}::uuid and removed_at is null)
        or exists (select 1 from devices where compound_id = ${id}::uuid and removed_at is null)
        or exists (select 1 from buildings where compound_id = ${id}::uuid and removed_at is null)
        or exists (select 1 from monitoring_points where compound_id = ${id}::uuid and removed_at is null) as in_use`);
  return row?.in_use === true;
}

const compoundColumns = {
  id: compounds.id,
  areaId: compounds.areaId,
  name: compounds.name,
  address: compounds.address,
  category: compounds.category,
  phase: compounds.phase,
  state: compounds.state,
  longitude: compounds.longitude,
  latitude: compounds.latitude,
  boundary: compounds.boundary,
};
