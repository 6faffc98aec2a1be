/** Queries of the realtime outbox. */
import { asc, gt, lt, sql } from 'drizzle-orm';
import type { RealtimeEvent } from '../contract/realtime.ts';
import type { Queryable } from '../database/connect.ts';
import type { RealtimeDraft } from './event.ts';
import { realtimeEvents } from './schema.ts';

/** A statement takes at most 65,535 values (PostgreSQL protocol, Bind), and a row here has three. */
const rowsPerInsert = 5_000;

export async function saveEvents(db: Queryable, at: Date, events: readonly RealtimeDraft[]): Promise<void> {
  for (let from = 0; from < events.length; from += rowsPerInsert) {
    const rows = events.slice(from, from + rowsPerInsert).map(({ name, ...payload }) => ({ at, name, payload }));
    await db.insert(realtimeEvents).values(rows);
  }
}

/** Events above `id`, lowest first. */
export async function loadEventsAfter(db: Queryable, id: bigint, limit: number): Promise<readonly RealtimeEvent[]> {
  const rows = await db.select().from(realtimeEvents).where(gt(realtimeEvents.id, id)).orderBy(asc(realtimeEvents.id)).limit(limit);
  // Only `saveEvents` writes this table, and it takes typed events apart in this very way.
  return rows.map((row) => ({ ...(row.payload as object), name: row.name, id: row.id.toString(), at: row.at.toISOString() }) as RealtimeEvent);
}

/** Number of the newest event ever written, 0 before the first; pruned events count. */
export async function loadNewestId(db: Queryable): Promise<bigint> {
  const [row] = await db.execute<{ newest: string }>(
    sql`select case when is_called then last_value else 0 end::text as newest from realtime_events_id_seq`,
  );
  return BigInt(row?.newest ?? '0');
}

/** Number of the oldest event that is still there, or null when there is none. */
export async function loadOldestId(db: Queryable): Promise<bigint | null> {
  const [row] = await db.select({ id: realtimeEvents.id }).from(realtimeEvents).orderBy(asc(realtimeEvents.id)).limit(1);
  return row?.id ?? null;
}

export async function deleteEventsBefore(db: Queryable, moment: Date): Promise<void> {
  await db.delete(realtimeEvents).where(lt(realtimeEvents.at, moment));
}
