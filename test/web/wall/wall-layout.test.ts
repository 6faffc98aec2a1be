import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clearTile,
  createWall,
  emptyWall,
  extendForPatrol,
  fillEmptyTiles,
  layouts,
  moveSelection,
  pageCount,
  placeCameras,
  roleForLayout,
  showCamera,
  swapTiles,
  tilesOfPage,
  withLayout,
  withPage,
} from '../../../web/wall/wall-layout.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`);

describe('the wall', () => {
  it('always holds whole pages and drops empty ones at the end', () => {
    expect(createWall(4, ['a', null, null, null, null, null]).tiles).toEqual(['a', null, null, null]);
    expect(pageCount(createWall(4, names(5)))).toBe(2);
    expect(emptyWall(9).tiles).toHaveLength(9);
  });

  it('loses no camera when the layout changes, and keeps the selected one in sight', () => {
    fc.assert(
      fc.property(
        fc.array(fc.option(fc.string({ minLength: 1 })), { maxLength: 60 }),
        fc.constantFrom(...layouts),
        fc.constantFrom(...layouts),
        fc.nat(60),
        (tiles, from, to, at) => {
          const wall = createWall(from, tiles, Math.floor(at / from), at % from);
          const changed = withLayout(wall, to);
          expect(changed.tiles.filter((id) => id !== null)).toEqual(wall.tiles.filter((id) => id !== null));
          const selected = tilesOfPage(wall)[wall.selected];
          if (selected !== null && selected !== undefined) expect(changed.tiles[changed.page * to + changed.selected]).toBe(selected);
        },
      ),
    );
  });

  it('shows a camera on a free tile, else on the selected one, else selects it where it is', () => {
    expect(showCamera(createWall(4, ['a', null, 'b', null]), 'c')).toMatchObject({ tiles: ['a', 'c', 'b', null], selected: 1 });
    expect(showCamera({ ...createWall(4, ['a', 'b', 'c', 'd']), selected: 2 }, 'e')).toMatchObject({ tiles: ['a', 'b', 'e', 'd'], selected: 2 });
    expect(showCamera(createWall(4, ['a', 'b', 'c', 'd']), 'd')).toMatchObject({ selected: 3 });
  });

  it('places several cameras from a tile on, never beyond the page', () => {
    expect(placeCameras(createWall(4, names(8)), 2, ['x', 'y', 'z']).tiles).toEqual(['c0', 'c1', 'x', 'y', 'c4', 'c5', 'c6', 'c7']);
  });

  it('swaps and clears within the page in sight', () => {
    const wall = withPage(createWall(4, names(8)), 1);
    expect(swapTiles(wall, 0, 3).tiles.slice(4)).toEqual(['c7', 'c5', 'c6', 'c4']);
    expect(clearTile(wall, 1).tiles.slice(4)).toEqual(['c4', null, 'c6', 'c7']);
  });

  it.each([
    ['right', 0, 1],
    ['right', 2, 2],
    ['left', 3, 3],
    ['down', 4, 7],
    ['up', 1, 1],
  ] as const)('moves the selection %s from %d to %d on nine tiles', (direction, from, to) => {
    expect(moveSelection({ ...emptyWall(9), selected: from }, direction).selected).toBe(to);
  });

  it('fills empty tiles with cameras that are not on the wall yet', () => {
    expect(fillEmptyTiles(createWall(4, ['b', null, null, null]), ['a', 'b', 'c']).tiles).toEqual(['b', 'a', 'c', null]);
  });

  it('patrols over all other cameras when there is one page, over the pages when there are several', () => {
    expect(extendForPatrol(createWall(1, ['a']), ['a', 'b', 'c']).tiles).toEqual(['a', 'b', 'c']);
    const pages = createWall(1, ['a', 'b']);
    expect(extendForPatrol(pages, ['c'])).toBe(pages);
  });

  it('goes round at the last page', () => {
    const wall = createWall(1, ['a', 'b', 'c']);
    expect(withPage(wall, 3).page).toBe(0);
    expect(withPage(wall, -1).page).toBe(2);
  });

  it('asks for the main stream on one and four tiles only', () => {
    expect(layouts.map(roleForLayout)).toEqual(['main', 'main', 'auto', 'auto', 'auto']);
  });
});
