/**
 * Coverage rates A (nominal) and B (networked) of compounds, as pure functions of facts.
 *
 *   A = compounds with at least one accepted camera ÷ compounds in the ledger
 *   B = compounds with required points, every one of them seen by a networked camera ÷ compounds in the ledger
 *
 * Left out of both denominators: merged and demolished compounds. A compound without required points is not covered in B
 * (`no-standard`). An empty denominator has no rate. Facts speak of one moment; what counts as accepted or networked at that
 * moment is decided where they are gathered ({@link CoverageFacts}), so that a figure can be recomputed from facts alone.
 */
import type { CoverageExclusion, CoverageFailure, CoverageFigure, CoverageKind } from '../contract/coverage.ts';
import type { CompoundState } from '../contract/district.ts';
import { hashFacts } from './canonical-json.ts';

/** Changes whenever the same facts could give another figure. */
export const COVERAGE_FORMULA_VERSION = 'coverage-1';

export interface CoverageFacts {
  readonly compounds: readonly CompoundFacts[];
}

export interface CompoundFacts {
  readonly id: string;
  readonly state: CompoundState;
  /** Cameras of the compound that were commissioned and signed off by the moment. */
  readonly acceptedCameraIds: readonly string[];
  readonly requiredPoints: readonly RequiredPointFacts[];
}

/** A point that must be seen, and the cameras confirmed to see it at the moment. */
export interface RequiredPointFacts {
  readonly id: string;
  readonly name: string;
  readonly cameras: readonly { readonly id: string; readonly isNetworked: boolean }[];
}

/** What the figure is asked for. `at` is ISO 8601. */
export interface CoverageQuestion {
  readonly kind: CoverageKind;
  readonly areaId: string;
  readonly at: string;
  readonly target: number | null;
}

/** The figure with members, exclusions, failing compounds and the hash of its facts, all in the order of ids. */
export function computeCoverage(question: CoverageQuestion, facts: CoverageFacts): CoverageFigure {
  const sorted = sortFacts(facts);
  const members: string[] = [];
  const excluded: { id: string; reason: CoverageExclusion }[] = [];
  const failing: { compoundId: string; reasons: readonly CoverageFailure[] }[] = [];
  for (const compound of sorted.compounds) {
    if (compound.state !== 'in-ledger') {
      excluded.push({ id: compound.id, reason: compound.state });
      continue;
    }
    members.push(compound.id);
    const reasons = question.kind === 'A' ? failuresNominal(compound) : failuresNetworked(compound);
    if (reasons.length > 0) failing.push({ compoundId: compound.id, reasons });
  }
  const numerator = members.length - failing.length;
  return {
    kind: question.kind,
    formulaVersion: COVERAGE_FORMULA_VERSION,
    areaId: question.areaId,
    at: question.at,
    numerator,
    denominator: members.length,
    rate: members.length === 0 ? null : numerator / members.length,
    target: question.target,
    members,
    excluded,
    failing,
    inputHash: hashFacts(sorted),
  };
}

function failuresNominal(compound: CompoundFacts): readonly CoverageFailure[] {
  return compound.acceptedCameraIds.length > 0 ? [] : [{ code: 'no-accepted-camera' }];
}

function failuresNetworked(compound: CompoundFacts): readonly CoverageFailure[] {
  if (compound.requiredPoints.length === 0) return [{ code: 'no-standard' }];
  return compound.requiredPoints.flatMap((point): readonly CoverageFailure[] => {
    const named = { pointId: point.id, pointName: point.name };
    if (point.cameras.length === 0) return [{ code: 'point-without-camera', ...named }];
    if (point.cameras.some((camera) => camera.isNetworked)) return [];
    return [{ code: 'point-camera-not-networked', ...named, cameraIds: point.cameras.map((camera) => camera.id) }];
  });
}

/** Facts in one order, so that the order of database rows never shows in a hash. */
function sortFacts(facts: CoverageFacts): CoverageFacts {
  return {
    compounds: facts.compounds.toSorted(byId).map((compound) => ({
      id: compound.id,
      state: compound.state,
      acceptedCameraIds: compound.acceptedCameraIds.toSorted(),
      requiredPoints: compound.requiredPoints.toSorted(byId).map((point) => ({
        id: point.id,
        name: point.name,
        cameras: point.cameras.toSorted(byId).map(({ id, isNetworked }) => ({ id, isNetworked })),
      })),
    })),
  };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : Number(a.id > b.id);
}
