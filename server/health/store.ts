/** Queries of the status history. Times in raw statements are ISO text; see `server/database/connect.ts`. */
import { and, asc, eq, gt, gte, isNull, lt, or, sql } from 'drizzle-orm';
import type { NoPictureReason, PullMode } from '../../media/contract/streams.ts';
import type { CameraStatus } from '../contract/cameras.ts';
import type { Queryable } from '../database/connect.ts';
import { cameraStatusIntervals, nodeWatch } from './schema.ts';

/** What health needs to know of a camera itself. */
export interface WatchedCamera {
  readonly id: string;
  readonly mode: PullMode;
  readonly isKeyPlace: boolean;
  readonly nodeId: string | null;
}

/** Another status or reason from a moment on. */
export interface StatusTransition {
  readonly cameraId: string;
  readonly status: CameraStatus;
  readonly reason: NoPictureReason | null;
  readonly atMs: number;
  readonly pictureLostAtMs: number | null;
}

export interface OpenInterval {
  readonly cameraId: string;
  readonly status: CameraStatus;
  readonly reason: NoPictureReason | null;
  readonly beganAtMs: number;
}

export async function loadWatchedCameras(db: Queryable): Promise<readonly WatchedCamera[]> {
  return db.execute<WatchedCamera & Record<string, unknown>>(sql`
    select id, mode, is_key_place as "isKeyPlace", media_node_id as "nodeId" from cameras where removed_at is null order by id`);
}

export async function loadOpenIntervals(db: Queryable): Promise<readonly OpenInterval[]> {
  const rows = await db
    .select({
      cameraId: cameraStatusIntervals.cameraId,
      status: cameraStatusIntervals.status,
      reason: cameraStatusIntervals.reason,
      beganAt: cameraStatusIntervals.beganAt,
    })
    .from(cameraStatusIntervals)
    .where(isNull(cameraStatusIntervals.endedAt));
  return rows.map(({ beganAt, ...row }) => ({ ...row, beganAtMs: beganAt.getTime() }));
}

/** The first interval of a new camera. */
export async function insertFirstInterval(tx: Queryable, first: StatusTransition): Promise<void> {
  await tx.insert(cameraStatusIntervals).values({
    cameraId: first.cameraId,
    status: first.status,
    reason: first.reason,
    beganAt: new Date(first.atMs),
  });
}

/** The end of a removed camera's history. */
export async function endHistory(tx: Queryable, cameraId: string, at: Date): Promise<void> {
  await tx
    .update(cameraStatusIntervals)
    .set({ endedAt: sql`greatest(${at.toISOString()}::timestamptz, ${cameraStatusIntervals.beganAt})` })
    .where(and(eq(cameraStatusIntervals.cameraId, cameraId), isNull(cameraStatusIntervals.endedAt)));
}

/**
 * Ends the open intervals of these cameras and begins the new ones at the very same moment; a camera may occur once. When a
 * clock went back, an interval ends where it began rather than before. Cameras removed meanwhile are left out.
 *
 * @returns ids of cameras that were never online before.
 */
export async function saveTransitions(tx: Queryable, transitions: readonly StatusTransition[]): Promise<readonly string[]> {
  const rows = JSON.stringify(
    transitions.map((transition) => ({
      camera_id: transition.cameraId,
      status: transition.status,
      reason: transition.reason,
      at: new Date(transition.atMs).toISOString(),
      picture_lost_at: transition.pictureLostAtMs === null ? null : new Date(transition.pictureLostAtMs).toISOString(),
    })),
  );
  const given = sql`jsonb_to_recordset(${rows}::jsonb) as given (camera_id uuid, status text, reason text, at timestamptz, picture_lost_at timestamptz)`;
  const ended = await tx.execute<{ camera_id: string; ended_at: string }>(sql`
    update camera_status_intervals open set ended_at = greatest(given.at, open.began_at)
    from ${given}
    where open.camera_id = given.camera_id and open.ended_at is null
    returning open.camera_id, open.ended_at`);
  await tx.execute(sql`
    insert into camera_status_intervals (camera_id, status, reason, began_at, picture_lost_at)
    select given.camera_id, given.status, given.reason, coalesce(ended.ended_at, given.at), given.picture_lost_at
    from ${given}
    join cameras camera on camera.id = given.camera_id and camera.removed_at is null
    left join jsonb_to_recordset(${JSON.stringify(ended)}::jsonb) as ended (camera_id uuid, ended_at timestamptz) on ended.camera_id = given.camera_id`);
  const first = await tx.execute<{ id: string }>(sql`
    update cameras camera set first_online_at = given.at
    from ${given}
    where camera.id = given.camera_id and given.status = 'online' and camera.first_online_at is null
    returning camera.id`);
  return first.map((row) => row.id);
}

/** Intervals that touch the span, oldest first. */
export async function loadHistory(db: Queryable, cameraId: string, from: Date, to: Date, limit: number) {
  return db
    .select({
      status: cameraStatusIntervals.status,
      reason: cameraStatusIntervals.reason,
      beganAt: cameraStatusIntervals.beganAt,
      endedAt: cameraStatusIntervals.endedAt,
    })
    .from(cameraStatusIntervals)
    .where(
      and(
        eq(cameraStatusIntervals.cameraId, cameraId),
        lt(cameraStatusIntervals.beganAt, to),
        or(isNull(cameraStatusIntervals.endedAt), gt(cameraStatusIntervals.endedAt, from)),
      ),
    )
    .orderBy(asc(cameraStatusIntervals.beganAt), asc(cameraStatusIntervals.id))
    .limit(limit);
}

/** Whether the camera ever existed; removed ones keep their history. */
export async function isCameraKnown(db: Queryable, cameraId: string): Promise<boolean> {
  const [row] = await db.execute<{ known: boolean }>(sql`select exists (select 1 from cameras where id = ${cameraId}::uuid) as known`);
  return row?.known === true;
}

/** Until when the states of each node's cameras are known. */
export async function loadObservedUntil(db: Queryable): Promise<ReadonlyMap<string, number>> {
  const rows = await db.select().from(nodeWatch);
  return new Map(rows.map((row) => [row.mediaNodeId, row.observedUntil.getTime()]));
}

export async function saveObservedUntil(db: Queryable, nodeIds: readonly string[], at: Date): Promise<void> {
  if (nodeIds.length === 0) return;
  await db
    .insert(nodeWatch)
    .values(nodeIds.map((mediaNodeId) => ({ mediaNodeId, observedUntil: at })))
    .onConflictDoUpdate({
      target: nodeWatch.mediaNodeId,
      set: { observedUntil: at },
      setWhere: gte(sql`excluded.observed_until`, nodeWatch.observedUntil),
    });
}
