import { describe, expect, it } from 'vitest';
import { chooseFill, FILL_STYLES, FILLS_OF_MODE } from '../../../web/map/compound-fill.ts';

const facts = { state: 'in-ledger' as const, requiredPointCount: 4, coveredPointCount: 4, openAlarmCount: 0 };

describe('fill of compounds', () => {
  it.each([
    ['covered', facts],
    ['partly', { ...facts, coveredPointCount: 1 }],
    ['uncovered', { ...facts, coveredPointCount: 0 }],
    ['no-standard', { ...facts, requiredPointCount: 0, coveredPointCount: 0 }],
    ['not-counted', { ...facts, state: 'merged' as const }],
    ['not-counted', { ...facts, state: 'demolished' as const, requiredPointCount: 0 }],
  ])('is %s by coverage', (fill, given) => expect(chooseFill(given, 'coverage')).toBe(fill));

  it.each([
    ['calm', facts],
    ['alarmed', { ...facts, openAlarmCount: 2 }],
    ['not-counted', { ...facts, state: 'merged' as const, openAlarmCount: 2 }],
  ])('is %s by alarms', (fill, given) => expect(chooseFill(given, 'alarms')).toBe(fill));

  it('tells the fills of a mode apart without colour, or by the legend’s only full line', () => {
    for (const fills of Object.values(FILLS_OF_MODE)) {
      const looks = fills.map((fill) => `${FILL_STYLES[fill].dashes} ${FILL_STYLES[fill].fillOpacity}`);
      expect(new Set(looks).size).toBe(looks.length);
    }
  });
});
