/** What the screen says of a coverage figure. Pure. */
import type { CoverageFailure, CoverageFigure } from '../../server/contract/coverage.ts';

/**
 * A fraction as percent with one digit; null for an empty denominator. Cut, not rounded: 84.96 % must not be shown as a
 * target of 85 % reached, nor 99.97 % as everything.
 */
export function formatPercent(fraction: number | null): string | null {
  if (fraction === null) return null;
  // The small addition undoes the binary error of fractions such as 0.29 × 1000 = 289.99999999999994.
  return (Math.floor(fraction * 1000 + 1e-9) / 10).toFixed(1);
}

/** How many more compounds must be covered to reach the target; 0 when it is reached, null without target or denominator. */
export function compoundsToTarget(figure: Pick<CoverageFigure, 'numerator' | 'denominator' | 'target'>): number | null {
  if (figure.target === null || figure.denominator === 0) return null;
  return Math.max(0, Math.ceil(figure.target * figure.denominator - 1e-9) - figure.numerator);
}

/** Whether a figure reaches its target; null when there is nothing to compare. */
export function isOnTarget(figure: Pick<CoverageFigure, 'rate' | 'target'>): boolean | null {
  return figure.rate === null || figure.target === null ? null : figure.rate >= figure.target;
}

/** One area in the ranking. */
export interface RankedArea {
  readonly areaId: string;
  readonly areaName: string;
  readonly numerator: number;
  readonly denominator: number;
  readonly rate: number | null;
  readonly target: number | null;
}

/** Highest rate first, equal ones by size, then by name; areas without a denominator last. */
export function rankAreas<Area extends RankedArea>(areas: readonly Area[]): readonly { readonly rank: number | null; readonly area: Area }[] {
  const ordered = areas.toSorted(
    (a, b) => (b.rate ?? -1) - (a.rate ?? -1) || b.denominator - a.denominator || a.areaName.localeCompare(b.areaName, 'zh-Hans-CN'),
  );
  // Equal rates share a rank, and an area without a rate has none.
  return ordered.map((area) => {
    const { rate } = area;
    return { rank: rate === null ? null : 1 + ordered.filter((other) => (other.rate ?? -1) > rate).length, area };
  });
}

/** A compound of the figure with what is said about it. */
export interface JudgedCompound {
  readonly compoundId: string;
  readonly reasons: readonly CoverageFailure[];
}

/** Members that count: all but the failing ones. */
export function coveredMembers(figure: CoverageFigure): readonly string[] {
  const failing = new Set(figure.failing.map((entry) => entry.compoundId));
  return figure.members.filter((id) => !failing.has(id));
}

/** Failing compounds, those that lack least first: the shortest way to a better figure. */
export function failingByEffort(figure: CoverageFigure): readonly JudgedCompound[] {
  return figure.failing.toSorted((a, b) => effortOf(a.reasons) - effortOf(b.reasons));
}

/** A compound without any standard or camera is more work than one that lacks a few points. */
function effortOf(reasons: readonly CoverageFailure[]): number {
  return reasons.reduce(
    (sum, reason) =>
      sum + (reason.code === 'no-standard' || reason.code === 'no-accepted-camera' ? 100 : reason.code === 'point-without-camera' ? 2 : 1),
    0,
  );
}
