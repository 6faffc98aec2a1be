/**
 * Camera health: turns what nodes report into the status history, tells screens and alarms, and answers for the present.
 *
 * A transition is decided in memory, written with its realtime event in one transaction, and told to listeners after the
 * commit. One writer at a time takes everything that gathered meanwhile, so that ten thousand cameras of a returning node are a
 * few statements. When the database is away, transitions wait and keep their moments.
 *
 * What nobody watched is not invented: every two seconds it is stored until when a node's cameras are known; after a
 * restart their states are `unknown` from that moment on. A node that worked meanwhile says since when the present state holds, and
 * the unknown time ends there.
 */
import type { Change } from '../audit/change.ts';
import { systemActor } from '../audit/change.ts';
import type { CameraState, StatusInterval } from '../contract/cameras.ts';
import type { Platform } from '../platform.ts';
import { composeCameraState } from './camera-state.ts';
import type { CameraMeasurements } from './camera-state.ts';
import { CameraWatch } from './camera-watch.ts';
import type { DecidedStatus } from './camera-watch.ts';
import { createDueTimes } from './due-times.ts';
import { joinIntervals } from './join-intervals.ts';
import {
  endHistory,
  insertFirstInterval,
  isCameraKnown,
  loadHistory,
  loadObservedUntil,
  loadOpenIntervals,
  loadWatchedCameras,
  saveObservedUntil,
  saveTransitions,
} from './store.ts';
import type { StatusTransition, WatchedCamera } from './store.ts';

/** A camera's status as stored, or that it was removed. */
export interface StatusNews {
  readonly cameraId: string;
  readonly isKeyPlace: boolean;
  readonly status: CameraState['status'] | 'removed';
  readonly reason: CameraState['reason'];
  readonly sinceMs: number;
  readonly pictureLostAtMs: number | null;
}

export interface HealthService {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Called after the commit of every transition, and when a property of a camera changed that alarms depend on. */
  onNews(listener: (news: readonly StatusNews[]) => void): () => void;
  /** In the change that makes a camera: its history begins. Call {@link watch} after the commit. */
  beginHistory(change: Change, camera: WatchedCamera): Promise<void>;
  /** In the change that removes a camera: its history ends. Call {@link unwatch} after the commit. */
  endHistory(change: Change, cameraId: string): Promise<void>;
  /** After a commit: a camera is new or has changed. */
  watch(camera: WatchedCamera): void;
  unwatch(cameraId: string): void;
  measurements(cameraId: string): CameraMeasurements;
  /** Intervals that touch the span, at most `limit`; null for a camera that never was. */
  history(cameraId: string, from: Date, to: Date, limit: number): Promise<readonly StatusInterval[] | null>;
  /** Settles when everything decided so far is stored. */
  settled(): Promise<void>;
}

/** A server that dies loses knowledge of at most this long. */
const WATCH_SAVE_MS = 2_000;
/**
 * A new moment of the next attempt is told a little later, together with others: while many cameras are away, attempts begin and
 * fail all the time, and one that fails at once is one news, not two.
 */
const RETRY_NEWS_MS = 500;
/** Rows of one statement. */
const BATCH = 1_000;
/** Wait before writing again after the database refused. */
const RETRY_MS = 1_000;

export type HealthPlatform = Pick<Platform, 'db' | 'changes' | 'clock' | 'log' | 'mediaNodes'>;

export function createHealthService(platform: HealthPlatform): HealthService {
  return new Health(platform);
}

class Health implements HealthService {
  readonly #platform: HealthPlatform;
  readonly #watch = new CameraWatch();
  readonly #reviews;
  readonly #listeners = new Set<(news: readonly StatusNews[]) => void>();
  readonly #subscriptions: (() => void)[] = [];
  #queue: StatusTransition[] = [];
  /** Cameras whose codec, size, sound, recording or next attempt changed while their status did not. */
  readonly #reshaped = new Set<string>();
  #writing: Promise<void> | null = null;
  #cancelSave: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  /** Cameras whose next attempt is due at another moment; told with the others after {@link RETRY_NEWS_MS}. */
  readonly #retried = new Set<string>();
  #cancelRetryNews: (() => void) | null = null;
  #isStopped = false;

  constructor(platform: HealthPlatform) {
    this.#platform = platform;
    this.#reviews = createDueTimes(platform.clock, (cameraIds) => this.#judge(cameraIds));
  }

  async start(): Promise<void> {
    const { db, mediaNodes, clock } = this.#platform;
    const cameras = await loadWatchedCameras(db);
    const open = new Map((await loadOpenIntervals(db)).map((interval) => [interval.cameraId, interval]));
    const observedUntil = await loadObservedUntil(db);
    const nowMs = clock.wallClockMs();
    for (const camera of cameras) {
      const interval = open.get(camera.id);
      const reason = camera.nodeId === null ? 'not-assigned' : 'node-lost';
      if (interval?.status === 'unknown' && interval.reason === reason) {
        this.#watch.set(camera, { status: 'unknown', reason, sinceMs: interval.beganAtMs, pictureLostAtMs: null });
        continue;
      }
      const knownUntilMs = camera.nodeId === null ? nowMs : (observedUntil.get(camera.nodeId) ?? nowMs);
      const sinceMs = Math.max(knownUntilMs, interval?.beganAtMs ?? 0);
      this.#watch.set(camera, { status: 'unknown', reason, sinceMs, pictureLostAtMs: null });
      this.#queue.push({ cameraId: camera.id, status: 'unknown', reason, atMs: sinceMs, pictureLostAtMs: null });
    }
    this.#flush();
    await this.settled();
    this.#subscriptions.push(
      mediaNodes.observations.subscribe((nodeId, state) => this.#judge(this.#watch.observe(nodeId, state, clock.wallClockMs()))),
      // A node that has just linked is judged by its first snapshot: without one it would be "connecting" for a blink.
      mediaNodes.onLinkChanged(({ nodeId }) => this.#judge(this.#watch.forgetNode(nodeId))),
    );
    for (const nodeId of await mediaNodes.listIds()) {
      const state = mediaNodes.observations.latest(nodeId);
      if (state !== null) this.#judge(this.#watch.observe(nodeId, state, clock.wallClockMs()));
    }
    this.#scheduleSave();
  }

  async stop(): Promise<void> {
    this.#cancelSave?.();
    for (const end of this.#subscriptions) end();
    this.#reviews.stop();
    this.#cancelRetryNews?.();
    this.#flush();
    this.#isStopped = true;
    await this.settled();
    this.#cancelRetry?.();
    await this.#saveObservedUntil();
  }

  onNews(listener: (news: readonly StatusNews[]) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async beginHistory(change: Change, camera: WatchedCamera): Promise<void> {
    await insertFirstInterval(change.tx, { cameraId: camera.id, ...this.#firstStatus(camera), atMs: change.at.getTime(), pictureLostAtMs: null });
  }

  endHistory(change: Change, cameraId: string): Promise<void> {
    return endHistory(change.tx, cameraId, change.at);
  }

  watch(camera: WatchedCamera): void {
    const wasWatched = this.#watch.has(camera.id);
    this.#watch.set(camera, { ...this.#firstStatus(camera), sinceMs: this.#platform.clock.wallClockMs(), pictureLostAtMs: null });
    this.#judge([camera.id]);
    const decided = this.#watch.decided(camera.id);
    if (wasWatched && decided !== null) this.#tell([newsOf(camera, decided)]);
  }

  unwatch(cameraId: string): void {
    const camera = this.#watch.camera(cameraId);
    this.#watch.delete(cameraId);
    this.#reviews.set(cameraId, null);
    if (camera === null) return;
    this.#tell([
      {
        cameraId,
        isKeyPlace: camera.isKeyPlace,
        status: 'removed',
        reason: null,
        sinceMs: this.#platform.clock.wallClockMs(),
        pictureLostAtMs: null,
      },
    ]);
  }

  measurements(cameraId: string): CameraMeasurements {
    return this.#watch.measurements(cameraId);
  }

  async history(cameraId: string, from: Date, to: Date, limit: number): Promise<readonly StatusInterval[] | null> {
    if (!(await isCameraKnown(this.#platform.db, cameraId))) return null;
    const rows = await loadHistory(this.#platform.db, cameraId, from, to, limit);
    return joinIntervals(
      rows.map((row) => ({ status: row.status, reason: row.reason, from: row.beganAt.toISOString(), to: row.endedAt?.toISOString() ?? null })),
    );
  }

  async settled(): Promise<void> {
    while (this.#writing !== null) await this.#writing;
  }

  #judge(cameraIds: readonly string[]): void {
    if (this.#isStopped) return;
    const nowMs = this.#platform.clock.wallClockMs();
    for (const cameraId of cameraIds) {
      const judgement = this.#watch.judge(cameraId, nowMs);
      if (judgement === null) continue;
      this.#reviews.set(cameraId, judgement.reviewAtMs);
      // Whatever is told of a camera holds its next attempt too.
      if (judgement.transition !== null || judgement.hasNewShape) this.#retried.delete(cameraId);
      if (judgement.transition !== null) this.#queue.push(judgement.transition);
      else if (judgement.hasNewShape) this.#reshaped.add(cameraId);
      else if (judgement.hasNewRetry) this.#tellRetrySoon(cameraId);
    }
    this.#flush();
  }

  #tellRetrySoon(cameraId: string): void {
    this.#retried.add(cameraId);
    this.#cancelRetryNews ??= this.#platform.clock.setTimer(RETRY_NEWS_MS, () => {
      this.#cancelRetryNews = null;
      for (const retried of this.#retried) this.#reshaped.add(retried);
      this.#retried.clear();
      this.#flush();
    });
  }

  /** What a new camera's history begins with. */
  #firstStatus(camera: WatchedCamera): Pick<DecidedStatus, 'status' | 'reason'> {
    if (camera.nodeId === null) return { status: 'unknown', reason: 'not-assigned' };
    return this.#watch.reportingNodes().includes(camera.nodeId) ? { status: 'connecting', reason: null } : { status: 'unknown', reason: 'node-lost' };
  }

  /** Starts the writer unless it runs. */
  #flush(): void {
    if (this.#writing !== null || this.#cancelRetry !== null || !this.#hasWork() || this.#isStopped) return;
    this.#writing = this.#writeQueue().finally(() => {
      this.#writing = null;
    });
  }

  #hasWork(): boolean {
    return this.#queue.length > 0 || this.#reshaped.size > 0;
  }

  async #writeQueue(): Promise<void> {
    while (this.#hasWork()) {
      const batch = takeBatch(this.#queue, BATCH);
      const reshaped = [...this.#reshaped];
      this.#reshaped.clear();
      try {
        await this.#write(batch, reshaped);
        const written = new Set(batch);
        this.#queue = this.#queue.filter((transition) => !written.has(transition));
      } catch (error) {
        for (const cameraId of reshaped) this.#reshaped.add(cameraId);
        this.#platform.log.error({ err: error, count: this.#queue.length }, 'health.write-failed');
        this.#cancelRetry = this.#platform.clock.setTimer(RETRY_MS, () => {
          this.#cancelRetry = null;
          this.#flush();
        });
        return;
      }
      this.#tell(batch.flatMap((transition) => this.#newsOfTransition(transition)));
    }
  }

  /**
   * All `camera.changed` events come from here, one after the other: told by two writers, an older status could arrive after a newer
   * one and stay on every screen.
   */
  async #write(batch: readonly StatusTransition[], reshaped: readonly string[]): Promise<void> {
    const moving = new Set(this.#queue.map((transition) => transition.cameraId));
    // Whose status moves as well is told with that, and then as it is by then.
    const shown = reshaped.filter((cameraId) => !moving.has(cameraId)).flatMap((cameraId) => this.#presentOf(cameraId));
    await this.#platform.changes.make(systemActor, async (change) => {
      const firstOnline = await saveTransitions(change.tx, batch);
      for (const { cameraId, status, reason, atMs } of batch) {
        const state = composeCameraState({ status, reason, sinceMs: atMs }, this.#watch.measurements(cameraId));
        change.announce({ name: 'camera.changed', cameraId, state });
      }
      for (const present of shown) change.announce({ name: 'camera.changed', ...present });
      // A camera that is online for the first time changes the coverage.
      if (firstOnline.length > 0) change.announce({ name: 'district.changed' });
    });
  }

  #presentOf(cameraId: string): readonly { readonly cameraId: string; readonly state: CameraState }[] {
    const decided = this.#watch.decided(cameraId);
    return decided === null ? [] : [{ cameraId, state: composeCameraState(decided, this.#watch.measurements(cameraId)) }];
  }

  #newsOfTransition(transition: StatusTransition): readonly StatusNews[] {
    const camera = this.#watch.camera(transition.cameraId);
    return camera === null ? [] : [newsOf(camera, { ...transition, sinceMs: transition.atMs })];
  }

  #tell(news: readonly StatusNews[]): void {
    if (news.length > 0) for (const listener of this.#listeners) listener(news);
  }

  #scheduleSave(): void {
    this.#cancelSave = this.#platform.clock.setTimer(WATCH_SAVE_MS, () => {
      this.#saveObservedUntil().catch((error: unknown) => this.#platform.log.error({ err: error }, 'health.watch-save-failed'));
      this.#scheduleSave();
    });
  }

  #saveObservedUntil(): Promise<void> {
    return saveObservedUntil(this.#platform.db, this.#watch.reportingNodes(), new Date(this.#platform.clock.wallClockMs()));
  }
}

function newsOf(camera: WatchedCamera, decided: DecidedStatus): StatusNews {
  const { status, reason, sinceMs, pictureLostAtMs } = decided;
  return { cameraId: camera.id, isKeyPlace: camera.isKeyPlace, status, reason, sinceMs, pictureLostAtMs };
}

/** The oldest transitions, at most one per camera: a statement moves a camera once. */
function takeBatch(queue: readonly StatusTransition[], limit: number): readonly StatusTransition[] {
  const batch = new Map<string, StatusTransition>();
  for (const transition of queue) {
    if (batch.size >= limit) break;
    if (!batch.has(transition.cameraId)) batch.set(transition.cameraId, transition);
  }
  return [...batch.values()];
}
