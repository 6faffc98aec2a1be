/**
 * What is known of the recordings volume, without ever waiting for it: a network volume that hangs would otherwise hold up the
 * snapshot, and the server would take the whole node for lost although its cameras stream on.
 */
import type { Clock } from '../clock/clock.ts';
import type { ObservedStorage } from '../contract/streams.ts';

/** The figures are good for so long; asking oftener tells nothing new. */
const freshMs = 1_000;
/** A local disk answers in microseconds, a busy network volume within a second or two. Longer, and recordings are in danger. */
const staleMs = 10_000;

export interface StorageWatchOptions {
  /** Measures the volume; may take for ever. */
  readonly measure: () => Promise<ObservedStorage>;
  /** The quota as configured, told until the first answer. */
  readonly quotaBytes: number;
  readonly clock: Clock;
}

/** Measures at most once at a time, and remembers. */
export class StorageWatch {
  readonly #options: StorageWatchOptions;
  #known: ObservedStorage;
  /** Monotonic; null before the first answer. */
  #measuredAtMs: number | null = null;
  /** When the measurement that is under way was begun; null: none is. */
  #askedAtMs: number | null = null;

  constructor(options: StorageWatchOptions) {
    this.#options = options;
    this.#known = { usedBytes: 0, quotaBytes: options.quotaBytes, freeBytes: 0, fault: null };
  }

  /** The last figures known, at once; asks anew when they are old. Their fault tells their age when the volume does not answer. */
  current(): ObservedStorage {
    const nowMs = this.#options.clock.monotonicMs();
    if (this.#askedAtMs === null && (this.#measuredAtMs === null || nowMs - this.#measuredAtMs >= freshMs)) this.#ask(nowMs);
    const waitedMs = this.#askedAtMs === null ? 0 : nowMs - this.#askedAtMs;
    if (waitedMs < staleMs) return this.#known;
    const age = this.#measuredAtMs === null ? 'nothing is known of it' : `its figures are ${inSeconds(nowMs - this.#measuredAtMs)} old`;
    return { ...this.#known, fault: `the recordings volume has not answered for ${inSeconds(waitedMs)}; ${age}` };
  }

  #ask(nowMs: number): void {
    this.#askedAtMs = nowMs;
    this.#options.measure().then(
      (storage) => this.#answered(storage),
      (error: unknown) => this.#answered({ ...this.#known, fault: error instanceof Error ? error.message : String(error) }),
    );
  }

  #answered(storage: ObservedStorage): void {
    this.#known = storage;
    this.#measuredAtMs = this.#options.clock.monotonicMs();
    this.#askedAtMs = null;
  }
}

function inSeconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
