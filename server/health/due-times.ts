/**
 * Moments at which something has to be looked at again, one per key, on a single timer.
 *
 * Ten thousand pending cameras are one `setTimeout`. Whoever is due is taken out before it is told, so that the receiver may
 * set a new moment.
 */
import type { Clock } from '../clock/clock.ts';

export interface DueTimes {
  /** Sets or, with null, forgets the moment of a key (wall clock). */
  set(key: string, atMs: number | null): void;
  /** Forgets everything; nothing is told afterwards. */
  stop(): void;
}

export function createDueTimes(clock: Clock, onDue: (keys: readonly string[]) => void): DueTimes {
  const times = new Map<string, number>();
  let armedAtMs = Number.POSITIVE_INFINITY;
  let disarm: (() => void) | null = null;

  const arm = (): void => {
    let soonestMs = Number.POSITIVE_INFINITY;
    for (const atMs of times.values()) soonestMs = Math.min(soonestMs, atMs);
    if (soonestMs === armedAtMs) return;
    disarm?.();
    armedAtMs = soonestMs;
    disarm = Number.isFinite(soonestMs) ? clock.setTimer(Math.min(Math.max(0, soonestMs - clock.wallClockMs()), LONGEST_TIMER_MS), fire) : null;
  };

  const fire = (): void => {
    armedAtMs = Number.POSITIVE_INFINITY;
    disarm = null;
    const nowMs = clock.wallClockMs();
    const due = [...times].filter(([, atMs]) => atMs <= nowMs).map(([key]) => key);
    for (const key of due) times.delete(key);
    if (due.length > 0) onDue(due);
    arm();
  };

  return {
    set(key, atMs) {
      const before = times.get(key);
      if (atMs === null) times.delete(key);
      else times.set(key, atMs);
      // Only a new soonest moment, or the end of the old one, moves the timer.
      if (atMs !== null && atMs < armedAtMs) arm();
      else if (before === armedAtMs) arm();
    },
    stop() {
      times.clear();
      disarm?.();
      disarm = null;
      armedAtMs = Number.POSITIVE_INFINITY;
    },
  };
}

/** Above 2^31−1 ms `setTimeout` fires at once; a day is long enough to be asked again. */
const LONGEST_TIMER_MS = 86_400_000;
