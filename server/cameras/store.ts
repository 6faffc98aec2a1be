/** Queries of cameras and their streams. */
import { and, asc, eq, gt, inArray, isNull, like, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { StreamRole, StreamTransport } from '../../media/contract/streams.ts';
import { selectAreaWithDescendants } from '../areas/store.ts';
import { compounds } from '../compounds/schema.ts';
import { formatSearchPattern, formatSearchText } from '../compounds/search-text.ts';
import type { Camera, CameraStatus } from '../contract/cameras.ts';
import type { Queryable } from '../database/connect.ts';
import { cameraStatusIntervals } from '../health/schema.ts';
import type { AssignedStream, NodeLoad } from './desired-state.ts';
import { cameras, cameraStreams } from './schema.ts';

export interface CameraFilter {
  readonly compoundId: string | null;
  /** With everything below it. */
  readonly areaId: string | null;
  readonly status: CameraStatus | null;
  /** Part of the name of the camera or its compound, in characters, pinyin or initials. */
  readonly query: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** A camera with its stored status; measurements are added by the service. */
export type StoredCamera = Omit<Camera, 'state'> & {
  readonly status: { readonly status: CameraStatus; readonly reason: Camera['state']['reason']; readonly sinceMs: number };
};

/** The columns a person sets. */
export type CameraColumns = Pick<
  Camera,
  | 'name'
  | 'deviceId'
  | 'channel'
  | 'compoundId'
  | 'buildingId'
  | 'longitude'
  | 'latitude'
  | 'bearingDeg'
  | 'mode'
  | 'isRecorded'
  | 'retentionDays'
  | 'isKeyPlace'
>;

export interface StoredStream {
  readonly role: StreamRole;
  readonly url: string;
  readonly transport: StreamTransport;
  readonly sealedCredentials: string | null;
}

export async function loadCameras(db: Queryable, filter: CameraFilter): Promise<readonly StoredCamera[]> {
  const pattern = filter.query === null ? null : formatSearchPattern(filter.query);
  const rows = await db
    .select(cameraSelection)
    .from(cameras)
    .leftJoin(open, and(eq(open.cameraId, cameras.id), isNull(open.endedAt)))
    .leftJoin(compounds, eq(compounds.id, cameras.compoundId))
    .where(
      and(
        isNull(cameras.removedAt),
        filter.compoundId === null ? undefined : eq(cameras.compoundId, filter.compoundId),
        filter.areaId === null ? undefined : sql`${compounds.areaId} in ${selectAreaWithDescendants(filter.areaId)}`,
        filter.status === null ? undefined : eq(open.status, filter.status),
        pattern === null ? undefined : or(like(cameras.searchText, pattern), like(compounds.searchText, pattern)),
        filter.after === null ? undefined : gt(cameras.id, filter.after),
      ),
    )
    .orderBy(asc(cameras.id))
    .limit(filter.limit);
  return withStreams(db, rows);
}

export async function loadCamera(db: Queryable, id: string): Promise<StoredCamera | null> {
  const rows = await db
    .select(cameraSelection)
    .from(cameras)
    .leftJoin(open, and(eq(open.cameraId, cameras.id), isNull(open.endedAt)))
    .where(and(eq(cameras.id, id), isNull(cameras.removedAt)));
  const [camera] = await withStreams(db, rows);
  return camera ?? null;
}

/** Where the recordings of a camera are, removed or not: its node's id, null when it never had one. Undefined for a camera that never was. */
export async function findRecordingNode(db: Queryable, cameraId: string): Promise<string | null | undefined> {
  const [row] = await db.select({ nodeId: cameras.mediaNodeId }).from(cameras).where(eq(cameras.id, cameraId));
  return row?.nodeId;
}

/** Lets nobody else change the camera until the transaction ends. @returns whether it exists. */
export async function lockCamera(tx: Queryable, id: string): Promise<boolean> {
  const rows = await tx
    .select({ id: cameras.id })
    .from(cameras)
    .where(and(eq(cameras.id, id), isNull(cameras.removedAt)))
    .for('update');
  return rows.length === 1;
}

export async function insertCamera(
  tx: Queryable,
  camera: CameraColumns & { readonly id: string; readonly mediaNodeId: string | null },
  at: Date,
): Promise<void> {
  await tx.insert(cameras).values({ ...camera, searchText: formatSearchText(camera.name), createdAt: at });
}

export async function updateCamera(tx: Queryable, id: string, columns: CameraColumns): Promise<void> {
  await tx
    .update(cameras)
    .set({ ...columns, searchText: formatSearchText(columns.name) })
    .where(eq(cameras.id, id));
}

export async function saveAcceptance(tx: Queryable, id: string, acceptance: Pick<Camera, 'acceptedOn' | 'acceptedBy'>): Promise<void> {
  await tx.update(cameras).set(acceptance).where(eq(cameras.id, id));
}

export async function markCameraRemoved(tx: Queryable, id: string, at: Date): Promise<void> {
  await tx.update(cameras).set({ removedAt: at }).where(eq(cameras.id, id));
}

export async function loadStreams(tx: Queryable, cameraId: string): Promise<readonly StoredStream[]> {
  return tx
    .select({
      role: cameraStreams.role,
      url: cameraStreams.url,
      transport: cameraStreams.transport,
      sealedCredentials: cameraStreams.sealedCredentials,
    })
    .from(cameraStreams)
    .where(eq(cameraStreams.cameraId, cameraId));
}

/** Makes these the streams of the camera, all of them. */
export async function saveStreams(tx: Queryable, cameraId: string, streams: readonly StoredStream[]): Promise<void> {
  await tx.delete(cameraStreams).where(eq(cameraStreams.cameraId, cameraId));
  await tx.insert(cameraStreams).values(streams.map((stream) => ({ ...stream, cameraId })));
}

/** Every stream that a node shall serve, in a stable order. */
export async function loadAssignedStreams(db: Queryable, nodeId: string): Promise<readonly AssignedStream[]> {
  return db
    .select({
      cameraId: cameras.id,
      deviceId: cameras.deviceId,
      role: cameraStreams.role,
      url: cameraStreams.url,
      transport: cameraStreams.transport,
      sealedCredentials: cameraStreams.sealedCredentials,
      mode: cameras.mode,
      isRecorded: cameras.isRecorded,
      retentionDays: cameras.retentionDays,
    })
    .from(cameras)
    .innerJoin(cameraStreams, eq(cameraStreams.cameraId, cameras.id))
    .where(and(eq(cameras.mediaNodeId, nodeId), isNull(cameras.removedAt)))
    .orderBy(asc(cameras.id), asc(cameraStreams.role));
}

/** How many cameras each registered node serves. */
export async function loadNodeLoads(db: Queryable): Promise<readonly Omit<NodeLoad, 'isLinked'>[]> {
  return db.execute<Omit<NodeLoad, 'isLinked'> & Record<string, unknown>>(sql`
    select node.id, count(camera.id)::int as "cameraCount"
    from media_nodes node left join cameras camera on camera.media_node_id = node.id and camera.removed_at is null
    group by node.id`);
}

/** Gives the cameras that no node serves to this one. @returns their ids. */
export async function assignOrphans(tx: Queryable, nodeId: string): Promise<readonly string[]> {
  const rows = await tx
    .update(cameras)
    .set({ mediaNodeId: nodeId })
    .where(and(isNull(cameras.mediaNodeId), isNull(cameras.removedAt)))
    .returning({ id: cameras.id });
  return rows.map((row) => row.id);
}

export async function countOrphans(db: Queryable): Promise<number> {
  return db.$count(cameras, and(isNull(cameras.mediaNodeId), isNull(cameras.removedAt)));
}

/** Compound of a building that exists, or null. */
export async function findCompoundOfBuilding(tx: Queryable, buildingId: string): Promise<string | null> {
  const [row] = await tx.execute<{ compound_id: string }>(
    sql`select compound_id from buildings where id = ${buildingId}::uuid and removed_at is null`,
  );
  return row?.compound_id ?? null;
}

export async function isCompoundKnown(tx: Queryable, compoundId: string): Promise<boolean> {
  const [row] = await tx.execute<{ known: boolean }>(
    sql`select exists (select 1 from compounds where id = ${compoundId}::uuid and removed_at is null) as known`,
  );
  return row?.known === true;
}

const open = alias(cameraStatusIntervals, 'open_interval');

const cameraSelection = {
  id: cameras.id,
  name: cameras.name,
  deviceId: cameras.deviceId,
  channel: cameras.channel,
  compoundId: cameras.compoundId,
  buildingId: cameras.buildingId,
  longitude: cameras.longitude,
  latitude: cameras.latitude,
  bearingDeg: cameras.bearingDeg,
  mode: cameras.mode,
  isRecorded: cameras.isRecorded,
  retentionDays: cameras.retentionDays,
  isKeyPlace: cameras.isKeyPlace,
  acceptedOn: cameras.acceptedOn,
  acceptedBy: cameras.acceptedBy,
  firstOnlineAt: cameras.firstOnlineAt,
  mediaNodeId: cameras.mediaNodeId,
  createdAt: cameras.createdAt,
  status: open.status,
  reason: open.reason,
  since: open.beganAt,
};

type CameraRow = Omit<StoredCamera, 'streams' | 'status' | 'firstOnlineAt' | 'createdAt'> & {
  readonly firstOnlineAt: Date | null;
  readonly createdAt: Date;
  readonly status: CameraStatus | null;
  readonly reason: Camera['state']['reason'];
  readonly since: Date | null;
};

async function withStreams(db: Queryable, rows: readonly CameraRow[]): Promise<readonly StoredCamera[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const streams = await db.select().from(cameraStreams).where(inArray(cameraStreams.cameraId, ids)).orderBy(asc(cameraStreams.role));
  const streamsOf = Map.groupBy(streams, (stream) => stream.cameraId);
  return rows.map(({ status, reason, since, ...row }) => ({
    ...row,
    firstOnlineAt: row.firstOnlineAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    streams: (streamsOf.get(row.id) ?? []).map(({ role, url, transport, sealedCredentials }) => ({
      role,
      url,
      transport,
      hasCredentials: sealedCredentials !== null,
    })),
    // Every camera has an open interval from its first transaction on; a database repaired by hand may lack it.
    status: { status: status ?? 'unknown', reason, sinceMs: (since ?? row.createdAt).getTime() },
  }));
}
