/** Waits between attempts: 1 s, 2 s, 4 s … up to 15 s, each spread by a quarter so that a wall of tiles does not knock all at once. */

const firstDelayMs = 1000;
/** A camera that comes back is announced at once by the server; this only bounds the wait when that news is lost. */
const longestDelayMs = 15_000;

/** Delay before the next attempt after `failureCount` (≥ 1) failures in a row; `random` in 0–1. */
export function backoffDelayMs(failureCount: number, random: number): number {
  const delay = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(10, Math.max(0, failureCount - 1)));
  return Math.round(delay * (0.875 + random * 0.25));
}
