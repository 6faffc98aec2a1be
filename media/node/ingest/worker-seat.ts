/** One worker's place in the crew: the thread that sits there now, its streams, its slabs and slots, and what happens when it dies. */
import type { Clock } from '../../clock/clock.ts';
import type { ConnectSlots } from '../../stream/connect-scheduler.ts';
import type { StreamLog } from '../../stream/stream-log.ts';
import { FRAME_FIELDS, readFrame, slabOfFrame, streamOfFrame } from './frame-batch.ts';
import { copyTracks } from './ingest-message.ts';
import type { WorkerMessage, WorkerOrder } from './ingest-message.ts';
import type { MirroredStream } from './mirrored-stream.ts';
import { SlabMirrors } from './slab-mirrors.ts';

/** A running worker. */
export interface IngestThread {
  send(order: WorkerOrder): void;
  /** Ends it by force; resolves when it is gone. `onDied` is called all the same. */
  terminate(): Promise<unknown>;
}

/** Receives what a thread says, in its order, and its end: once, last. */
export interface IngestThreadListener {
  onMessages(messages: readonly WorkerMessage[]): void;
  onDied(error: unknown): void;
}

/** Starts a worker. The listener is never called before this returns. */
export type StartIngestThread = (index: number, listener: IngestThreadListener) => IngestThread;

export interface WorkerSeatOptions {
  readonly index: number;
  readonly startThread: StartIngestThread;
  readonly connectScheduler: ConnectSlots;
  readonly clock: Clock;
  readonly log: StreamLog;
}

/** A worker that lived longer is replaced at once; else the wait doubles from the first to the longest. */
const YOUNG_MS = 60_000;
const FIRST_RESTART_MS = 1000;
const LONGEST_RESTART_MS = 30_000;
/** Workers report twice a second. One that is silent for so many looks hangs, for even a starved one gets a turn within them. */
const LOOK_INTERVAL_MS = 1000;
const MAX_SILENT_LOOKS = 20;

export class WorkerSeat {
  readonly #options: WorkerSeatOptions;
  readonly #streams = new Map<number, MirroredStream>();
  /** Releases of the slots this thread asked for. */
  readonly #slots = new Map<number, () => void>();
  #thread: IngestThread | null = null;
  #slabs: SlabMirrors;
  #startedAtMs = 0;
  #youngDeaths = 0;
  #silentLooks = 0;
  #isClosed = false;
  #cancelRestart: () => void = () => undefined;
  #cancelLook: () => void = () => undefined;
  /** Threads started after the first. */
  restarts = 0;

  constructor(options: WorkerSeatOptions) {
    this.#options = options;
    this.#slabs = this.#start();
    this.#look();
  }

  get streamCount(): number {
    return this.#streams.size;
  }

  /** Slabs of the worker that somebody in this thread holds; for tests. */
  get slabsHeld(): number {
    return this.#slabs.heldCount;
  }

  /** Bytes of all slabs of the worker. */
  get slabBytes(): number {
    return this.#slabs.sizeBytes;
  }

  /** Opens the stream in the worker. */
  open(stream: MirroredStream): void {
    this.#streams.set(stream.streamId, stream);
    this.#thread?.send({ kind: 'open', stream: stream.beginOrder() });
  }

  send(order: WorkerOrder): void {
    this.#thread?.send(order);
  }

  /** Has the worker end the stream; it is told when that is done. */
  stop(stream: MirroredStream): void {
    if (this.#thread === null) {
      this.#streams.delete(stream.streamId);
      stream.onStopped();
    } else {
      this.#thread.send({ kind: 'close', streamId: stream.streamId });
    }
  }

  /** Ends the thread; streams are stopped before. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelRestart();
    this.#cancelLook();
    await this.#thread?.terminate();
    this.#slabs.close();
  }

  #start(): SlabMirrors {
    const { clock, index, startThread } = this.#options;
    this.#startedAtMs = clock.monotonicMs();
    this.#silentLooks = 0;
    const slabs = new SlabMirrors(clock, (pairs) => thread.send({ kind: 'slabs-returned', pairs }));
    const thread = startThread(index, {
      onMessages: (messages) => {
        if (thread === this.#thread) this.#onMessages(messages);
      },
      onDied: (error) => {
        if (thread === this.#thread) this.#onDied(error);
      },
    });
    this.#thread = thread;
    return slabs;
  }

  #onMessages(messages: readonly WorkerMessage[]): void {
    this.#silentLooks = 0;
    for (const message of messages) this.#onMessage(message);
  }

  #onMessage(message: WorkerMessage): void {
    switch (message.kind) {
      case 'frames':
        this.#onFrames(message.fields);
        return;
      case 'slab':
        this.#slabs.announce(message.slabId, message.memory);
        return;
      case 'slab-dropped':
        this.#slabs.forget(message.slabId);
        return;
      case 'tracks':
        this.#streams.get(message.streamId)?.onTracks(copyTracks(message.tracks));
        return;
      case 'interrupted':
        this.#streams.get(message.streamId)?.onInterrupted();
        return;
      case 'reports':
        for (const report of message.reports) this.#streams.get(report.streamId)?.onReport(report);
        return;
      case 'closed':
        this.#streams.get(message.streamId)?.onStopped();
        this.#streams.delete(message.streamId);
        return;
      case 'slot-wanted':
        this.#wantSlot(message.slotId, message.deviceId, message.failures);
        return;
      case 'slot-released':
        this.#slots.get(message.slotId)?.();
        this.#slots.delete(message.slotId);
        return;
      case 'log':
        this.#options.log[message.level](message.fields, message.event);
    }
  }

  #onFrames(fields: Float64Array): void {
    for (let at = 0; at < fields.length; at += FRAME_FIELDS) {
      const slab = this.#slabs.receive(slabOfFrame(fields, at));
      this.#streams.get(streamOfFrame(fields, at))?.onFrame(readFrame(fields, at, slab));
      slab.release();
    }
  }

  #wantSlot(slotId: number, deviceId: string | null, failures: number): void {
    const thread = this.#thread;
    const release = this.#options.connectScheduler.request({
      deviceId,
      failures,
      onGranted: () => thread?.send({ kind: 'slot-granted', slotId }),
    });
    this.#slots.set(slotId, release);
  }

  #onDied(error: unknown): void {
    const { clock, log, index } = this.#options;
    this.#thread = null;
    this.#slabs.close();
    for (const release of this.#slots.values()) release();
    this.#slots.clear();
    if (this.#isClosed) return;
    this.#youngDeaths = clock.monotonicMs() - this.#startedAtMs < YOUNG_MS ? this.#youngDeaths + 1 : 0;
    const delayMs = this.#youngDeaths === 0 ? 0 : Math.min(LONGEST_RESTART_MS, FIRST_RESTART_MS * 2 ** (this.#youngDeaths - 1));
    log.error({ worker: index, streams: this.#streams.size, restartInMs: delayMs, err: error }, 'ingest.worker-died');
    for (const stream of this.#streams.values()) stream.onWorkerLost();
    this.#cancelRestart = clock.setTimer(delayMs, () => this.#restart());
  }

  #restart(): void {
    this.restarts += 1;
    this.#slabs = this.#start();
    for (const stream of this.#streams.values()) {
      if (stream.isStopping) this.#streams.delete(stream.streamId);
      else this.open(stream);
    }
  }

  #look(): void {
    this.#cancelLook = this.#options.clock.setTimer(LOOK_INTERVAL_MS, () => {
      this.#look();
      if (this.#thread === null) return;
      this.#silentLooks += 1;
      if (this.#silentLooks !== MAX_SILENT_LOOKS) return;
      this.#options.log.error({ worker: this.#options.index, silentMs: MAX_SILENT_LOOKS * LOOK_INTERVAL_MS }, 'ingest.worker-hangs');
      void this.#thread.terminate();
    });
  }
}
