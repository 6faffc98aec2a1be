/** Saved arrangements of the wall; see `migrations/0108_wall-views.sql`. */
import { boolean, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { WallView } from '../contract/system.ts';

export const wallViews = pgTable('wall_views', {
  id: uuid().primaryKey(),
  name: text().notNull(),
  isShared: boolean('is_shared').notNull(),
  ownerId: uuid('owner_id').notNull(),
  layout: integer().$type<WallView['layout']>().notNull(),
  tiles: jsonb().$type<WallView['tiles']>().notNull(),
  patrolSeconds: integer('patrol_seconds'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
});
