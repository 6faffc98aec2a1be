/** Devices, cameras and streams; see `migrations/0102_cameras.sql`. */
import { boolean, date, doublePrecision, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { PullMode, StreamRole, StreamTransport } from '../../media/contract/streams.ts';
import type { DeviceKind } from '../contract/cameras.ts';

export const devices = pgTable('devices', {
  id: uuid().primaryKey(),
  kind: text().$type<DeviceKind>().notNull(),
  name: text().notNull(),
  vendor: text(),
  model: text(),
  host: text(),
  compoundId: uuid('compound_id'),
  siteLinkId: uuid('site_link_id'),
  channelCount: integer('channel_count').notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  removedAt: timestamp('removed_at', { withTimezone: true, precision: 3 }),
});

export const cameras = pgTable('cameras', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  searchText: text('search_text').notNull(),
  deviceId: uuid('device_id').notNull(),
  channel: integer().notNull(),
  compoundId: uuid('compound_id'),
  buildingId: uuid('building_id'),
  longitude: doublePrecision(),
  latitude: doublePrecision(),
  bearingDeg: doublePrecision('bearing_deg'),
  mode: text().$type<PullMode>().notNull(),
  isRecorded: boolean('is_recorded').notNull(),
  retentionDays: integer('retention_days').notNull(),
  isKeyPlace: boolean('is_key_place').notNull(),
  acceptedOn: date('accepted_on'),
  acceptedBy: text('accepted_by'),
  firstOnlineAt: timestamp('first_online_at', { withTimezone: true, precision: 3 }),
  mediaNodeId: uuid('media_node_id'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  removedAt: timestamp('removed_at', { withTimezone: true, precision: 3 }),
});

export const cameraStreams = pgTable(
  'camera_streams',
  {
    cameraId: uuid('camera_id').notNull(),
    role: text().$type<StreamRole>().notNull(),
    url: text().notNull(),
    transport: text().$type<StreamTransport>().notNull(),
    sealedCredentials: text('sealed_credentials'),
  },
  (table) => [primaryKey({ columns: [table.cameraId, table.role] })],
);
