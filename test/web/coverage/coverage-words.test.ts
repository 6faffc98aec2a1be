import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CoverageFigure } from '../../../server/contract/coverage.ts';
import { formatCoverageQuery, parseCoverageQuery } from '../../../web/coverage/coverage-query.ts';
import { compoundsToTarget, coveredMembers, failingByEffort, formatPercent, isOnTarget, rankAreas } from '../../../web/coverage/coverage-words.ts';

const figure: CoverageFigure = {
  kind: 'B',
  formulaVersion: 'coverage-1',
  areaId: 'district',
  at: '2026-11-21T12:00:00.000Z',
  numerator: 1,
  denominator: 4,
  rate: 0.25,
  target: 0.85,
  members: ['a', 'b', 'c', 'd'],
  excluded: [{ id: 'e', reason: 'merged' }],
  failing: [
    { compoundId: 'b', reasons: [{ code: 'no-standard' }] },
    { compoundId: 'c', reasons: [{ code: 'point-without-camera', pointId: 'p', pointName: '东门' }] },
    { compoundId: 'd', reasons: [{ code: 'point-camera-not-networked', pointId: 'q', pointName: '南门', cameraIds: ['x'] }] },
  ],
  inputHash: 'f'.repeat(64),
};

describe('words of coverage', () => {
  it.each([
    [null, null],
    [0, '0.0'],
    [1, '100.0'],
    [0.29, '29.0'],
    [6 / 11, '54.5'],
    [0.8499, '84.9'],
    [0.99999, '99.9'],
  ])('prints %s as %s', (fraction, text) => expect(formatPercent(fraction)).toBe(text));

  it('never prints a rate above what it is, nor a full one that is not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2000 }), fc.nat(2000), (denominator, part) => {
        const numerator = part % (denominator + 1);
        const printed = Number(formatPercent(numerator / denominator));
        expect(printed).toBeLessThanOrEqual((numerator / denominator) * 100 + 1e-6);
        expect(printed === 100).toBe(numerator === denominator);
      }),
    );
  });

  it('says how many compounds are missing, and exactly none once the target is reached', () => {
    expect(compoundsToTarget(figure)).toBe(3);
    expect(compoundsToTarget({ numerator: 17, denominator: 20, target: 0.85 })).toBe(0);
    expect(compoundsToTarget({ numerator: 0, denominator: 0, target: 0.85 })).toBeNull();
    expect(compoundsToTarget({ numerator: 1, denominator: 2, target: null })).toBeNull();
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 100 }), (denominator, percent) => {
        const needed = compoundsToTarget({ numerator: 0, denominator, target: percent / 100 }) ?? Number.NaN;
        expect(isOnTarget({ rate: needed / denominator, target: percent / 100 })).toBe(true);
        if (needed > 0) expect(isOnTarget({ rate: (needed - 1) / denominator, target: percent / 100 })).toBe(false);
      }),
    );
  });

  it('ranks areas, lets equal ones share a rank, and puts those without a rate last without one', () => {
    const area = (areaName: string, numerator: number, denominator: number) => ({
      areaId: areaName,
      areaName,
      numerator,
      denominator,
      rate: denominator === 0 ? null : numerator / denominator,
      target: null,
    });
    const ranked = rankAreas([area('空', 0, 0), area('乙', 1, 2), area('甲', 2, 4), area('丙', 1, 1), area('零', 0, 3)]);
    expect(ranked.map(({ rank, area: { areaName } }) => [rank, areaName])).toEqual([
      [1, '丙'],
      [2, '甲'],
      [2, '乙'],
      [4, '零'],
      [null, '空'],
    ]);
  });

  it('lists what is covered, and the failing ones by how little they lack', () => {
    expect(coveredMembers(figure)).toEqual(['a']);
    expect(failingByEffort(figure).map((entry) => entry.compoundId)).toEqual(['d', 'c', 'b']);
  });
});

describe('coverage in the URL', () => {
  it('reads what it wrote and takes nonsense for the whole district now', () => {
    const query = { areaId: 'x', kind: 'B' as const, at: '2026-11-20T08:00:00.000Z' };
    expect(parseCoverageQuery(formatCoverageQuery(query))).toEqual(query);
    expect(parseCoverageQuery({ kind: 'Z', at: 'yesterday', area: '' })).toEqual({ areaId: null, kind: 'A', at: null });
  });
});
