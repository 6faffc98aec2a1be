/** Queries of media nodes and of the position in their events. */
import { and, asc, eq, gt, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { NodeHello } from '../../media/contract/link.ts';
import type { Queryable } from '../database/connect.ts';
import { mediaNodeEventPositions, mediaNodes } from './schema.ts';

export type MediaNodeRow = typeof mediaNodes.$inferSelect;

export async function findNodeByKeyHash(db: Queryable, keyHash: string): Promise<MediaNodeRow | null> {
  const [row] = await db.select().from(mediaNodes).where(eq(mediaNodes.keyHash, keyHash));
  return row ?? null;
}

/** By id, above `after`. */
export async function loadNodes(db: Queryable, options: { readonly after: string | null; readonly limit: number }): Promise<readonly MediaNodeRow[]> {
  return db
    .select()
    .from(mediaNodes)
    .where(options.after === null ? undefined : gt(mediaNodes.id, options.after))
    .orderBy(asc(mediaNodes.id))
    .limit(options.limit);
}

export async function loadNode(db: Queryable, nodeId: string): Promise<MediaNodeRow | null> {
  const [row] = await db.select().from(mediaNodes).where(eq(mediaNodes.id, nodeId));
  return row ?? null;
}

export async function listNodeIds(db: Queryable): Promise<readonly string[]> {
  const rows = await db.select({ id: mediaNodes.id }).from(mediaNodes).orderBy(asc(mediaNodes.createdAt), asc(mediaNodes.id));
  return rows.map((row) => row.id);
}

/** The node that the server starts itself: made once, with a new key at every start. Returns its id. */
export async function saveEmbeddedNode(
  db: Queryable,
  options: { readonly name: string; readonly keyHash: string; readonly at: Date },
): Promise<string> {
  const [row] = await db
    .insert(mediaNodes)
    .values({ id: uuidv7(), name: options.name, keyHash: options.keyHash, isEmbedded: true, createdAt: options.at })
    .onConflictDoUpdate({ target: mediaNodes.isEmbedded, targetWhere: sql`is_embedded`, set: { keyHash: options.keyHash } })
    .returning({ id: mediaNodes.id });
  if (row === undefined) throw new Error('The embedded node was not saved');
  return row.id;
}

/** A node on its own: made once under its name; a new key replaces the old one. Returns its id. */
export async function saveNode(db: Queryable, options: { readonly name: string; readonly keyHash: string; readonly at: Date }): Promise<string> {
  const [row] = await db
    .insert(mediaNodes)
    .values({ id: uuidv7(), name: options.name, keyHash: options.keyHash, isEmbedded: false, createdAt: options.at })
    .onConflictDoUpdate({ target: mediaNodes.name, set: { keyHash: options.keyHash } })
    .returning({ id: mediaNodes.id });
  if (row === undefined) throw new Error('The node was not saved');
  return row.id;
}

export async function saveHello(db: Queryable, nodeId: string, hello: NodeHello, at: Date): Promise<void> {
  await db
    .update(mediaNodes)
    .set({
      version: hello.version,
      webRtcEngine: hello.webRtcEngine,
      publicUrl: hello.publicUrl,
      mediaPort: hello.mediaPort,
      usesTls: hello.usesTls,
      webRtcPort: hello.webRtcPort,
      lastSeenAt: at,
    })
    .where(eq(mediaNodes.id, nodeId));
}

export async function saveLastSeen(db: Queryable, nodeId: string, at: Date): Promise<void> {
  await db.update(mediaNodes).set({ lastSeenAt: at }).where(eq(mediaNodes.id, nodeId));
}

/** Last applied event of a run of the node, 0 before the first; locked until the end of the transaction. */
export async function lockEventPosition(tx: Queryable, nodeId: string, epoch: string, at: Date): Promise<number> {
  await tx.insert(mediaNodeEventPositions).values({ mediaNodeId: nodeId, epoch, sequence: 0, updatedAt: at }).onConflictDoNothing();
  const [row] = await tx
    .select({ sequence: mediaNodeEventPositions.sequence })
    .from(mediaNodeEventPositions)
    .where(and(eq(mediaNodeEventPositions.mediaNodeId, nodeId), eq(mediaNodeEventPositions.epoch, epoch)))
    .for('update');
  return row?.sequence ?? 0;
}

export async function loadEventPosition(db: Queryable, nodeId: string, epoch: string): Promise<number> {
  const [row] = await db
    .select({ sequence: mediaNodeEventPositions.sequence })
    .from(mediaNodeEventPositions)
    .where(and(eq(mediaNodeEventPositions.mediaNodeId, nodeId), eq(mediaNodeEventPositions.epoch, epoch)));
  return row?.sequence ?? 0;
}

export async function saveEventPosition(tx: Queryable, nodeId: string, epoch: string, sequence: number, at: Date): Promise<void> {
  await tx
    .update(mediaNodeEventPositions)
    .set({ sequence, updatedAt: at })
    .where(and(eq(mediaNodeEventPositions.mediaNodeId, nodeId), eq(mediaNodeEventPositions.epoch, epoch)));
}

/** Runs of a node that ended long ago need no position any more. */
export async function deleteOldPositions(db: Queryable, nodeId: string, keptEpoch: string, before: Date): Promise<void> {
  await db.execute(sql`
    delete from media_node_event_positions
    where media_node_id = ${nodeId} and epoch <> ${keptEpoch} and updated_at < ${before.toISOString()}`);
}
