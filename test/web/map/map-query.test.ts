import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatMapQuery, parseMapQuery } from '../../../web/map/map-query.ts';

describe('map in the URL', () => {
  it('reads what it wrote', () => {
    const anyQuery = fc.record({
      place: fc.option(
        fc.record({
          latitude: fc.integer({ min: -85_000_000, max: 85_000_000 }).map((value) => value / 1e6),
          longitude: fc.integer({ min: -180_000_000, max: 180_000_000 }).map((value) => value / 1e6),
          zoom: fc.integer({ min: 10, max: 19 }),
        }),
      ),
      cameraId: fc.option(fc.uuid()),
      pickedIds: fc.array(fc.uuid(), { maxLength: 50 }),
      fill: fc.constantFrom('coverage' as const, 'alarms' as const),
      isSplit: fc.boolean(),
    });
    fc.assert(
      fc.property(anyQuery, (query) => {
        expect(parseMapQuery(formatMapQuery(query))).toEqual(query);
      }),
    );
  });

  it('takes nonsense for nothing', () => {
    const nothing = { place: null, cameraId: null, pickedIds: [], fill: 'coverage', isSplit: false };
    for (const query of [{}, { at: 'here' }, { at: '99,200,15' }, { at: ['1,2,3'] }, { camera: '', pick: ',,', fill: 'red', split: 'yes' }]) {
      expect(parseMapQuery(query)).toEqual(nothing);
    }
  });

  it('keeps the zoom within what the base map is drawn for', () => {
    expect(parseMapQuery({ at: '29.7,104.8,3' }).place?.zoom).toBe(10);
    expect(parseMapQuery({ at: '29.7,104.8,25' }).place?.zoom).toBe(19);
  });
});
