/** Table of areas; see `migrations/0100_areas.sql`. */
import { pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { AreaKind } from '../contract/district.ts';

export const areas = pgTable('areas', {
  id: uuid().primaryKey(),
  parentId: uuid('parent_id'),
  kind: text().$type<AreaKind>().notNull(),
  name: text().notNull(),
  divisionCode: text('division_code'),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  removedAt: timestamp('removed_at', { withTimezone: true, precision: 3 }),
});
