/** A stream that is pulled in a worker, as the main thread sees it: hub and viewers here, everything else by orders and reports. */
import type { Clock } from '../../clock/clock.ts';
import type { DesiredStream, ObservedStream, StreamRole } from '../../contract/streams.ts';
import { DEFAULT_HUB_LIMITS, FanOutHub } from '../../stream/fan-out-hub.ts';
import type { Frame, StreamTracks } from '../../stream/frame.ts';
import type { ManagedStream } from '../../stream/managed-stream.ts';
import type { StreamHub } from '../../stream/sink.ts';
import type { StreamLog } from '../../stream/stream-log.ts';
import type { StreamOrder, StreamReport, WorkerOrder } from './ingest-message.ts';

export interface MirroredStreamOptions {
  readonly streamId: number;
  readonly desired: DesiredStream;
  readonly lingerMs: number;
  /** Phase or reason changed. Never called before the creation has returned. */
  readonly onChange: () => void;
  /** Sends an order to the worker; one that is dead drops it: its successor gets {@link MirroredStream.beginOrder}. */
  readonly send: (order: WorkerOrder) => void;
  /** Called once, when the stream is to end. */
  readonly onStopping: () => void;
  readonly clock: Clock;
  readonly log: StreamLog;
}

/** A worker that does not answer within this is not waited for. Closing a camera's connection takes half a second at most. */
const STOP_TIMEOUT_MS = 1500;

/** A slot that is free is granted within one message there and back: until then, waiting for one is nothing to report. */
const SLOT_ROUND_TRIP_MS = 100;

export class MirroredStream implements ManagedStream {
  readonly streamId: number;
  readonly #options: MirroredStreamOptions;
  readonly #hub: FanOutHub;
  readonly #originMonotonicMs: number;
  #desired: DesiredStream;
  #observed: ObservedStream;
  #lastGeneration = 0;
  #viewers = 0;
  /** Orders for this stream since it was opened in the worker, and how many of them the newest report knows. */
  #ordered = 1;
  #answered = 0;
  #stopping: Promise<void> | null = null;
  #onStopped: () => void = () => undefined;
  #cancelSlotWait: () => void = () => undefined;

  constructor(options: MirroredStreamOptions) {
    const { clock, desired, log } = options;
    this.streamId = options.streamId;
    this.#options = options;
    this.#desired = desired;
    this.#originMonotonicMs = clock.monotonicMs();
    this.#observed = unseen(desired, clock.wallClockMs());
    this.#hub = new FanOutHub(DEFAULT_HUB_LIMITS, (error) => {
      log.error({ cameraId: desired.cameraId, role: desired.role, err: error }, 'stream.sink-failed');
    });
  }

  get cameraId(): string {
    return this.#desired.cameraId;
  }

  get role(): StreamRole {
    return this.#desired.role;
  }

  /** Somebody has asked for its end. */
  get isStopping(): boolean {
    return this.#stopping !== null;
  }

  get hub(): StreamHub {
    return this.#hub;
  }

  /** The order that opens this stream in a worker, with all that has become of it; answers count from here. */
  beginOrder(): StreamOrder {
    this.#ordered = 1;
    this.#answered = 0;
    return {
      streamId: this.streamId,
      desired: this.#desired,
      lingerMs: this.#options.lingerMs,
      viewers: this.#viewers,
      startsAfter: { originMonotonicMs: this.#originMonotonicMs, generation: this.#lastGeneration },
    };
  }

  observe(): ObservedStream {
    const observed = { ...this.#observed, viewers: this.#viewers };
    const isOld = this.#answered < this.#ordered && this.#stopping === null;
    const { phase } = observed;
    // Somebody has just come: what the worker said before is no reason to send him away, nor that nobody is wanted.
    const isMoving = isOld && (phase === 'waiting' || (phase === 'idle' && this.#viewers > 0));
    return isMoving ? { ...observed, phase: 'connecting', retryAtMs: null } : observed;
  }

  acquire(): () => void {
    let isHeld = true;
    this.#viewers += 1;
    this.#send({ kind: 'acquire', streamId: this.streamId });
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#viewers -= 1;
      this.#send({ kind: 'release', streamId: this.streamId });
    };
  }

  update(desired: DesiredStream): void {
    this.#desired = desired;
    this.#send({ kind: 'update', streamId: this.streamId, desired });
  }

  stop(): Promise<void> {
    this.#stopping ??= new Promise((resolve) => {
      const cancel = this.#options.clock.setTimer(STOP_TIMEOUT_MS, () => resolve());
      this.#onStopped = () => {
        cancel();
        resolve();
      };
      this.#cancelSlotWait();
      this.#hub.interrupt();
      this.#observed = { ...this.#observed, ...rest('idle', this.#options.clock.wallClockMs()) };
      this.#options.onStopping();
    });
    return this.#stopping;
  }

  /** Tracks of the frames that follow. */
  onTracks(tracks: StreamTracks): void {
    this.#lastGeneration = Math.max(this.#lastGeneration, tracks.generation);
    if (this.#stopping === null) this.#hub.feedTracks(tracks);
  }

  /** Borrows `frame`. */
  onFrame(frame: Frame): void {
    if (this.#stopping === null) this.#hub.feedFrame(frame);
  }

  onInterrupted(): void {
    this.#hub.interrupt();
  }

  onReport({ observed, answered }: StreamReport): void {
    this.#cancelSlotWait();
    if (this.#stopping !== null) return;
    this.#answered = answered;
    if (observed.reason !== 'waiting-for-budget' || this.#observed.reason === 'waiting-for-budget') {
      this.#apply(observed);
      return;
    }
    this.#cancelSlotWait = this.#options.clock.setTimer(SLOT_ROUND_TRIP_MS, () => this.#apply(observed));
    this.#apply({ ...observed, reason: null });
  }

  /** The worker has let go of it, or is no more. */
  onStopped(): void {
    this.#onStopped();
  }

  /** The worker died: no picture until another one opens the stream by {@link beginOrder}. */
  onWorkerLost(): void {
    this.#hub.interrupt();
    this.#cancelSlotWait();
    if (this.#stopping !== null) {
      this.#onStopped();
      return;
    }
    const isWanted = this.#desired.mode === 'always' || this.#viewers > 0;
    this.#observed = { ...this.#observed, ...rest(isWanted ? 'connecting' : 'idle', this.#options.clock.wallClockMs()) };
    this.#options.onChange();
  }

  #apply(observed: ObservedStream): void {
    const before = this.#observed;
    this.#observed = observed;
    if (before.phase !== observed.phase || before.reason !== observed.reason) this.#options.onChange();
  }

  #send(order: WorkerOrder): void {
    if (this.#stopping !== null) return;
    this.#ordered += 1;
    this.#options.send(order);
  }
}

/** What is said of a stream that nobody pulls yet, or no longer. */
function rest(phase: 'idle' | 'connecting', sinceMs: number) {
  return { phase, reason: null, sinceMs, retryAtMs: null, framesPerSecond: null, bitrateBps: null, keyFrameIntervalMs: null } as const;
}

function unseen({ cameraId, role, mode }: DesiredStream, sinceMs: number): ObservedStream {
  return {
    cameraId,
    role,
    codec: null,
    audioCodec: null,
    width: null,
    height: null,
    lastFrameAtMs: null,
    lostPackets: 0,
    clock: null,
    viewers: 0,
    slowViewers: 0,
    droppedFrames: 0,
    isRecording: false,
    ...rest(mode === 'always' ? 'connecting' : 'idle', sinceMs),
  };
}
