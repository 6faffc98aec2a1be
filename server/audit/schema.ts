/** Table of the audit trail; see `migrations/0002_audit.sql` for the meaning of columns. */
import { bigint, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const auditEntries = pgTable('audit_entries', {
  id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  accountId: uuid('account_id'),
  username: text(),
  displayName: text('display_name'),
  action: text().notNull(),
  subjectKind: text('subject_kind').notNull(),
  subjectId: text('subject_id'),
  detail: jsonb(),
  address: text(),
});
