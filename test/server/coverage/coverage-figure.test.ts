import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoverageKind } from '../../../server/contract/coverage.ts';
import { computeCoverage } from '../../../server/coverage/coverage-figure.ts';
import type { CompoundFacts, CoverageFacts } from '../../../server/coverage/coverage-figure.ts';

const question = { areaId: 'area', at: '2026-05-01T00:00:00.000Z', target: 0.95 };

function compound(id: string, over: Partial<CompoundFacts> = {}): CompoundFacts {
  return { id, state: 'in-ledger', acceptedCameraIds: [], requiredPoints: [], ...over };
}

const seen = (id: string) => ({ id: `${id}-point`, name: id, cameras: [{ id: `${id}-camera`, isNetworked: true }] });

describe('computeCoverage', () => {
  const facts: CoverageFacts = {
    compounds: [
      compound('covered', { acceptedCameraIds: ['a'], requiredPoints: [seen('gate'), seen('road')] }),
      compound('half', {
        acceptedCameraIds: ['b'],
        requiredPoints: [
          seen('gate'),
          { id: 'p1', name: '北门', cameras: [] },
          { id: 'p2', name: '停车场', cameras: [{ id: 'dark', isNetworked: false }] },
        ],
      }),
      compound('bare', { acceptedCameraIds: ['c'] }),
      compound('empty', { requiredPoints: [{ id: 'p3', name: '大门', cameras: [] }] }),
      compound('gone', { state: 'demolished' }),
      compound('joined', { state: 'merged', acceptedCameraIds: ['d'] }),
    ],
  };

  it('counts A with members, exclusions and reasons', () => {
    expect(computeCoverage({ ...question, kind: 'A' }, facts)).toEqual({
      ...question,
      kind: 'A',
      formulaVersion: 'coverage-1',
      numerator: 3,
      denominator: 4,
      rate: 0.75,
      members: ['bare', 'covered', 'empty', 'half'],
      excluded: [
        { id: 'gone', reason: 'demolished' },
        { id: 'joined', reason: 'merged' },
      ],
      failing: [{ compoundId: 'empty', reasons: [{ code: 'no-accepted-camera' }] }],
      inputHash: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
  });

  it('counts B, where every required point must be seen by a networked camera', () => {
    const figure = computeCoverage({ ...question, kind: 'B' }, facts);
    expect([figure.numerator, figure.denominator, figure.rate]).toEqual([1, 4, 0.25]);
    expect(figure.failing).toEqual([
      { compoundId: 'bare', reasons: [{ code: 'no-standard' }] },
      { compoundId: 'empty', reasons: [{ code: 'point-without-camera', pointId: 'p3', pointName: '大门' }] },
      {
        compoundId: 'half',
        reasons: [
          { code: 'point-without-camera', pointId: 'p1', pointName: '北门' },
          { code: 'point-camera-not-networked', pointId: 'p2', pointName: '停车场', cameraIds: ['dark'] },
        ],
      },
    ]);
  });

  it('has no rate without a denominator', () => {
    expect(computeCoverage({ ...question, kind: 'A' }, { compounds: [compound('gone', { state: 'merged' })] })).toMatchObject({
      numerator: 0,
      denominator: 0,
      rate: null,
    });
  });

  it('hashes equal facts alike, whatever their order, and other facts otherwise', () => {
    const hash = (given: CoverageFacts): string => computeCoverage({ ...question, kind: 'A' }, given).inputHash;
    expect(hash({ compounds: facts.compounds.toReversed() })).toBe(hash(facts));
    expect(hash({ compounds: facts.compounds.slice(1) })).not.toBe(hash(facts));
  });
});

const anyPoint = fc.record({
  id: fc.uuid(),
  name: fc.string(),
  cameras: fc.array(fc.record({ id: fc.uuid(), isNetworked: fc.boolean() }), { maxLength: 3 }),
});
const anyFacts: fc.Arbitrary<CoverageFacts> = fc.record({
  compounds: fc.uniqueArray(
    fc.record<CompoundFacts>({
      id: fc.uuid(),
      state: fc.constantFrom('in-ledger', 'in-ledger', 'merged', 'demolished'),
      acceptedCameraIds: fc.array(fc.uuid(), { maxLength: 2 }),
      requiredPoints: fc.array(anyPoint, { maxLength: 3 }),
    }),
    { selector: (one) => one.id, minLength: 1, maxLength: 12 },
  ),
});

describe.each<CoverageKind>(['A', 'B'])('coverage %s for any facts', (kind) => {
  const rateOf = (facts: CoverageFacts): number | null => computeCoverage({ ...question, kind }, facts).rate;

  it('lies between 0 and 1, and every compound is covered, failing or excluded, once', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const figure = computeCoverage({ ...question, kind }, facts);
        if (figure.rate !== null) expect(figure.rate >= 0 && figure.rate <= 1).toBe(true);
        expect(figure.denominator === 0).toBe(figure.rate === null);
        expect(figure.numerator + figure.failing.length).toBe(figure.members.length);
        expect([...figure.members, ...figure.excluded.map((one) => one.id)].sort()).toEqual(facts.compounds.map((one) => one.id).sort());
      }),
    );
  });

  it('never falls when a camera is added', () => {
    fc.assert(
      fc.property(anyFacts, fc.nat(), (facts, pick) => {
        const index = pick % facts.compounds.length;
        const more: CoverageFacts = {
          compounds: facts.compounds.map((one, at) =>
            at === index
              ? {
                  ...one,
                  acceptedCameraIds: [...one.acceptedCameraIds, 'new'],
                  requiredPoints: one.requiredPoints.map((point) => ({ ...point, cameras: [...point.cameras, { id: 'new', isNetworked: true }] })),
                }
              : one,
          ),
        };
        expect(rateOf(more) ?? 0).toBeGreaterThanOrEqual(rateOf(facts) ?? 0);
      }),
    );
  });

  it('takes a merged compound out of the denominator', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const before = computeCoverage({ ...question, kind }, facts);
        const merged: CoverageFacts = { compounds: facts.compounds.map((one) => ({ ...one, state: 'merged' as const })) };
        expect(computeCoverage({ ...question, kind }, merged)).toMatchObject({ denominator: 0, rate: null });
        expect(before.denominator).toBe(facts.compounds.filter((one) => one.state === 'in-ledger').length);
      }),
    );
  });
});
