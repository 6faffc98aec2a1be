/** Several ingest workers: streams are spread over them by load. */
import type { Clock } from '../../clock/clock.ts';
import type { DesiredStream } from '../../contract/streams.ts';
import type { ConnectSlots } from '../../stream/connect-scheduler.ts';
import type { ManagedStream } from '../../stream/managed-stream.ts';
import type { StreamLog } from '../../stream/stream-log.ts';
import { MirroredStream } from './mirrored-stream.ts';
import { WorkerSeat } from './worker-seat.ts';
import type { StartIngestThread } from './worker-seat.ts';

export interface IngestCrewOptions {
  /** 1 or more. */
  readonly workers: number;
  readonly startThread: StartIngestThread;
  /** One for the whole node. */
  readonly connectScheduler: ConnectSlots;
  readonly lingerMs: number;
  readonly clock: Clock;
  readonly log: StreamLog;
}

export class IngestCrew {
  readonly #options: IngestCrewOptions;
  readonly #seats: readonly WorkerSeat[];
  #lastStreamId = 0;

  constructor(options: IngestCrewOptions) {
    this.#options = options;
    const { startThread, connectScheduler, clock, log } = options;
    this.#seats = Array.from({ length: options.workers }, (_, index) => new WorkerSeat({ index, startThread, connectScheduler, clock, log }));
  }

  get workers(): number {
    return this.#seats.length;
  }

  /** Workers that were replaced since the node began. */
  get restarts(): number {
    return this.#seats.reduce((sum, seat) => sum + seat.restarts, 0);
  }

  /** Slabs that hubs and sinks hold; for tests. */
  get slabsHeld(): number {
    return this.#seats.reduce((sum, seat) => sum + seat.slabsHeld, 0);
  }

  /** Bytes of the slabs of all workers, the free ones included. */
  get slabBytes(): number {
    return this.#seats.reduce((sum, seat) => sum + seat.slabBytes, 0);
  }

  /** Takes a stream into care, in the worker with the fewest. */
  createStream(desired: DesiredStream, onChange: () => void): ManagedStream {
    const { lingerMs, clock, log } = this.#options;
    const seat = this.#seats.reduce((least, other) => (other.streamCount < least.streamCount ? other : least));
    this.#lastStreamId += 1;
    const stream: MirroredStream = new MirroredStream({
      streamId: this.#lastStreamId,
      desired,
      lingerMs,
      onChange,
      send: (order) => seat.send(order),
      onStopping: () => seat.stop(stream),
      clock,
      log,
    });
    seat.open(stream);
    return stream;
  }

  /** Ends the threads. Streams are stopped before. */
  async close(): Promise<void> {
    await Promise.all(this.#seats.map((seat) => seat.close()));
  }
}
