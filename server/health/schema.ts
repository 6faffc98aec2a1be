/** Status history and how far it is known; see `migrations/0103_camera-status.sql`. */
import { bigint, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { NoPictureReason } from '../../media/contract/streams.ts';
import type { CameraStatus } from '../contract/cameras.ts';

export const cameraStatusIntervals = pgTable('camera_status_intervals', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  cameraId: uuid('camera_id').notNull(),
  status: text().$type<CameraStatus>().notNull(),
  reason: text().$type<NoPictureReason>(),
  beganAt: timestamp('began_at', { withTimezone: true, precision: 3 }).notNull(),
  endedAt: timestamp('ended_at', { withTimezone: true, precision: 3 }),
  pictureLostAt: timestamp('picture_lost_at', { withTimezone: true, precision: 3 }),
});

export const nodeWatch = pgTable('node_watch', {
  mediaNodeId: uuid('media_node_id').primaryKey(),
  observedUntil: timestamp('observed_until', { withTimezone: true, precision: 3 }).notNull(),
});
