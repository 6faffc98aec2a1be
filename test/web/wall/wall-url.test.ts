import { expect, it } from 'vitest';
import { createWall, withPage } from '../../../web/wall/wall-layout.ts';
import { formatWallQuery, layoutFor, parseWallQuery, wallLink } from '../../../web/wall/wall-url.ts';

it('brings the same wall back from its URL', () => {
  const wall = withPage(createWall(4, ['a', null, 'b', null, 'c', null, null, null]), 1);
  expect(formatWallQuery(wall)).toEqual({ layout: '4', tiles: 'a,,b,,c', page: '2' });
  expect(parseWallQuery(formatWallQuery(wall))).toEqual(wall);
});

it('takes a URL without tiles for none', () => {
  expect(parseWallQuery({})).toBeNull();
  expect(parseWallQuery({ tiles: '' })).toBeNull();
});

it('chooses a layout with room when the URL names none or nonsense', () => {
  expect(parseWallQuery({ tiles: 'a,b', layout: '7' })?.layout).toBe(4);
  expect([1, 2, 5, 16, 26].map(layoutFor)).toEqual([1, 4, 9, 16, 25]);
});

it('survives a page number out of range', () => {
  expect(parseWallQuery({ tiles: 'a,b', layout: '1', page: '99' })?.page).toBe(1);
  expect(parseWallQuery({ tiles: 'a', page: 'x' })?.page).toBe(0);
});

it('links from other pages to the wall', () => {
  expect(wallLink(['a', 'b'])).toEqual({ path: '/wall', query: { layout: '4', tiles: 'a,b' } });
});
