import { describe, expect, it } from 'vitest';
import { chooseTiles } from '../../../web/map/map-tiles.ts';

const seen = ['a', 'b', 'c', 'd', 'e'].map((id, index) => ({ id, distance: index }));

describe('pictures beside the map', () => {
  it('shows the cameras nearest to the middle', () => {
    expect(chooseTiles(seen.toReversed(), [], [], 3)).toEqual(['a', 'b', 'c']);
  });

  it('lets a camera keep its tile while it is near, so that a small move restarts nothing', () => {
    expect(chooseTiles(seen, [], ['c', 'd'], 3)).toEqual(['c', 'd', 'a']);
  });

  it('drops a camera that has left the view', () => {
    expect(chooseTiles(seen, [], ['z', 'b'], 3)).toEqual(['b', 'a', 'c']);
  });

  it('shows what was picked, in its order, wherever the map is', () => {
    expect(chooseTiles(seen, ['x', 'b', 'y'], ['a'], 2)).toEqual(['x', 'b']);
  });

  it('shows nothing when nothing is in sight', () => {
    expect(chooseTiles([], [], ['a'], 3)).toEqual([]);
  });
});
