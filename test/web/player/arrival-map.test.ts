import { describe, expect, it } from 'vitest';
import { ArrivalMap } from '../../../web/player/arrival-map.ts';

describe('ArrivalMap', () => {
  it('counts on from the fragment in which a frame lies', () => {
    const map = new ArrivalMap();
    map.note(10, 50_000);
    map.note(12, 52_100);
    expect([map.arrivalOf(9), map.arrivalOf(10), map.arrivalOf(11.5), map.arrivalOf(12.04)]).toEqual([null, 50_000, 51_500, 52_140]);
  });

  it('finds the own fragment of a time that was rounded down', () => {
    const map = new ArrivalMap();
    map.note(10, 50_000);
    map.note(10.04, 50_500);
    expect(map.arrivalOf(10.0399)).toBeCloseTo(50_500, 0);
  });

  it('begins anew when media time goes back, and keeps a few seconds only', () => {
    const map = new ArrivalMap();
    for (let frame = 0; frame < 1000; frame++) map.note(frame, frame * 1000);
    expect([map.arrivalOf(0), map.arrivalOf(999)]).toEqual([null, 999_000]);
    map.note(5, 7000);
    expect([map.arrivalOf(4), map.arrivalOf(5)]).toEqual([null, 7000]);
  });
});
