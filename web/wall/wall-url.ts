/** The wall in its URL: `?layout=9&tiles=id,,id&page=2`. Whoever opens the URL sees the same wall. */
import { createWall, layouts, type Layout, type WallState } from './wall-layout.ts';

type Query = Readonly<Record<string, unknown>>;

/** Null when the URL names no tiles. Unknown layouts become the smallest that holds the tiles. */
export function parseWallQuery(query: Query): WallState | null {
  const tilesText = query['tiles'];
  if (typeof tilesText !== 'string' || tilesText === '') return null;
  const tiles = tilesText.split(',').map((id) => (id === '' ? null : id));
  const page = Number(query['page'] ?? 1) - 1;
  return createWall(parseLayout(query['layout']) ?? layoutFor(tiles.length), tiles, page);
}

export function formatWallQuery(wall: WallState): Record<string, string> {
  const tiles = [...wall.tiles];
  while (tiles.length > 0 && tiles.at(-1) === null) tiles.pop();
  return { layout: String(wall.layout), tiles: tiles.map((id) => id ?? '').join(','), ...(wall.page > 0 ? { page: String(wall.page + 1) } : {}) };
}

/** A link to the wall with these cameras on it, for other pages ("to the wall"). */
export function wallLink(cameraIds: readonly string[]): { path: string; query: Record<string, string> } {
  return { path: '/wall', query: formatWallQuery(createWall(layoutFor(cameraIds.length), cameraIds)) };
}

/** The smallest layout with room for so many cameras; the largest when none has. */
export function layoutFor(cameraCount: number): Layout {
  return layouts.find((layout) => layout >= cameraCount) ?? 25;
}

function parseLayout(text: unknown): Layout | null {
  return layouts.find((layout) => String(layout) === text) ?? null;
}
