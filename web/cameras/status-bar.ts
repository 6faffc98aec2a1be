/** Where the states of a camera lie on a bar. */
import type { CameraStatus, StatusInterval } from '../../server/contract/cameras.ts';

export interface StatusPiece {
  readonly status: CameraStatus;
  readonly reason: StatusInterval['reason'];
  readonly fromMs: number;
  readonly toMs: number;
  /** Shares of the bar, 0–1. */
  readonly left: number;
  readonly width: number;
}

/** Cuts intervals to the stretch shown; one that lasts goes to its end. */
export function layOutIntervals(intervals: readonly StatusInterval[], fromMs: number, toMs: number): readonly StatusPiece[] {
  const lengthMs = toMs - fromMs;
  return intervals.flatMap(({ status, reason, from, to }) => {
    const startMs = Math.max(fromMs, Date.parse(from));
    const endMs = Math.min(toMs, to === null ? toMs : Date.parse(to));
    if (endMs <= startMs) return [];
    return [{ status, reason, fromMs: startMs, toMs: endMs, left: (startMs - fromMs) / lengthMs, width: (endMs - startMs) / lengthMs }];
  });
}
