/**
 * Until when an answer must have left. Over HTTP/2 neither the connection's time-out nor the stream's own catches a stream whose
 * window its peer keeps shut while others of the same connection move: both count the connection's bytes.
 */
import type { Clock } from '../clock/clock.ts';
import type { MediaResponse } from './admitted-request.ts';

/** A request waits 28 s at most, and a recorded fragment of 64 MB has the rest to leave. */
export const answerMs = 120_000;
/** A live part that took so long is of no use to a player, while its slabs are missing to the cameras. */
export const leasedAnswerMs = 30_000;
/** Between two chunks of a file. A paused player asks again, from where it stood. */
export const chunkMs = 60_000;

const lookMs = 5_000;

/** Answers under way that have a deadline. */
export class AnswerDeadlines {
  readonly #clock: Clock;
  readonly #untilMs = new Map<MediaResponse, number>();
  #cancelLook: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#untilMs.size;
  }

  /** Destroys `response`, 5 s late at most, unless it is closed within `withinMs` from now. Replaces its former deadline. */
  set(response: MediaResponse, withinMs: number): void {
    if (!this.#untilMs.has(response)) response.once('close', () => this.#untilMs.delete(response));
    this.#untilMs.set(response, this.#clock.monotonicMs() + withinMs);
    this.#cancelLook ??= this.#clock.setTimer(lookMs, () => this.#look());
  }

  /** Forgets all. */
  close(): void {
    this.#cancelLook?.();
    this.#cancelLook = null;
    this.#untilMs.clear();
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [response, untilMs] of this.#untilMs) {
      if (untilMs > nowMs) continue;
      this.#untilMs.delete(response);
      response.destroy();
    }
    this.#cancelLook = this.#untilMs.size === 0 ? null : this.#clock.setTimer(lookMs, () => this.#look());
  }
}
