/**
 * The present of all cameras in memory: what was last measured, what was last decided, and who has to be looked at again. No
 * database, no timers: reports go in, transitions come out.
 */
import type { NoPictureReason, ObservedState, ObservedStream, StreamRole } from '../../media/contract/streams.ts';
import type { CameraStatus } from '../contract/cameras.ts';
import { describeShape, NO_MEASUREMENTS } from './camera-state.ts';
import type { CameraMeasurements } from './camera-state.ts';
import { decideCameraStatus } from './camera-status.ts';
import type { StatusTransition, WatchedCamera } from './store.ts';
import { nextStreamMemory } from './stream-memory.ts';
import type { StreamMemory } from './stream-memory.ts';

export interface DecidedStatus {
  readonly status: CameraStatus;
  readonly reason: NoPictureReason | null;
  readonly sinceMs: number;
  readonly pictureLostAtMs: number | null;
}

export interface Judgement {
  /** Null when status and reason stay. */
  readonly transition: StatusTransition | null;
  /** When time alone may change the verdict. */
  readonly reviewAtMs: number | null;
  /** Codec, size, sound or recording are others than at the last judgement. */
  readonly hasNewShape: boolean;
  /** The next attempt is due at another moment than at the last judgement. */
  readonly hasNewRetry: boolean;
}

interface WatchEntry {
  camera: WatchedCamera;
  decided: DecidedStatus;
  readonly memories: Map<StreamRole, StreamMemory>;
  readonly observed: Map<StreamRole, ObservedStream>;
  shape: string;
  /** When the next attempt is due by the clock of the node, as last judged. */
  retryAtMs: number | null;
}

/** A node adds up two of its clocks, so that the same moment comes out a little earlier or later each time. */
const RETRY_TOLERANCE_MS = 500;

export class CameraWatch {
  readonly #entries = new Map<string, WatchEntry>();
  /** Nodes that have reported on their present link, with how far their clock is ahead of ours. */
  readonly #reporting = new Map<string, { readonly nodeAheadMs: number }>();

  /** Begins to watch, or takes over changed properties; what was decided before stays then. */
  set(camera: WatchedCamera, decided: DecidedStatus): void {
    const entry = this.#entries.get(camera.id);
    if (entry === undefined) this.#entries.set(camera.id, { camera, decided, memories: new Map(), observed: new Map(), shape: '', retryAtMs: null });
    else entry.camera = camera;
  }

  delete(cameraId: string): void {
    this.#entries.delete(cameraId);
  }

  has(cameraId: string): boolean {
    return this.#entries.has(cameraId);
  }

  camera(cameraId: string): WatchedCamera | null {
    return this.#entries.get(cameraId)?.camera ?? null;
  }

  decided(cameraId: string): DecidedStatus | null {
    return this.#entries.get(cameraId)?.decided ?? null;
  }

  /** Ids of the nodes that report. */
  reportingNodes(): readonly string[] {
    return [...this.#reporting.keys()];
  }

  measurements(cameraId: string): CameraMeasurements {
    const entry = this.#entries.get(cameraId);
    const node = entry === undefined || entry.camera.nodeId === null ? undefined : this.#reporting.get(entry.camera.nodeId);
    return entry === undefined || node === undefined ? NO_MEASUREMENTS : { streams: [...entry.observed.values()], nodeAheadMs: node.nodeAheadMs };
  }

  /** Takes a snapshot in. @returns ids of the node's cameras, all to be judged: a stream that is not in it is gone. */
  observe(nodeId: string, state: ObservedState, nowMs: number): readonly string[] {
    const nodeAheadMs = state.atMs - nowMs;
    this.#reporting.set(nodeId, { nodeAheadMs });
    const streamsOf = Map.groupBy(state.streams, (stream) => stream.cameraId);
    const cameraIds: string[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.camera.nodeId !== nodeId) continue;
      cameraIds.push(entry.camera.id);
      entry.observed.clear();
      for (const stream of streamsOf.get(entry.camera.id) ?? []) {
        entry.observed.set(stream.role, stream);
        entry.memories.set(stream.role, nextStreamMemory(entry.memories.get(stream.role) ?? null, stream, nodeAheadMs, nowMs));
      }
      for (const role of entry.memories.keys()) if (!entry.observed.has(role)) entry.memories.delete(role);
    }
    return cameraIds;
  }

  /** Forgets what a node measured: its link is lost, or its process is another one. @returns ids of its cameras. */
  forgetNode(nodeId: string): readonly string[] {
    this.#reporting.delete(nodeId);
    const cameraIds: string[] = [];
    for (const entry of this.#entries.values()) {
      if (entry.camera.nodeId !== nodeId) continue;
      cameraIds.push(entry.camera.id);
      entry.observed.clear();
      entry.memories.clear();
    }
    return cameraIds;
  }

  /** Decides the camera's status now and remembers it. Null for a camera that is not watched. */
  judge(cameraId: string, nowMs: number): Judgement | null {
    const entry = this.#entries.get(cameraId);
    if (entry === undefined) return null;
    const { camera, decided } = entry;
    const verdict = decideCameraStatus(
      {
        link: camera.nodeId === null ? 'not-assigned' : this.#reporting.has(camera.nodeId) ? 'linked' : 'node-lost',
        mode: camera.mode,
        main: entry.memories.get('main')?.facts ?? null,
        sub: entry.memories.get('sub')?.facts ?? null,
        before: decided,
      },
      nowMs,
    );
    const shape = describeShape([...entry.observed.values()]);
    const hasNewShape = shape !== entry.shape;
    entry.shape = shape;
    const hasNewRetry = takeRetry(entry);
    if (verdict.status === decided.status && verdict.reason === decided.reason)
      return { transition: null, reviewAtMs: verdict.reviewAtMs, hasNewShape, hasNewRetry };
    // A new reason within one outage keeps the moment in which the picture was lost.
    const isSameOutage = verdict.status === 'offline' && decided.status === 'offline';
    const pictureLostAtMs = isSameOutage ? decided.pictureLostAtMs : verdict.pictureLostAtMs;
    const atMs = decided.status === 'unknown' ? this.#vouchedSince(entry, nowMs) : nowMs;
    entry.decided = { status: verdict.status, reason: verdict.reason, sinceMs: atMs, pictureLostAtMs };
    return {
      transition: { cameraId, status: verdict.status, reason: verdict.reason, atMs, pictureLostAtMs },
      reviewAtMs: verdict.reviewAtMs,
      hasNewShape,
      hasNewRetry,
    };
  }

  /**
   * When the state began that a node reports after we could not see it. A node that went on working while its link or the server
   * was away knows since when a stream runs or fails; one that was restarted has only just begun.
   */
  #vouchedSince(entry: WatchEntry, nowMs: number): number {
    const main = entry.observed.get('main');
    const node = entry.camera.nodeId === null ? undefined : this.#reporting.get(entry.camera.nodeId);
    if (main === undefined || node === undefined) return nowMs;
    const sinceMs = entry.memories.get('main')?.facts.pictureLostAtMs ?? main.sinceMs - node.nodeAheadMs;
    return Math.min(nowMs, Math.max(entry.decided.sinceMs, sinceMs));
  }
}

/** Remembers when the next attempt is due; false when that is still the same moment. */
function takeRetry(entry: WatchEntry): boolean {
  const before = entry.retryAtMs;
  const now = entry.observed.get('main')?.retryAtMs ?? null;
  const isSame = before === null || now === null ? before === now : Math.abs(now - before) <= RETRY_TOLERANCE_MS;
  if (!isSame) entry.retryAtMs = now;
  return !isSame;
}
