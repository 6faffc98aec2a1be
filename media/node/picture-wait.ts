/**
 * Those who wait for the picture of one stream. Looks by itself instead of listening, for tracks become known without a change of phase; it
 * looks once for all of them.
 */
import type { Clock } from '../clock/clock.ts';
import type { PictureOutcome } from './watched-stream.ts';

const lookIntervalMs = 100;
/** A wall that is switched on asks a few times for each of its streams. */
const maxWaiting = 256;

const tooMany: PictureOutcome = { ok: false, reason: null, refusal: { code: 'too-many-viewers', detail: 'Too many wait for this picture already' } };

interface Waiting {
  readonly untilMs: number;
  readonly resolve: (outcome: PictureOutcome) => void;
}

export class PictureWait {
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #look: () => PictureOutcome | null;
  readonly #giveUp: () => PictureOutcome;
  #waiting: Waiting[] = [];

  /** `look`: what came of it, null as long as nothing did. `giveUp`: what is said after `timeoutMs`. */
  constructor(clock: Clock, timeoutMs: number, look: () => PictureOutcome | null, giveUp: () => PictureOutcome) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#look = look;
    this.#giveUp = giveUp;
  }

  /** Resolves at once when there is something to say, or when too many wait. */
  wait(): Promise<PictureOutcome> {
    const outcome = this.#look() ?? (this.#waiting.length >= maxWaiting ? tooMany : null);
    if (outcome !== null) return Promise.resolve(outcome);
    if (this.#waiting.length === 0) this.#clock.setTimer(lookIntervalMs, () => this.#lookAgain());
    return new Promise((resolve) => this.#waiting.push({ untilMs: this.#clock.monotonicMs() + this.#timeoutMs, resolve }));
  }

  #lookAgain(): void {
    const outcome = this.#look();
    const nowMs = this.#clock.monotonicMs();
    const over = this.#waiting.filter(({ untilMs }) => outcome !== null || untilMs <= nowMs);
    this.#waiting = outcome !== null ? [] : this.#waiting.filter(({ untilMs }) => untilMs > nowMs);
    if (this.#waiting.length > 0) this.#clock.setTimer(lookIntervalMs, () => this.#lookAgain());
    for (const { resolve } of over) resolve(outcome ?? this.#giveUp());
  }
}
