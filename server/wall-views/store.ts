/** Queries of wall views. */
import { and, asc, eq, gt, or } from 'drizzle-orm';
import type { WallView } from '../contract/system.ts';
import type { Queryable } from '../database/connect.ts';
import { wallViews } from './schema.ts';

/** Own and shared views in the order of ids. */
export async function loadWallViews(
  db: Queryable,
  options: { readonly accountId: string; readonly after: string | null; readonly limit: number },
): Promise<readonly WallView[]> {
  return db
    .select(columns)
    .from(wallViews)
    .where(
      and(
        or(eq(wallViews.ownerId, options.accountId), eq(wallViews.isShared, true)),
        options.after === null ? undefined : gt(wallViews.id, options.after),
      ),
    )
    .orderBy(asc(wallViews.id))
    .limit(options.limit);
}

export async function lockWallView(tx: Queryable, id: string): Promise<WallView | null> {
  const [row] = await tx.select(columns).from(wallViews).where(eq(wallViews.id, id)).for('update');
  return row ?? null;
}

export async function insertWallView(tx: Queryable, view: WallView, at: Date): Promise<void> {
  await tx.insert(wallViews).values({ ...view, createdAt: at });
}

export async function updateWallView(tx: Queryable, { id, ...view }: WallView): Promise<void> {
  await tx.update(wallViews).set(view).where(eq(wallViews.id, id));
}

export async function deleteWallView(tx: Queryable, id: string): Promise<void> {
  await tx.delete(wallViews).where(eq(wallViews.id, id));
}

const columns = {
  id: wallViews.id,
  name: wallViews.name,
  isShared: wallViews.isShared,
  ownerId: wallViews.ownerId,
  layout: wallViews.layout,
  tiles: wallViews.tiles,
  patrolSeconds: wallViews.patrolSeconds,
};
