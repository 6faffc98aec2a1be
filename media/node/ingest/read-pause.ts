/**
 * Lets packets gather while a worker is busy: its loop then turns at most once in {@link PAUSE_PERIOD_MS}, so that one read takes what several
 * would have. Only for threads that serve nothing but cameras.
 */
import type { Clock } from '../../clock/clock.ts';

/** Start to start of two turns. Adds at most this to a frame's way, half of it on average. */
export const PAUSE_PERIOD_MS = 10;
/** From so many frames a second on there is something to gain (ten cameras), and below so many the loop runs freely again. */
const BUSY_FRAMES_PER_SECOND = 250;
const CALM_FRAMES_PER_SECOND = 150;

/** Whether to pause, by the frames of the last second or so. Pure. */
export function decidePause(isPausing: boolean, framesPerSecond: number): boolean {
  return framesPerSecond >= (isPausing ? CALM_FRAMES_PER_SECOND : BUSY_FRAMES_PER_SECOND);
}

/** How the pause is made; a test has its own. */
export interface PauseMeans {
  /** Calls back when the events of this turn of the loop are worked off; the next turn does not wait for events then. */
  readonly atTurnsEnd: (fn: () => void) => void;
  /** Blocks the thread. */
  readonly sleep: (ms: number) => void;
  readonly clock: Clock;
}

/** Sleeps on memory that nobody else has: nothing wakes it but the time, and it takes no CPU. */
export function createThreadPause(clock: Clock): PauseMeans {
  const bell = new Int32Array(new SharedArrayBuffer(4));
  return { atTurnsEnd: (fn) => void setImmediate(fn), sleep: (ms) => void Atomics.wait(bell, 0, 0, ms), clock };
}

/** The pause of one worker. */
export class ReadPause {
  readonly #means: PauseMeans;
  readonly #periodMs: number;
  readonly #onTurn: () => void;
  #isPausing = false;
  #isTurning = false;
  #turnStartMs = 0;

  /** `onTurn` is called before each sleep: what has to leave the thread leaves then. */
  constructor(means: PauseMeans, periodMs: number, onTurn: () => void) {
    this.#means = means;
    this.#periodMs = periodMs;
    this.#onTurn = onTurn;
  }

  get isPausing(): boolean {
    return this.#isPausing;
  }

  /** Tells how much is to do; call it a few times a second. */
  observeLoad(framesPerSecond: number): void {
    this.#isPausing = this.#periodMs > 0 && decidePause(this.#isPausing, framesPerSecond);
    if (!this.#isPausing || this.#isTurning) return;
    this.#isTurning = true;
    this.#turnStartMs = this.#means.clock.monotonicMs();
    this.#means.atTurnsEnd(this.#turn);
  }

  readonly #turn = (): void => {
    this.#onTurn();
    if (!this.#isPausing) {
      this.#isTurning = false;
      return;
    }
    const restMs = this.#periodMs - (this.#means.clock.monotonicMs() - this.#turnStartMs);
    // Below this the sleep costs more than it gathers.
    if (restMs > 0.5) this.#means.sleep(restMs);
    this.#turnStartMs = this.#means.clock.monotonicMs();
    this.#means.atTurnsEnd(this.#turn);
  };
}
