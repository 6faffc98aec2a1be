/**
 * Compounds, their states over time, buildings, monitoring points, site links; see `migrations/0101_compounds.sql`.
 * Which cameras see a point: `migrations/0102_cameras.sql`.
 */
import { bigint, boolean, doublePrecision, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import type { CompoundCategory, CompoundState, GeoPolygon, LedgerPhase, MonitoringPointKind } from '../contract/district.ts';

export const compounds = pgTable('compounds', {
  id: uuid().primaryKey(),
  areaId: uuid('area_id').notNull(),
  name: text().notNull(),
  searchText: text('search_text').notNull(),
  address: text(),
  category: text().$type<CompoundCategory>(),
  phase: text().$type<LedgerPhase>().notNull(),
  state: text().$type<CompoundState>().notNull(),
  longitude: doublePrecision(),
  latitude: doublePrecision(),
  boundary: jsonb().$type<GeoPolygon>(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  removedAt: timestamp('removed_at', { withTimezone: true, precision: 3 }),
});

export const compoundStates = pgTable('compound_states', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  compoundId: uuid('compound_id').notNull(),
  state: text().$type<CompoundState>().notNull(),
  beganAt: timestamp('began_at', { withTimezone: true, precision: 3 }).notNull(),
  endedAt: timestamp('ended_at', { withTimezone: true, precision: 3 }),
});

export const buildings = pgTable('buildings', {
  id: uuid().primaryKey(),
  compoundId: uuid('compound_id').notNull(),
  name: text().notNull(),
  longitude: doublePrecision(),
  latitude: doublePrecision(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  removedAt: timestamp('removed_at', { withTimezone: true, precision: 3 }),
});

export const monitoringPoints = pgTable('monitoring_points', {
  id: uuid().primaryKey(),
  compoundId: uuid('compound_id').notNull(),
  buildingId: uuid('building_id'),
  kind: text().$type<MonitoringPointKind>().notNull(),
  name: text().notNull(),
  isRequired: boolean('is_required').notNull(),
  longitude: doublePrecision(),
  latitude: doublePrecision(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
  removedAt: timestamp('removed_at', { withTimezone: true, precision: 3 }),
});

export const siteLinks = pgTable('site_links', {
  id: uuid().primaryKey(),
  compoundId: uuid('compound_id').notNull(),
  name: text().notNull(),
  provider: text(),
  createdAt: timestamp('created_at', { withTimezone: true, precision: 3 }).notNull(),
});

export const pointCameras = pgTable('point_cameras', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  pointId: uuid('point_id').notNull(),
  cameraId: uuid('camera_id').notNull(),
  linkedAt: timestamp('linked_at', { withTimezone: true, precision: 3 }).notNull(),
  unlinkedAt: timestamp('unlinked_at', { withTimezone: true, precision: 3 }),
});
