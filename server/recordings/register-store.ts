/** Queries of the access register: add and read, nothing else. */
import { and, desc, eq, lt, sql } from 'drizzle-orm';
import type { AccessRegisterEntry } from '../contract/cameras.ts';
import type { Queryable } from '../database/connect.ts';
import { accessRegisterEntries } from './schema.ts';

export async function insertRegisterEntry(tx: Queryable, entry: AccessRegisterEntry): Promise<void> {
  await tx.insert(accessRegisterEntries).values({
    id: entry.id,
    at: new Date(entry.at),
    accountId: entry.person.id,
    username: entry.person.username,
    displayName: entry.person.displayName,
    unit: entry.unit,
    cameraIds: [...entry.cameraIds],
    fromAt: new Date(entry.from),
    toAt: new Date(entry.to),
    reason: entry.reason,
    caseNumber: entry.caseNumber,
  });
}

export interface RegisterFilter {
  readonly cameraId: string | null;
  readonly accountId: string | null;
  /** Entries below this id; ids grow by time. */
  readonly before: string | null;
  readonly limit: number;
}

/** Newest first. */
export async function loadRegisterEntries(db: Queryable, filter: RegisterFilter): Promise<readonly AccessRegisterEntry[]> {
  const rows = await db
    .select()
    .from(accessRegisterEntries)
    .where(
      and(
        filter.cameraId === null ? undefined : sql`${accessRegisterEntries.cameraIds} @> array[${filter.cameraId}::uuid]`,
        filter.accountId === null ? undefined : eq(accessRegisterEntries.accountId, filter.accountId),
        filter.before === null ? undefined : lt(accessRegisterEntries.id, filter.before),
      ),
    )
    .orderBy(desc(accessRegisterEntries.id))
    .limit(filter.limit);
  return rows.map(toEntry);
}

export async function loadRegisterEntry(db: Queryable, id: string): Promise<AccessRegisterEntry | null> {
  const [row] = await db.select().from(accessRegisterEntries).where(eq(accessRegisterEntries.id, id));
  return row === undefined ? null : toEntry(row);
}

function toEntry(row: typeof accessRegisterEntries.$inferSelect): AccessRegisterEntry {
  return {
    id: row.id,
    at: row.at.toISOString(),
    person: { id: row.accountId, username: row.username, displayName: row.displayName },
    unit: row.unit,
    cameraIds: row.cameraIds,
    from: row.fromAt.toISOString(),
    to: row.toAt.toISOString(),
    reason: row.reason,
    caseNumber: row.caseNumber,
  };
}
