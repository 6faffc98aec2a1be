/**
 * Who watches a stream over HLS: viewers have no session, only requests that keep coming. Each person counts as one viewer, however often
 * the ticket is renewed, and holds the stream until nothing was asked, and no request was open, for a while.
 */
import type { Clock } from '../clock/clock.ts';

/**
 * A playing viewer asks at least once per target duration (a few seconds). Shorter, and a stalled viewer would lose its
 * on-demand stream; longer, and closed tabs would keep pulling.
 */
const quietMs = 12_000;

/** People told apart per stream. More are served all the same, and hold the stream no longer than the others do. */
const maxViewers = 1_000;

/** Viewers of one stream. */
export class HlsAudience {
  readonly #clock: Clock;
  readonly #acquire: () => () => void;
  readonly #onEmpty: () => void;
  readonly #viewers = new Map<string, { lastSeenMs: number; openRequests: number; readonly release: () => void }>();
  #cancelSweep: (() => void) | null = null;

  /** `acquire` holds the stream for one viewer; `onEmpty` is called when the last one has gone. */
  constructor(clock: Clock, acquire: () => () => void, onEmpty: () => void) {
    this.#clock = clock;
    this.#acquire = acquire;
    this.#onEmpty = onEmpty;
  }

  get size(): number {
    return this.#viewers.size;
  }

  /** A request of this person. */
  touch(personId: string): void {
    const nowMs = this.#clock.monotonicMs();
    const viewer = this.#viewers.get(personId);
    if (viewer !== undefined) viewer.lastSeenMs = nowMs;
    else if (this.#viewers.size < maxViewers) this.#viewers.set(personId, { lastSeenMs: nowMs, openRequests: 0, release: this.#acquire() });
    this.#cancelSweep ??= this.#clock.setTimer(quietMs, () => this.#sweep());
  }

  /** The same for a request that may wait longer than viewers may be quiet; returns its end, to be called once. */
  hold(personId: string): () => void {
    this.touch(personId);
    const viewer = this.#viewers.get(personId);
    if (viewer === undefined) return () => {};
    viewer.openRequests++;
    return () => {
      viewer.openRequests--;
      viewer.lastSeenMs = this.#clock.monotonicMs();
    };
  }

  /** Lets go of all viewers, without calling `onEmpty`. */
  close(): void {
    this.#cancelSweep?.();
    this.#cancelSweep = null;
    for (const viewer of this.#viewers.values()) viewer.release();
    this.#viewers.clear();
  }

  #sweep(): void {
    this.#cancelSweep = null;
    const nowMs = this.#clock.monotonicMs();
    let nextMs = quietMs;
    for (const [personId, viewer] of this.#viewers) {
      if (viewer.openRequests > 0) continue;
      const remainingMs = viewer.lastSeenMs + quietMs - nowMs;
      if (remainingMs > 0) {
        nextMs = Math.min(nextMs, remainingMs);
        continue;
      }
      this.#viewers.delete(personId);
      viewer.release();
    }
    if (this.#viewers.size > 0) this.#cancelSweep = this.#clock.setTimer(nextMs, () => this.#sweep());
    else this.#onEmpty();
  }
}
