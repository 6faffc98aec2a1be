/** The moments and timers that engines are given, so that tests can run them by hand. */

/** Source of time. Monotonic milliseconds never run backwards and have no epoch; wall-clock ones count from 1970 and may jump. */
export interface Clock {
  monotonicMs(): number;
  wallClockMs(): number;
  /** Calls `fn` once after `ms`; returns the cancellation (idempotent). The timer keeps the process alive. */
  setTimer(ms: number, fn: () => void): () => void;
}

/** Looks between which nothing came are taken; a busy machine takes the processor away for milliseconds between any two. */
const GOOD_LOOK_MS = 0.002;
const MAX_LOOKS = 1000;

/** `performance.now()` begins anew in each thread; moments must mean the same in all of them, so they count from where the machine's clock does. */
const THREAD_OFFSET_MS = measureThreadOffset();

/** The machine's clock; the same axis in every thread. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now() + THREAD_OFFSET_MS,
  wallClockMs: () => Date.now(),
  setTimer(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};

/** Machine's clock minus this thread's, ms: by the narrowest of some looks at one between two at the other. */
function measureThreadOffset(): number {
  let narrowestMs = Infinity;
  let offsetMs = 0;
  for (let looks = 0; looks < MAX_LOOKS && narrowestMs > GOOD_LOOK_MS; looks += 1) {
    const beforeMs = performance.now();
    const machineMs = Number(process.hrtime.bigint()) / 1e6;
    const afterMs = performance.now();
    if (afterMs - beforeMs >= narrowestMs) continue;
    narrowestMs = afterMs - beforeMs;
    offsetMs = machineMs - (beforeMs + afterMs) / 2;
  }
  return offsetMs;
}
