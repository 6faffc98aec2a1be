/** A clock that moves only when a test says so. */
import type { Clock } from '../../media/clock/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly fn: () => void;
}

/** Clock for tests: `advance` moves it and fires the timers that fall due, each at its own moment. */
export class FakeClock implements Clock {
  #monotonicMs = 1000;
  #wallOffsetMs = 1_700_000_000_000;
  #order = 0;
  readonly #timers = new Set<Timer>();

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  wallClockMs(): number {
    return this.#monotonicMs + this.#wallOffsetMs;
  }

  setTimer(ms: number, fn: () => void): () => void {
    this.#order += 1;
    const timer: Timer = { dueMs: this.#monotonicMs + Math.max(0, ms), order: this.#order, fn };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  }

  /** Timers that wait. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Moves both clocks forward, firing due timers in order, those they set included. */
  advance(ms: number): void {
    const untilMs = this.#monotonicMs + ms;
    for (;;) {
      const next = this.#nextTimer();
      if (next === null || next.dueMs > untilMs) break;
      this.#timers.delete(next);
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.fn();
    }
    this.#monotonicMs = untilMs;
  }

  #nextTimer(): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) {
      if (next === null || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) next = timer;
    }
    return next;
  }

  /** Moves the wall clock alone, as NTP or an administrator does. */
  jumpWallClock(ms: number): void {
    this.#wallOffsetMs += ms;
  }
}
