/** The moments and timers that engines are given, so that tests can run them by hand. */

/** Source of time. Monotonic milliseconds never run backwards and have no epoch; wall-clock ones count from 1970 and may jump. */
export interface Clock {
  monotonicMs(): number;
  wallClockMs(): number;
  /** Calls `fn` once after `ms`; returns the cancellation (idempotent). The timer keeps the process alive. */
  setTimer(ms: number, fn: () => void): () => void;
}

/** `performance.now()` begins anew in each thread; moments must mean the same in all of them, so they count from where the machine's clock does. */
const THREAD_OFFSET_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The machine's clock; the same axis in every thread. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now() + THREAD_OFFSET_MS,
  wallClockMs: () => Date.now(),
  setTimer(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};
