/** A crew whose workers run in the test's own thread: posts are cloned as between threads, and delivered when the test says so. */
import type { DesiredStream } from '../../../../media/contract/streams.ts';
import { IngestCrew } from '../../../../media/node/ingest/ingest-crew.ts';
import type { WorkerMessage, WorkerOrder } from '../../../../media/node/ingest/ingest-message.ts';
import { IngestWorker } from '../../../../media/node/ingest/ingest-worker.ts';
import type { IngestThreadListener } from '../../../../media/node/ingest/worker-seat.ts';
import { ConnectScheduler } from '../../../../media/stream/connect-scheduler.ts';
import type { ManagedStream } from '../../../../media/stream/managed-stream.ts';
import type { RtspSource, RtspSourceOptions, SourceActivity } from '../../../../media/stream/rtsp-source.ts';
import type { SourceListener } from '../../../../media/stream/source.ts';
import { FakeClock } from '../../../support/fake-clock.ts';
import { tracksOf } from '../../stream/stream-fixtures.ts';

/** A camera stream as the server orders it. */
export function desiredStream(cameraId: string, changes: Partial<DesiredStream> = {}): DesiredStream {
  return {
    cameraId,
    role: 'main',
    deviceId: null,
    url: `rtsp://${cameraId}/live`,
    credentials: { username: 'admin', password: 'geheim' },
    transport: 'tcp',
    mode: 'always',
    recording: null,
    ...changes,
  };
}

/** A connection to a camera within a worker; does what the test says. */
export class StagedSource implements RtspSource {
  readonly options: RtspSourceOptions;
  readonly listener: SourceListener;
  isStopped = false;
  #frames = 0;

  constructor(options: RtspSourceOptions, listener: SourceListener) {
    this.options = options;
    this.listener = listener;
  }

  observe(): SourceActivity {
    return {
      isPlaying: this.#frames > 0,
      videoPackets: this.#frames,
      audioPackets: 0,
      damagedKeyFrames: 0,
      droppedUnits: 0,
      areTimestampsBroken: false,
      cameraClock: null,
    };
  }

  stop(): Promise<void> {
    this.isStopped = true;
    return Promise.resolve();
  }

  /** Tracks of the next generation, then `frames`, of which the first is a key frame. */
  play(frames: number): this {
    const generation = this.options.lastGeneration + 1;
    const tracks = tracksOf(generation);
    // A view into a larger memory, as parameter sets from a packet are.
    const sps = [Buffer.from('..sps..').subarray(2, 5)];
    this.listener.onTracks({ ...tracks, video: tracks.video === null ? null : { ...tracks.video, sps } });
    return this.goOn(frames, generation, true);
  }

  /** More frames; each in a slab of its own, with the number of the frame as its bytes. */
  goOn(frames: number, generation: number, isKeyFrameFirst = false): this {
    const { clock, pool } = this.options;
    for (let index = 0; index < frames; index += 1) {
      this.#frames += 1;
      const slab = pool.take(8);
      slab.bytes.writeUInt32BE(this.#frames, 4);
      this.listener.onFrame({
        kind: 'video',
        slab,
        start: 4,
        end: 8,
        isKeyFrame: isKeyFrameFirst && index === 0,
        decodeTicks: this.#frames * 3600,
        compositionOffsetTicks: 90,
        arrivedMonotonicMs: clock.monotonicMs(),
        arrivedWallClockMs: clock.wallClockMs(),
        generation,
      });
      slab.release();
    }
    return this;
  }
}

/** One worker of the stage. */
export class StagedThread {
  readonly worker: IngestWorker;
  readonly sources: StagedSource[] = [];
  /** Everything the worker has ever said, after the clone. */
  readonly said: WorkerMessage[] = [];
  readonly #listener: IngestThreadListener;
  #toMain: (readonly WorkerMessage[])[] = [];
  #toWorker: WorkerOrder[] = [];
  #turnsEnd: (() => void)[] = [];
  isDead = false;

  constructor(clock: FakeClock, listener: IngestThreadListener) {
    this.#listener = listener;
    this.worker = new IngestWorker({
      post: (messages, transfer) => void this.#toMain.push(structuredClone(messages, { transfer })),
      clock,
      pausePeriodMs: 0,
      pause: { atTurnsEnd: (fn) => void this.#turnsEnd.push(fn), sleep: () => undefined, clock },
      createSource: (options, sourceListener) => {
        const source = new StagedSource(options, sourceListener);
        this.sources.push(source);
        return source;
      },
    });
  }

  get source(): StagedSource {
    const source = this.sources.at(-1);
    if (source === undefined) throw new Error('no source was opened');
    return source;
  }

  send(order: WorkerOrder): void {
    if (!this.isDead) this.#toWorker.push(structuredClone(order));
  }

  terminate(): Promise<void> {
    this.die(new Error('terminated'));
    return Promise.resolve();
  }

  /** The thread is gone, and what it had not posted with it. */
  die(error: Error): void {
    if (this.isDead) return;
    this.isDead = true;
    this.#listener.onDied(error);
  }

  /** Ends the worker's turn: what it has to say is on its way. */
  endTurn(): void {
    const due = this.#turnsEnd;
    this.#turnsEnd = [];
    for (const fn of due) fn();
  }

  /** Delivers what is on its way to the worker. */
  deliverToWorker(): number {
    const orders = this.#toWorker;
    this.#toWorker = [];
    if (!this.isDead) for (const order of orders) this.worker.follow(order);
    return orders.length;
  }

  /** Delivers what is on its way to the main thread; returns the number of posts. */
  deliverToMain(): number {
    const posts = this.#toMain;
    this.#toMain = [];
    if (this.isDead) return 0;
    for (const messages of posts) {
      this.said.push(...messages);
      this.#listener.onMessages(messages);
    }
    return posts.length;
  }
}

export class IngestStage {
  readonly clock = new FakeClock();
  readonly threads: StagedThread[] = [];
  readonly logged: string[] = [];
  readonly scheduler: ConnectScheduler;
  readonly crew: IngestCrew;
  readonly changes: string[] = [];

  constructor(workers: number, budget = { perDevice: 2, perNode: 64 }) {
    this.scheduler = new ConnectScheduler(budget);
    const write = (fields: object, event: string): void => {
      const text = JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? value.message : value));
      this.logged.push(`${event} ${text}`);
    };
    this.crew = new IngestCrew({
      workers,
      startThread: (_index, listener) => {
        const thread = new StagedThread(this.clock, listener);
        this.threads.push(thread);
        return thread;
      },
      connectScheduler: this.scheduler,
      lingerMs: 15_000,
      clock: this.clock,
      log: { debug: write, info: write, warn: write, error: write },
    });
  }

  /** The newest thread. */
  get thread(): StagedThread {
    const thread = this.threads.at(-1);
    if (thread === undefined) throw new Error('no thread was started');
    return thread;
  }

  create(cameraId: string, changes: Partial<DesiredStream> = {}): ManagedStream {
    const stream: ManagedStream = this.crew.createStream(desiredStream(cameraId, changes), () => {
      const { phase, reason } = stream.observe();
      this.changes.push(`${cameraId} ${phase} ${reason}`);
    });
    return stream;
  }

  /** Lets all threads talk until nobody has anything to say. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < 2;) {
      let moved = 0;
      for (const thread of this.threads) {
        moved += thread.deliverToWorker();
        // A stop is answered by a promise.
        await new Promise((resolve) => setImmediate(resolve));
        thread.endTurn();
        moved += thread.deliverToMain();
      }
      quiet = moved === 0 ? quiet + 1 : 0;
    }
  }

  /** Lets `ms` pass, with everybody talking every 100 ms. */
  async pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 100) {
      this.clock.advance(Math.min(100, ms - passed));
      await this.settle();
    }
  }
}
