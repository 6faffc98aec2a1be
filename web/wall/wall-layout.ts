/** What the wall shows, as a value: layout, cameras by tile, page and selection, and everything that can be done to it. */
import type { WallView } from '../../server/contract/system.ts';

export type Layout = WallView['layout'];

/** In the order of the keys 1–5. */
export const layouts: readonly Layout[] = [1, 4, 9, 16, 25];

/** Cameras on all pages at most: what a saved view holds. */
export const tilesAtMost = 500;

/** `tiles` holds whole pages of `layout` tiles each, at least one; null is an empty tile. `selected` counts within the page. */
export interface WallState {
  readonly layout: Layout;
  readonly tiles: readonly (string | null)[];
  readonly page: number;
  readonly selected: number;
}

/** A wall with nothing on it. */
export function emptyWall(layout: Layout): WallState {
  return { layout, tiles: Array.from({ length: layout }, () => null), page: 0, selected: 0 };
}

/** A wall from any list of tiles: cut or filled to whole pages; empty pages at the end go. */
export function createWall(layout: Layout, tiles: readonly (string | null)[], page = 0, selected = 0): WallState {
  const kept = tiles.slice(0, tilesAtMost);
  let length = kept.length;
  while (length > 0 && (kept[length - 1] ?? null) === null) length -= 1;
  const pages = Math.max(1, Math.ceil(length / layout));
  const padded = Array.from({ length: pages * layout }, (_, index) => kept[index] ?? null);
  return { layout, tiles: padded, page: clamp(page, 0, pages - 1), selected: clamp(selected, 0, layout - 1) };
}

export function pageCount(wall: WallState): number {
  return wall.tiles.length / wall.layout;
}

/** Cameras of one page by tile. */
export function tilesOfPage(wall: WallState, page = wall.page): readonly (string | null)[] {
  return wall.tiles.slice(page * wall.layout, (page + 1) * wall.layout);
}

/** Another layout with the same cameras in the same order; the selected camera stays in sight. */
export function withLayout(wall: WallState, layout: Layout): WallState {
  const index = wall.page * wall.layout + wall.selected;
  const next = createWall(layout, wall.tiles);
  const kept = Math.min(index, next.tiles.length - 1);
  return { ...next, page: Math.floor(kept / layout), selected: kept % layout };
}

export function withPage(wall: WallState, page: number): WallState {
  const count = pageCount(wall);
  return { ...wall, page: ((page % count) + count) % count };
}

export function withSelected(wall: WallState, selected: number): WallState {
  return { ...wall, selected: clamp(selected, 0, wall.layout - 1) };
}

/** Puts cameras on the page from `tile` on, over what is there; what does not fit on the page is left out. */
export function placeCameras(wall: WallState, tile: number, cameraIds: readonly string[]): WallState {
  const tiles = [...wall.tiles];
  const first = wall.page * wall.layout;
  for (const [offset, cameraId] of cameraIds.slice(0, wall.layout - tile).entries()) tiles[first + tile + offset] = cameraId;
  return { ...wall, tiles, selected: tile };
}

/** Puts a camera where it disturbs least: a free tile, else the selected one. A camera in sight is only selected. */
export function showCamera(wall: WallState, cameraId: string): WallState {
  const page = tilesOfPage(wall);
  const shown = page.indexOf(cameraId);
  if (shown !== -1) return { ...wall, selected: shown };
  const isSelectedFree = page[wall.selected] === null;
  const free = isSelectedFree ? wall.selected : page.indexOf(null);
  return placeCameras(wall, free === -1 ? wall.selected : free, [cameraId]);
}

/** Exchanges two tiles of the page; the selection goes with the first. */
export function swapTiles(wall: WallState, from: number, to: number): WallState {
  const tiles = [...wall.tiles];
  const first = wall.page * wall.layout;
  [tiles[first + from], tiles[first + to]] = [tiles[first + to] ?? null, tiles[first + from] ?? null];
  return { ...wall, tiles, selected: to };
}

export function clearTile(wall: WallState, tile: number): WallState {
  const tiles = [...wall.tiles];
  tiles[wall.page * wall.layout + tile] = null;
  return { ...wall, tiles };
}

export type Direction = 'left' | 'right' | 'up' | 'down';

/** Moves the selection within the page; at an edge it stays. */
export function moveSelection(wall: WallState, direction: Direction): WallState {
  const columns = Math.sqrt(wall.layout);
  const column = wall.selected % columns;
  const row = Math.floor(wall.selected / columns);
  const nextColumn = clamp(column + (direction === 'right' ? 1 : direction === 'left' ? -1 : 0), 0, columns - 1);
  const nextRow = clamp(row + (direction === 'down' ? 1 : direction === 'up' ? -1 : 0), 0, columns - 1);
  return { ...wall, selected: nextRow * columns + nextColumn };
}

/** Fills empty tiles of the first page with cameras that are not on it yet, in the order given. */
export function fillEmptyTiles(wall: WallState, cameraIds: readonly string[]): WallState {
  const spare = cameraIds.filter((cameraId) => !wall.tiles.includes(cameraId))[Symbol.iterator]();
  const tiles = wall.tiles.map((tile, index) => (tile === null && index < wall.layout ? (spare.next().value ?? null) : tile));
  return { ...wall, tiles };
}

/** A single page to patrol over gets pages with all other cameras behind it; several pages are patrolled as they are. */
export function extendForPatrol(wall: WallState, cameraIds: readonly string[]): WallState {
  if (pageCount(wall) > 1) return wall;
  const others = cameraIds.filter((cameraId) => !wall.tiles.includes(cameraId));
  return createWall(wall.layout, [...wall.tiles, ...others], wall.page, wall.selected);
}

/** Which stream a tile asks for: few tiles get the main stream, many go by their size on screen. */
export function roleForLayout(layout: Layout): 'main' | 'auto' {
  return layout <= 4 ? 'main' : 'auto';
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, Number.isFinite(value) ? Math.trunc(value) : low));
}
