/** Queries of the recordings' index. Times in raw statements are ISO text; see `server/database/connect.ts`. */
import { and, asc, eq, gt, inArray, lt, sql } from 'drizzle-orm';
import type { RecordedFile, RecordingInventory } from '../../media/contract/recordings.ts';
import type { Queryable } from '../database/connect.ts';
import { cameraStatusIntervals } from '../health/schema.ts';
import { firstRecordings, recordingFiles } from './schema.ts';
import type { PastStatus, RecordedSpan } from './timeline.ts';

/** Rows of one statement. */
const BATCH = 1_000;

/** Takes the node's word for one camera: what it does not name is gone. */
export async function replaceInventory(tx: Queryable, nodeId: string, inventory: RecordingInventory): Promise<void> {
  await tx.delete(recordingFiles).where(and(eq(recordingFiles.mediaNodeId, nodeId), eq(recordingFiles.cameraId, inventory.cameraId)));
  for (let start = 0; start < inventory.files.length; start += BATCH) {
    await saveFiles(tx, nodeId, inventory.files.slice(start, start + BATCH));
  }
}

/** Adds or updates files; doing so twice equals once. */
export async function saveFiles(tx: Queryable, nodeId: string, files: readonly RecordedFile[]): Promise<void> {
  if (files.length === 0) return;
  // One statement may touch a row once; of a path named twice the later word holds.
  const newest = [...new Map(files.map((file) => [file.path, file])).values()];
  const rows = newest.map((file) => ({
    mediaNodeId: nodeId,
    path: file.path,
    cameraId: file.cameraId,
    role: file.role,
    fromAt: new Date(file.fromMs),
    toAt: new Date(file.toMs),
    sizeBytes: file.sizeBytes,
    isOpen: file.isOpen,
  }));
  await tx
    .insert(recordingFiles)
    .values(rows)
    .onConflictDoUpdate({
      target: [recordingFiles.mediaNodeId, recordingFiles.path],
      set: {
        cameraId: sql`excluded.camera_id`,
        role: sql`excluded.role`,
        fromAt: sql`excluded.from_at`,
        toAt: sql`excluded.to_at`,
        sizeBytes: sql`excluded.size_bytes`,
        isOpen: sql`excluded.is_open`,
      },
    });
  const firsts = Map.groupBy(rows, (row) => row.cameraId);
  await tx
    .insert(firstRecordings)
    .values([...firsts].map(([cameraId, own]) => ({ cameraId, recordedAt: new Date(Math.min(...own.map((row) => row.fromAt.getTime()))) })))
    .onConflictDoUpdate({
      target: firstRecordings.cameraId,
      set: { recordedAt: sql`excluded.recorded_at` },
      // Files grow every few seconds; their camera's begin moves almost never, and then nothing is written.
      setWhere: sql`excluded.recorded_at < ${firstRecordings.recordedAt}`,
    });
}

export async function deleteFile(tx: Queryable, nodeId: string, path: string): Promise<void> {
  await tx.delete(recordingFiles).where(and(eq(recordingFiles.mediaNodeId, nodeId), eq(recordingFiles.path, path)));
}

/** Files of the camera's main stream that touch the span, oldest first. */
export async function loadFiles(db: Queryable, cameraId: string, from: Date, to: Date): Promise<readonly RecordedSpan[]> {
  const rows = await db
    .select({ fromAt: recordingFiles.fromAt, toAt: recordingFiles.toAt, sizeBytes: recordingFiles.sizeBytes, isOpen: recordingFiles.isOpen })
    .from(recordingFiles)
    .where(and(eq(recordingFiles.cameraId, cameraId), eq(recordingFiles.role, 'main'), lt(recordingFiles.fromAt, to), gt(recordingFiles.toAt, from)))
    .orderBy(asc(recordingFiles.fromAt));
  return rows.map((row) => ({ fromMs: row.fromAt.getTime(), toMs: row.toAt.getTime(), sizeBytes: row.sizeBytes, isOpen: row.isOpen }));
}

/** Statuses that touch the span, oldest first. */
export async function loadStatuses(db: Queryable, cameraId: string, from: Date, to: Date): Promise<readonly PastStatus[]> {
  const rows = await db
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
        sql`coalesce(${cameraStatusIntervals.endedAt}, 'infinity') > ${from.toISOString()}::timestamptz`,
      ),
    )
    .orderBy(asc(cameraStatusIntervals.beganAt));
  return rows.map((row) => ({ status: row.status, reason: row.reason, fromMs: row.beganAt.getTime(), toMs: row.endedAt?.getTime() ?? null }));
}

export interface RecordingRules {
  readonly isRecorded: boolean;
  readonly retentionDays: number;
  readonly firstRecordedAtMs: number | null;
  readonly oldestKeptAtMs: number | null;
}

/** How a camera is recorded; removed cameras included. Null for one that never was. */
export async function loadRecordingRules(db: Queryable, cameraId: string): Promise<RecordingRules | null> {
  const [row] = await db.execute<{ is_recorded: boolean; retention_days: number; recorded_at: string | null; oldest_at: string | null }>(sql`
    select camera.is_recorded, camera.retention_days, first.recorded_at,
           (select min(file.from_at) from recording_files file where file.camera_id = camera.id and file.role = 'main') as oldest_at
    from cameras camera left join first_recordings first on first.camera_id = camera.id
    where camera.id = ${cameraId}::uuid`);
  if (row === undefined) return null;
  return {
    isRecorded: row.is_recorded,
    retentionDays: row.retention_days,
    firstRecordedAtMs: row.recorded_at === null ? null : Date.parse(row.recorded_at),
    oldestKeptAtMs: row.oldest_at === null ? null : Date.parse(row.oldest_at),
  };
}

/** Which of these cameras exist or existed. */
export async function findKnownCameras(db: Queryable, cameraIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.execute<{ id: string }>(sql`select id from cameras where ${inArray(sql`id`, [...cameraIds])}`);
  return new Set(rows.map((row) => row.id));
}
