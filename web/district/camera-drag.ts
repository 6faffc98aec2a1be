/** Cameras on the way from one place to another by drag and drop: tree or map to tile, tile to tile. */

const cameraType = 'application/x-yilan-cameras';
const tileType = 'application/x-yilan-tile';

/** Puts cameras on a drag; `tile` when they come from a tile of the wall. */
export function startCameraDrag(event: DragEvent, cameraIds: readonly string[], tile?: number): void {
  if (!event.dataTransfer) return;
  event.dataTransfer.setData(cameraType, JSON.stringify(cameraIds));
  if (tile !== undefined) event.dataTransfer.setData(tileType, String(tile));
  event.dataTransfer.effectAllowed = tile === undefined ? 'copy' : 'move';
}

/** Whether a drag carries cameras; asked while it hovers, when its contents are still hidden. */
export function carriesCameras(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes(cameraType) ?? false;
}

/** What was dropped, or null when it is something else. */
export function readCameraDrop(event: DragEvent): { readonly cameraIds: readonly string[]; readonly fromTile: number | null } | null {
  const text = event.dataTransfer?.getData(cameraType);
  if (!text) return null;
  const parsed: unknown = JSON.parse(text);
  if (!Array.isArray(parsed)) return null;
  const tile = event.dataTransfer?.getData(tileType);
  return { cameraIds: parsed.filter((id) => typeof id === 'string'), fromTile: tile ? Number(tile) : null };
}
