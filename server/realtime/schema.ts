/** Outbox of realtime events; see `migrations/0003_realtime-events.sql`. */
import { bigint, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

export const realtimeEvents = pgTable('realtime_events', {
  id: bigint({ mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  at: timestamp({ withTimezone: true, precision: 3 }).notNull(),
  name: text().notNull(),
  payload: jsonb().notNull(),
});
