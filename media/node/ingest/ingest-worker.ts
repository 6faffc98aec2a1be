/** The worker's side: keeps the streams it was ordered to, and tells the main thread what they do. Knows no thread. */
import type { Clock } from '../../clock/clock.ts';
import type { ConnectRequest, ConnectSlots } from '../../stream/connect-scheduler.ts';
import type { Frame } from '../../stream/frame.ts';
import { createManagedStream } from '../../stream/managed-stream.ts';
import type { ManagedStream, ManagedStreamOptions } from '../../stream/managed-stream.ts';
import type { FrameSink } from '../../stream/sink.ts';
import { SlabPool } from '../../stream/slab-pool.ts';
import type { StreamLog } from '../../stream/stream-log.ts';
import { copyTracks } from './ingest-message.ts';
import type { LogLevel, StreamOrder, StreamReport, WorkerMessage, WorkerOrder } from './ingest-message.ts';
import { PAUSE_PERIOD_MS, ReadPause } from './read-pause.ts';
import type { PauseMeans } from './read-pause.ts';
import { SlabExports } from './slab-exports.ts';
import { WorkerOutbox } from './worker-outbox.ts';
import type { Post } from './worker-outbox.ts';

export interface IngestWorkerOptions {
  readonly post: Post<WorkerMessage>;
  readonly clock: Clock;
  readonly pause: PauseMeans;
  /** See {@link PAUSE_PERIOD_MS}; 0: none. */
  readonly pausePeriodMs?: number;
  /** For tests: what opens sources. */
  readonly createSource?: ManagedStreamOptions['createSource'];
}

/** Reports on every stream go out this often, whatever happens. */
const REPORT_INTERVAL_MS = 500;

interface KeptStream {
  readonly streamId: number;
  readonly managed: ManagedStream;
  readonly viewers: (() => void)[];
  answered: number;
}

export class IngestWorker {
  readonly #options: IngestWorkerOptions;
  readonly #outbox: WorkerOutbox;
  readonly #exports: SlabExports;
  readonly #pool: SlabPool;
  readonly #pause: ReadPause;
  readonly #streams = new Map<number, KeptStream>();
  /** Wishes for a slot that still count. */
  readonly #slots = new Map<number, ConnectRequest>();
  readonly #log: StreamLog;
  #lastSlotId = 0;
  #framesSinceReport = 0;
  #reportedAtMs: number;
  #cancelReports: () => void = () => undefined;

  constructor(options: IngestWorkerOptions) {
    this.#options = options;
    const { pause, post, clock } = options;
    this.#outbox = new WorkerOutbox(post, pause.atTurnsEnd);
    this.#exports = new SlabExports({
      onMade: (slabId, memory) => this.#outbox.add({ kind: 'slab', slabId, memory }),
      onDropped: (slabId) => this.#outbox.add({ kind: 'slab-dropped', slabId }),
    });
    this.#pool = new SlabPool(this.#exports);
    this.#pause = new ReadPause(pause, options.pausePeriodMs ?? PAUSE_PERIOD_MS, () => this.#outbox.flush());
    const write =
      (level: LogLevel) =>
      (fields: object, event: string): void =>
        this.#outbox.add({ kind: 'log', level, fields: toClonable(fields), event });
    this.#log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
    this.#reportedAtMs = clock.monotonicMs();
    this.#report();
  }

  /** Slabs of this worker that somebody holds, in whichever thread; for tests. */
  get slabsInUse(): number {
    return this.#pool.slabsInUse;
  }

  /** Slabs the main thread has frames of; for tests. */
  get slabsOut(): number {
    return this.#exports.heldCount;
  }

  /** Follows an order. */
  follow(order: WorkerOrder): void {
    switch (order.kind) {
      case 'open':
        this.#open(order.stream);
        return;
      case 'slot-granted':
        this.#slots.get(order.slotId)?.onGranted();
        return;
      case 'slabs-returned':
        this.#exports.takeBack(order.pairs);
        return;
      case 'close':
        this.#close(order.streamId);
        return;
      case 'acquire':
      case 'release':
      case 'update':
        this.#change(order);
    }
  }

  /** Ends all streams and timers. */
  async close(): Promise<void> {
    this.#cancelReports();
    this.#pause.observeLoad(0);
    await Promise.all([...this.#streams.values()].map(({ managed }) => managed.stop()));
    this.#streams.clear();
    this.#outbox.flush();
  }

  #open({ streamId, desired, lingerMs, viewers, startsAfter }: StreamOrder): void {
    const managed = createManagedStream({
      desired,
      connectScheduler: this.#slotsByMessage,
      clock: this.#options.clock,
      log: this.#log,
      lingerMs,
      pool: this.#pool,
      // The group is cached in the main thread, where its viewers are.
      hubLimits: { maxCachedBytes: 0, maxCachedFrames: 0 },
      startsAfter,
      onChange: () => {
        const kept = this.#streams.get(streamId);
        if (kept !== undefined) this.#outbox.add({ kind: 'reports', reports: [reportOn(kept)] });
      },
      ...(this.#options.createSource === undefined ? {} : { createSource: this.#options.createSource }),
    });
    const kept: KeptStream = { streamId, managed, viewers: [], answered: 1 };
    this.#streams.set(streamId, kept);
    managed.hub.addSink(this.#sinkOf(streamId), 'next-key-frame');
    for (let count = 0; count < viewers; count += 1) kept.viewers.push(managed.acquire());
    this.#outbox.add({ kind: 'reports', reports: [reportOn(kept)] });
  }

  #change(order: Extract<WorkerOrder, { kind: 'acquire' | 'release' | 'update' }>): void {
    const kept = this.#streams.get(order.streamId);
    if (kept === undefined) return;
    // Counted first: a change that the order brings about is its answer.
    kept.answered += 1;
    if (order.kind === 'acquire') kept.viewers.push(kept.managed.acquire());
    else if (order.kind === 'release') kept.viewers.pop()?.();
    else kept.managed.update(order.desired);
    this.#outbox.add({ kind: 'reports', reports: [reportOn(kept)] });
  }

  #close(streamId: number): void {
    const kept = this.#streams.get(streamId);
    if (kept === undefined) return;
    this.#streams.delete(streamId);
    // A stop never fails: it destroys sockets and waits for their end.
    void kept.managed.stop().then(() => this.#outbox.add({ kind: 'closed', streamId }));
  }

  readonly #slotsByMessage: ConnectSlots = {
    request: (request) => {
      this.#lastSlotId += 1;
      const slotId = this.#lastSlotId;
      this.#slots.set(slotId, request);
      this.#outbox.add({ kind: 'slot-wanted', slotId, deviceId: request.deviceId, failures: request.failures });
      return () => {
        if (this.#slots.delete(slotId)) this.#outbox.add({ kind: 'slot-released', slotId });
      };
    },
  };

  #sinkOf(streamId: number): FrameSink {
    return {
      onTracks: (tracks) => this.#outbox.add({ kind: 'tracks', streamId, tracks: copyTracks(tracks) }),
      onFrame: (frame: Frame) => {
        this.#framesSinceReport += 1;
        this.#outbox.addFrame(streamId, this.#exports.send(frame.slab), frame);
      },
      onInterrupted: () => this.#outbox.add({ kind: 'interrupted', streamId }),
    };
  }

  #report(): void {
    const { clock } = this.#options;
    this.#cancelReports = clock.setTimer(REPORT_INTERVAL_MS, () => {
      const nowMs = clock.monotonicMs();
      this.#pause.observeLoad((this.#framesSinceReport * 1000) / Math.max(1, nowMs - this.#reportedAtMs));
      this.#reportedAtMs = nowMs;
      this.#framesSinceReport = 0;
      this.#outbox.add({ kind: 'reports', reports: Array.from(this.#streams.values(), reportOn) });
      this.#report();
    });
  }
}

function reportOn({ streamId, answered, managed }: KeptStream): StreamReport {
  return { streamId, answered, observed: managed.observe() };
}

/** What a log line carries besides plain values is an error. */
function toClonable(fields: object): object {
  return 'err' in fields && !(fields.err instanceof Error) ? { ...fields, err: String(fields.err) } : fields;
}
