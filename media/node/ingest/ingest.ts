/** Where a node's streams are pulled: in the main thread, or in worker threads. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../clock/clock.ts';
import type { DesiredStream } from '../../contract/streams.ts';
import { ConnectScheduler } from '../../stream/connect-scheduler.ts';
import { createManagedStream } from '../../stream/managed-stream.ts';
import type { ManagedStream } from '../../stream/managed-stream.ts';
import { SlabPool } from '../../stream/slab-pool.ts';
import type { StreamLog } from '../../stream/stream-log.ts';
import { IngestCrew } from './ingest-crew.ts';
import type { WorkerMessage } from './ingest-message.ts';
import { PAUSE_PERIOD_MS } from './read-pause.ts';
import type { StartIngestThread } from './worker-seat.ts';

/** What `media/main.ts` needs of it. */
export interface Ingest {
  /** 0: the main thread. */
  readonly workers: number;
  /** Workers that died and were replaced. */
  readonly restarts: number;
  /** Bytes of all slabs, the free ones included. */
  readonly slabBytes: number;
  /** Takes a stream into care. `onChange`: phase or reason changed; never before this has returned. */
  createStream(desired: DesiredStream, onChange: () => void): ManagedStream;
  /** Ends the workers. Streams are stopped before. */
  close(): Promise<void>;
}

export interface IngestOptions {
  readonly workers: number;
  /** How long an on-demand stream stays open after its last viewer. */
  readonly lingerMs: number;
  /** Longest pause of a busy worker, 0 for none; see `read-pause.ts`. */
  readonly pausePeriodMs?: number;
  readonly clock: Clock;
  readonly log: StreamLog;
}

/**
 * `auto`: one core is left to what stays in the main thread, and one to the rest of the machine. On two cores a worker would take from the
 * main thread what it needs more for waking up (`ingest-workers.md`).
 */
export function countIngestWorkers(setting: 'auto' | number, cores: number = availableParallelism()): number {
  return setting === 'auto' ? Math.max(0, cores - 2) : setting;
}

/** Starts the workers, if any. */
export function createIngest(options: IngestOptions): Ingest {
  const { workers, lingerMs, clock, log } = options;
  const connectScheduler = new ConnectScheduler();
  if (workers > 0) {
    const startThread = threadStarter(new URL('ingest-thread.ts', import.meta.url), options.pausePeriodMs);
    return new IngestCrew({ workers, startThread, connectScheduler, lingerMs, clock, log });
  }
  const pool = new SlabPool();
  return {
    workers,
    restarts: 0,
    get slabBytes() {
      return pool.bytesInUse + pool.freeBytes;
    },
    createStream: (desired, onChange) => createManagedStream({ desired, connectScheduler, pool, lingerMs, onChange, clock, log }),
    close: () => Promise.resolve(),
  };
}

/** Starts threads of the program `entry`, which does what `ingest-thread.ts` does. */
export function threadStarter(entry: URL, pausePeriodMs = PAUSE_PERIOD_MS): StartIngestThread {
  return (index, listener) => {
    const worker = new Worker(entry, { name: `ingest-${index}`, workerData: { pausePeriodMs } });
    let fault: unknown = null;
    worker.on('message', (messages: readonly WorkerMessage[]) => listener.onMessages(messages));
    worker.on('messageerror', (error) => {
      fault ??= error;
    });
    worker.on('error', (error) => {
      fault ??= error;
    });
    worker.on('exit', (exitCode) => listener.onDied(fault ?? new Error(`the thread ended with ${exitCode}`)));
    return { send: (order) => worker.postMessage(order, []), terminate: () => worker.terminate() };
  };
}
