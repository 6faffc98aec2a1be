/** Which target X % holds for an area: its own, else the nearest ancestor's. */
import type { CoverageKind } from '../contract/coverage.ts';

export interface StoredTarget {
  readonly areaId: string;
  readonly kind: CoverageKind;
  /** Fraction 0–1. */
  readonly target: number;
  readonly setAtMs: number;
}

/**
 * @param pathIds area ids from the root down to the area itself.
 * @param targets every target ever set; the newest by `atMs` holds.
 */
export function findTarget(pathIds: readonly string[], kind: CoverageKind, targets: readonly StoredTarget[], atMs: number): number | null {
  for (const areaId of pathIds.toReversed()) {
    let newest: StoredTarget | null = null;
    for (const target of targets) {
      if (target.areaId !== areaId || target.kind !== kind || target.setAtMs > atMs) continue;
      if (newest === null || target.setAtMs >= newest.setAtMs) newest = target;
    }
    if (newest !== null) return newest.target;
  }
  return null;
}
