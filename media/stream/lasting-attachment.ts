/**
 * A place at a hub that outlives the faults of the sink in it: a hub removes a sink that throws, and without this a bug that one odd frame
 * wakes would leave a way of watching dark until the node is restarted.
 */
import type { Clock } from '../clock/clock.ts';
import type { FrameSink, StreamHub } from './sink.ts';

/** The first new attempt comes after so long; each further failure doubles it. */
const firstRetryMs = 1_000;
const longestRetryMs = 300_000;
/** A sink that worked for so long has a clean record again. */
const stableMs = 60_000;

export interface LastingAttachmentOptions {
  readonly hub: StreamHub;
  /** The sink to be attached, the same or a new one; it begins with tracks and the cached group. */
  readonly sink: () => FrameSink;
  /** The sink threw: let go of what it holds, tell its viewers. It is attached anew after a while. Must not throw. */
  readonly onExpelled: () => void;
  readonly clock: Clock;
}

/** Attached, or about to be, between `attach` and `detach`. */
export class LastingAttachment {
  readonly #options: LastingAttachmentOptions;
  #isWanted = false;
  #remove: (() => void) | null = null;
  #attachedAtMs = 0;
  #failures = 0;
  #cancelRetry: () => void = () => {};

  constructor(options: LastingAttachmentOptions) {
    this.#options = options;
  }

  /** Idempotent: a sink that failed is not tried before its time. */
  attach(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#try();
  }

  /** Idempotent. */
  detach(): void {
    this.#isWanted = false;
    this.#cancelRetry();
    this.#remove?.();
    this.#remove = null;
    this.#failures = 0;
  }

  #try(): void {
    const { hub, sink, clock } = this.#options;
    this.#attachedAtMs = clock.monotonicMs();
    let isExpelled = false;
    const remove = hub.addSink(sink(), 'cached-group', () => {
      isExpelled = true;
      this.#onExpelled();
    });
    if (isExpelled) return;
    // The sink may have led its owner to detach while it was greeted.
    if (this.#isWanted) this.#remove = remove;
    else remove();
  }

  #onExpelled(): void {
    const { clock, onExpelled } = this.#options;
    this.#remove = null;
    const nowMs = clock.monotonicMs();
    this.#failures = nowMs - this.#attachedAtMs >= stableMs ? 1 : this.#failures + 1;
    const retryMs = Math.min(longestRetryMs, firstRetryMs * 2 ** (this.#failures - 1));
    if (this.#isWanted) this.#cancelRetry = clock.setTimer(retryMs, () => this.#try());
    onExpelled();
  }
}
