/** Coverage of compounds: every figure carries what it was computed from. */
export type CoverageKind = 'A' | 'B';

/** Why a compound left the denominator. */
export type CoverageExclusion = 'merged' | 'demolished';

/** Why a compound in the denominator is not in the numerator. */
export type CoverageFailure =
  | { readonly code: 'no-accepted-camera' }
  | { readonly code: 'no-standard' }
  | { readonly code: 'point-without-camera'; readonly pointId: string; readonly pointName: string }
  | { readonly code: 'point-camera-not-networked'; readonly pointId: string; readonly pointName: string; readonly cameraIds: readonly string[] };

export interface CoverageFigure {
  readonly kind: CoverageKind;
  readonly formulaVersion: string;
  readonly areaId: string;
  /** Moment the figure speaks of, ISO 8601. */
  readonly at: string;
  readonly numerator: number;
  readonly denominator: number;
  /** Fraction 0–1, unrounded; null when the denominator is empty. */
  readonly rate: number | null;
  /** Fraction 0–1; null when no target is set. */
  readonly target: number | null;
  /** Compound ids of the denominator. */
  readonly members: readonly string[];
  readonly excluded: readonly { readonly id: string; readonly reason: CoverageExclusion }[];
  readonly failing: readonly { readonly compoundId: string; readonly reasons: readonly CoverageFailure[] }[];
  /** SHA-256 (hex) of the canonical JSON of the facts. */
  readonly inputHash: string;
}

/** Target X % of an area. */
export interface CoverageTarget {
  readonly areaId: string;
  readonly kind: CoverageKind;
  readonly target: number;
  readonly setAt: string;
}
