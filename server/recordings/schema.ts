/** Index of recordings and the access register; see `migrations/0106_recordings.sql`, `0107_access-register.sql` and `0113_expired-recordings.sql`. */
import { bigint, boolean, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { StreamRole } from '../../media/contract/streams.ts';

export const recordingFiles = pgTable(
  'recording_files',
  {
    mediaNodeId: uuid('media_node_id').notNull(),
    path: text().notNull(),
    cameraId: uuid('camera_id').notNull(),
    role: text().$type<StreamRole>().notNull(),
    fromAt: timestamp('from_at', { withTimezone: true, precision: 3 }).notNull(),
    toAt: timestamp('to_at', { withTimezone: true, precision: 3 }).notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    isOpen: boolean('is_open').notNull(),
  },
  (table) => [primaryKey({ columns: [table.mediaNodeId, table.path] })],
);

export const firstRecordings = pgTable('first_recordings', {
  cameraId: uuid('camera_id').primaryKey(),
  recordedAt: timestamp('recorded_at', { withTimezone: true, precision: 3 }).notNull(),
  expiredUntil: timestamp('expired_until', { withTimezone: true, precision: 3 }),
});

export const accessRegisterEntries = pgTable('access_register_entries', {
  id: uuid().primaryKey(),
  at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  accountId: uuid('account_id').notNull(),
  username: text().notNull(),
  displayName: text('display_name').notNull(),
  unit: text().notNull(),
  cameraIds: uuid('camera_ids').array().notNull(),
  fromAt: timestamp('from_at', { withTimezone: true, precision: 3 }).notNull(),
  toAt: timestamp('to_at', { withTimezone: true, precision: 3 }).notNull(),
  reason: text().notNull(),
  caseNumber: text('case_number'),
});
