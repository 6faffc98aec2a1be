/** Queries of alarms. Times in raw statements are ISO text; see `server/database/connect.ts`. */
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { SQL } from 'drizzle-orm';
import type { NoPictureReason } from '../../media/contract/streams.ts';
import type { Alarm, AlarmCondition, AlarmHandling } from '../contract/alarms.ts';
import type { CameraStatus } from '../contract/cameras.ts';
import type { Queryable } from '../database/connect.ts';
import { alarms } from './schema.ts';

export interface AlarmFilter {
  readonly handling: AlarmHandling | null;
  readonly condition: AlarmCondition | null;
  readonly cameraId: string | null;
  /** Alarms below this id; ids grow by time. */
  readonly before: string | null;
  readonly limit: number;
}

/** Newest first. */
export function loadAlarms(db: Queryable, filter: AlarmFilter): Promise<readonly Alarm[]> {
  const conditions = [
    filter.handling === null ? null : sql`alarm.handling = ${filter.handling}`,
    filter.condition === null ? null : sql`alarm.condition = ${filter.condition}`,
    filter.cameraId === null ? null : sql`alarm.camera_id = ${filter.cameraId}::uuid`,
    filter.before === null ? null : sql`alarm.id < ${filter.before}::uuid`,
  ].filter((condition) => condition !== null);
  const where = conditions.length === 0 ? sql`true` : sql.join(conditions, sql` and `);
  return selectAlarms(db, sql`where ${where} order by alarm.id desc limit ${filter.limit}`);
}

export async function loadAlarm(db: Queryable, id: string): Promise<Alarm | null> {
  const [alarm] = await selectAlarms(db, sql`where alarm.id = ${id}::uuid`);
  return alarm ?? null;
}

/** One round trip; the place is the path of areas down to the compound. */
async function selectAlarms(db: Queryable, rest: SQL): Promise<readonly Alarm[]> {
  const rows = await db.execute<AlarmRow>(sql`
    select alarm.*, camera.name as camera_name, camera.compound_id, compound.name as compound_name,
           acknowledger.username as acknowledger_username, acknowledger.display_name as acknowledger_display_name,
           closer.username as closer_username, closer.display_name as closer_display_name,
           (with recursive above as (
              select id, parent_id, name, 0 as height from areas where id = compound.area_id
              union all
              select area.id, area.parent_id, area.name, above.height + 1 from above join areas area on area.id = above.parent_id where above.height < 20
            ) select string_agg(name, ' / ' order by height desc) from above) as area_path
    from alarms alarm
    join cameras camera on camera.id = alarm.camera_id
    left join compounds compound on compound.id = camera.compound_id
    left join accounts acknowledger on acknowledger.id = alarm.acknowledged_by
    left join accounts closer on closer.id = alarm.closed_by
    ${rest}`);
  return rows.map(toAlarm);
}

/** The handling columns, for a decision; nobody else changes the alarm until the transaction ends. */
export async function lockHandling(tx: Queryable, id: string) {
  const [row] = await tx
    .select({ handling: alarms.handling, acknowledgedBy: alarms.acknowledgedBy })
    .from(alarms)
    .where(eq(alarms.id, id))
    .for('update');
  return row ?? null;
}

export async function saveAcknowledgement(tx: Queryable, id: string, accountId: string, note: string | null, at: Date): Promise<void> {
  await tx
    .update(alarms)
    .set({ handling: 'acknowledged', acknowledgedAt: at, acknowledgedBy: accountId, acknowledgementNote: note })
    .where(eq(alarms.id, id));
}

export async function saveClosing(tx: Queryable, id: string, accountId: string, note: string, at: Date): Promise<void> {
  await tx.update(alarms).set({ handling: 'closed', closedAt: at, closedBy: accountId, closingNote: note }).where(eq(alarms.id, id));
}

export interface RaisedAlarm {
  readonly id: string;
  readonly cameraId: string;
  readonly reason: NoPictureReason | null;
  readonly beganAt: Date;
  readonly raisedAt: Date;
}

/** @returns false when the camera has an active alarm already. */
export async function insertAlarm(tx: Queryable, alarm: RaisedAlarm): Promise<boolean> {
  const rows = await tx
    .insert(alarms)
    .values({ ...alarm, kind: 'camera-offline', condition: 'active', handling: 'open' })
    .onConflictDoNothing()
    .returning({ id: alarms.id });
  return rows.length === 1;
}

/** @returns ids of the changed alarms, none when the camera has no active one. */
export async function saveReason(tx: Queryable, cameraId: string, reason: NoPictureReason | null): Promise<readonly string[]> {
  const rows = await tx.update(alarms).set({ reason }).where(activeOf(cameraId)).returning({ id: alarms.id });
  return rows.map((row) => row.id);
}

/** As {@link saveReason}. An alarm is never cleared before it was raised. */
export async function saveCleared(tx: Queryable, cameraId: string, at: Date): Promise<readonly string[]> {
  const rows = await tx
    .update(alarms)
    .set({ condition: 'cleared', clearedAt: sql`greatest(${at.toISOString()}::timestamptz, ${alarms.raisedAt})` })
    .where(activeOf(cameraId))
    .returning({ id: alarms.id });
  return rows.map((row) => row.id);
}

export interface ActiveAlarm {
  readonly cameraId: string;
  readonly beganAtMs: number;
  readonly reason: NoPictureReason | null;
}

export async function loadActiveAlarms(db: Queryable): Promise<readonly ActiveAlarm[]> {
  const rows = await db
    .select({ cameraId: alarms.cameraId, beganAt: alarms.beganAt, reason: alarms.reason })
    .from(alarms)
    .where(eq(alarms.condition, 'active'));
  return rows.map(({ beganAt, ...row }) => ({ ...row, beganAtMs: beganAt.getTime() }));
}

/** Cleared by a removal whose alarm nobody was there to clear. */
export async function loadActiveOfRemovedCameras(db: Queryable): Promise<readonly string[]> {
  const rows = await db.execute<{ camera_id: string }>(sql`
    select camera_id from alarms join cameras on cameras.id = alarms.camera_id where condition = 'active' and cameras.removed_at is not null`);
  return rows.map((row) => row.camera_id);
}

export interface PastInterval {
  readonly cameraId: string;
  readonly isKeyPlace: boolean;
  readonly status: CameraStatus;
  readonly reason: NoPictureReason | null;
  readonly sinceMs: number;
  readonly pictureLostAtMs: number | null;
}

/**
 * For every camera that is not well now: its intervals since it was last well (online, degraded or idle), oldest first, the
 * open one last. Looks back at most 500 intervals per camera.
 */
export async function loadTroubledIntervals(db: Queryable): Promise<readonly PastInterval[]> {
  const rows = await db.execute<{
    camera_id: string;
    is_key_place: boolean;
    status: CameraStatus;
    reason: NoPictureReason | null;
    began_at: string;
    picture_lost_at: string | null;
  }>(sql`
    select camera.id as camera_id, camera.is_key_place, past.status, past.reason, past.began_at, past.picture_lost_at
    from cameras camera
    join camera_status_intervals open on open.camera_id = camera.id and open.ended_at is null and open.status in ('offline', 'unknown', 'connecting')
    cross join lateral (
      select * from camera_status_intervals recent
      where recent.camera_id = camera.id and recent.began_at >= coalesce((
        select max(well.began_at) from camera_status_intervals well
        where well.camera_id = camera.id and well.status in ('online', 'degraded', 'idle')), '-infinity')
        and recent.status not in ('online', 'degraded', 'idle')
      order by recent.began_at desc, recent.id desc
      limit 500
    ) past
    where camera.removed_at is null
    order by camera.id, past.began_at, past.id`);
  return rows.map((row) => ({
    cameraId: row.camera_id,
    isKeyPlace: row.is_key_place,
    status: row.status,
    reason: row.reason,
    sinceMs: Date.parse(row.began_at),
    pictureLostAtMs: row.picture_lost_at === null ? null : Date.parse(row.picture_lost_at),
  }));
}

/** Alarms by id, for announcements. */
export function loadAlarmsById(db: Queryable, ids: readonly string[]): Promise<readonly Alarm[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return selectAlarms(db, sql`where ${inArray(sql`alarm.id`, [...ids])}`);
}

function activeOf(cameraId: string) {
  return and(eq(alarms.cameraId, cameraId), eq(alarms.condition, 'active'));
}

interface AlarmRow extends Record<string, unknown> {
  readonly id: string;
  readonly kind: Alarm['kind'];
  readonly camera_id: string;
  readonly camera_name: string;
  readonly compound_id: string | null;
  readonly compound_name: string | null;
  readonly area_path: string | null;
  readonly reason: NoPictureReason | null;
  readonly condition: AlarmCondition;
  readonly handling: AlarmHandling;
  readonly began_at: string;
  readonly raised_at: string;
  readonly cleared_at: string | null;
  readonly acknowledged_at: string | null;
  readonly acknowledged_by: string | null;
  readonly acknowledger_username: string | null;
  readonly acknowledger_display_name: string | null;
  readonly acknowledgement_note: string | null;
  readonly closed_at: string | null;
  readonly closed_by: string | null;
  readonly closer_username: string | null;
  readonly closer_display_name: string | null;
  readonly closing_note: string | null;
}

function toAlarm(row: AlarmRow): Alarm {
  return {
    id: row.id,
    kind: row.kind,
    cameraId: row.camera_id,
    cameraName: row.camera_name,
    compoundId: row.compound_id,
    place: [row.area_path, row.compound_name].filter((part) => part !== null).join(' / '),
    reason: row.reason,
    condition: row.condition,
    handling: row.handling,
    beganAt: isoOf(row.began_at),
    raisedAt: isoOf(row.raised_at),
    clearedAt: row.cleared_at === null ? null : isoOf(row.cleared_at),
    acknowledgedAt: row.acknowledged_at === null ? null : isoOf(row.acknowledged_at),
    acknowledgedBy: personOf(row.acknowledged_by, row.acknowledger_username, row.acknowledger_display_name),
    note: [row.acknowledgement_note, row.closing_note].filter((note) => note !== null).join('\n') || null,
    closedAt: row.closed_at === null ? null : isoOf(row.closed_at),
    closedBy: personOf(row.closed_by, row.closer_username, row.closer_display_name),
  };
}

function isoOf(databaseTime: string): string {
  return new Date(databaseTime).toISOString();
}

function personOf(id: string | null, username: string | null, displayName: string | null): Alarm['acknowledgedBy'] {
  return id === null || username === null ? null : { id, username, displayName: displayName ?? username };
}
