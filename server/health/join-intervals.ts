/** The status history as people read it. Pure. */
import type { StatusInterval } from '../contract/cameras.ts';

/**
 * Leaves out intervals without length (the moment in which one state became another, or an unknown time for which a node
 * vouched) and joins neighbours that say the same. Expects intervals in the order of time.
 */
export function joinIntervals(intervals: readonly StatusInterval[]): readonly StatusInterval[] {
  const joined: StatusInterval[] = [];
  for (const interval of intervals) {
    if (interval.from === interval.to) continue;
    const last = joined.at(-1);
    if (last !== undefined && last.to === interval.from && last.status === interval.status && last.reason === interval.reason) {
      joined[joined.length - 1] = { ...last, to: interval.to };
    } else {
      joined.push(interval);
    }
  }
  return joined;
}
