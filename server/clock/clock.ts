/** Time as the server's services see it. Policies take plain numbers; only shells hold a clock. */

/** Wall clock for instants that are stored, monotonic clock for intervals, timers that tests can drive. */
export interface Clock {
  /** Milliseconds since 1970, UTC. May jump when the machine's clock is set. */
  wallClockMs(): number;
  /** Milliseconds since an arbitrary start; never goes back. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`; the returned function cancels it and may be called at any time. */
  setTimer(delayMs: number, run: () => void): () => void;
}

/** The machine's clock. Timers do not keep the process alive. */
export const systemClock: Clock = {
  wallClockMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  setTimer(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
