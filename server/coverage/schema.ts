/** Targets of coverage; see `migrations/0105_coverage-targets.sql`. */
import { bigint, doublePrecision, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { CoverageKind } from '../contract/coverage.ts';

export const coverageTargets = pgTable('coverage_targets', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  areaId: uuid('area_id').notNull(),
  kind: text().$type<CoverageKind>().notNull(),
  target: doublePrecision().notNull(),
  setAt: timestamp('set_at', { withTimezone: true, precision: 3 }).notNull(),
});
