/** Which cameras play beside the map. Pure. */

/** A camera in sight; the distance to the middle of the map is in any unit. */
export interface SeenCamera {
  readonly id: string;
  readonly distance: number;
}

/**
 * Chooses up to `most` cameras: the picked ones in their order, else those nearest to the middle of the map. A camera that
 * already plays and is still in sight keeps its tile, so that a small move of the map does not restart every picture.
 */
export function chooseTiles(seen: readonly SeenCamera[], pickedIds: readonly string[], playing: readonly string[], most: number): readonly string[] {
  if (pickedIds.length > 0) return pickedIds.slice(0, most);
  const nearest = seen.toSorted((a, b) => a.distance - b.distance || (a.id < b.id ? -1 : 1)).slice(0, most * 2);
  const wanted = new Set(nearest.map((camera) => camera.id));
  const kept = playing.filter((id) => wanted.has(id)).slice(0, most);
  const added = nearest.map((camera) => camera.id).filter((id) => !kept.includes(id));
  return [...kept, ...added.slice(0, most - kept.length)];
}
