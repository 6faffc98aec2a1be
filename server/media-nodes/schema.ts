/** Media nodes and the position in their numbered events; see `migrations/0004_media-nodes.sql`. */
import { bigint, boolean, integer, pgTable, primaryKey, text, timestamp, uuid } from 'drizzle-orm/pg-core';

export const mediaNodes = pgTable('media_nodes', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  keyHash: text('key_hash').notNull(),
  isEmbedded: boolean('is_embedded').notNull(),
  version: text(),
  webRtcEngine: text('webrtc_engine'),
  publicUrl: text('public_url'),
  mediaPort: integer('media_port'),
  usesTls: boolean('uses_tls').notNull().default(false),
  webRtcPort: integer('webrtc_port'),
  lastSeenAt: timestamp('last_seen_at', { withTimezone: true, precision: 3 }),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
});

export const mediaNodeEventPositions = pgTable(
  'media_node_event_positions',
  {
    mediaNodeId: uuid('media_node_id').notNull(),
    epoch: text().notNull(),
    sequence: bigint({ mode: 'number' }).notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true, precision: 3 }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.mediaNodeId, table.epoch] })],
);
