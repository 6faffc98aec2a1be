/** The moments and timers that engines are given, so that tests can run them by hand. */

/** Source of time. Monotonic milliseconds never run backwards and have no epoch; wall-clock ones count from 1970 and may jump. */
export interface Clock {
  monotonicMs(): number;
  wallClockMs(): number;
  /** Calls `fn` once after `ms`; returns the cancellation (idempotent). The timer keeps the process alive. */
  setTimer(ms: number, fn: () => void): () => void;
}

/** The machine's clock. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallClockMs: () => Date.now(),
  setTimer(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};
