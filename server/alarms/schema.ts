/** Table of alarms; see `migrations/0104_alarms.sql`. */
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { NoPictureReason } from '../../media/contract/streams.ts';
import type { AlarmCondition, AlarmHandling, AlarmKind } from '../contract/alarms.ts';

export const alarms = pgTable('alarms', {
  id: uuid().primaryKey(),
  kind: text().$type<AlarmKind>().notNull(),
  cameraId: uuid('camera_id').notNull(),
  reason: text().$type<NoPictureReason>(),
  condition: text().$type<AlarmCondition>().notNull(),
  handling: text().$type<AlarmHandling>().notNull(),
  beganAt: timestamp('began_at', { withTimezone: true, precision: 3 }).notNull(),
  raisedAt: timestamp('raised_at', { withTimezone: true, precision: 3 }).notNull(),
  clearedAt: timestamp('cleared_at', { withTimezone: true, precision: 3 }),
  acknowledgedAt: timestamp('acknowledged_at', { withTimezone: true, precision: 3 }),
  acknowledgedBy: uuid('acknowledged_by'),
  acknowledgementNote: text('acknowledgement_note'),
  closedAt: timestamp('closed_at', { withTimezone: true, precision: 3 }),
  closedBy: uuid('closed_by'),
  closingNote: text('closing_note'),
});
