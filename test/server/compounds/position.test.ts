import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { geoPolygon, judgePosition, positionFields, refinePosition } from '../../../server/compounds/position.ts';

const schema = z.strictObject(positionFields).superRefine(refinePosition);

describe('position', () => {
  it.each([
    [{ longitude: 104.85, latitude: 29.78 }, true],
    [{}, true],
    [{ longitude: null, latitude: null }, true],
    [{ longitude: 0, latitude: 29 }, true],
    [{ longitude: 0, latitude: 0 }, false],
    [{ longitude: 104.85 }, false],
    [{ longitude: 104.85, latitude: null }, false],
    [{ longitude: 180.01, latitude: 1 }, false],
    [{ longitude: 1, latitude: -90.5 }, false],
    [{ longitude: Number.NaN, latitude: 1 }, false],
    [{ longitude: '104', latitude: 29 }, false],
  ])('%j is acceptable: %s', (position, isAcceptable) => {
    expect(schema.safeParse(position).success).toBe(isAcceptable);
  });

  it('says why', () => {
    expect(judgePosition({ longitude: 0, latitude: 0 })).toContain('0,0');
  });
});

describe('geoPolygon', () => {
  const ring = [
    [104.8, 29.7],
    [104.9, 29.7],
    [104.9, 29.8],
    [104.8, 29.7],
  ];
  it.each([
    ['a closed ring', [ring], true],
    ['an open ring', [ring.slice(0, 3).concat([[1, 1]])], false],
    ['a ring of three corners', [ring.slice(0, 2).concat([ring[0] ?? []])], false],
    ['no ring', [], false],
    ['corners of three numbers', [ring.map((corner) => [...corner, 0])], false],
  ])('judges %s', (_, coordinates, isAcceptable) => {
    expect(geoPolygon.safeParse({ type: 'Polygon', coordinates }).success).toBe(isAcceptable);
  });
});
