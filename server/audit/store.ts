/** Queries of the audit trail. */
import { desc, lt } from 'drizzle-orm';
import type { AuditEntry } from '../contract/system.ts';
import type { Queryable } from '../database/connect.ts';
import type { Actor, AuditDraft } from './change.ts';
import { auditEntries } from './schema.ts';

/** Adds rows in the transaction of the change they describe. */
export async function saveAuditEntries(db: Queryable, at: Date, actor: Actor, entries: readonly AuditDraft[]): Promise<void> {
  if (entries.length === 0) return;
  await db.insert(auditEntries).values(
    entries.map((entry) => ({
      at,
      accountId: actor.person?.id ?? null,
      username: actor.person?.username ?? null,
      displayName: actor.person?.displayName ?? null,
      action: entry.action,
      subjectKind: entry.subjectKind,
      subjectId: entry.subjectId,
      detail: entry.detail ?? null,
      address: actor.address,
    })),
  );
}

/** Newest first, below the id `before`. */
export async function loadAuditEntries(
  db: Queryable,
  options: { readonly before: bigint | null; readonly limit: number },
): Promise<readonly AuditEntry[]> {
  const rows = await db
    .select()
    .from(auditEntries)
    .where(options.before === null ? undefined : lt(auditEntries.id, options.before))
    .orderBy(desc(auditEntries.id))
    .limit(options.limit);
  return rows.map((row) => ({
    id: row.id.toString(),
    at: row.at.toISOString(),
    person:
      row.accountId === null || row.username === null
        ? null
        : { id: row.accountId, username: row.username, displayName: row.displayName ?? row.username },
    action: row.action,
    subjectKind: row.subjectKind,
    subjectId: row.subjectId,
    detail: row.detail,
    address: row.address,
  }));
}
