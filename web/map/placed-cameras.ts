/** Turns cameras and compounds of the API into what the map draws. Pure. */
import type { Camera } from '../../server/contract/cameras.ts';
import type { Compound, CompoundSummary } from '../../server/contract/district.ts';
import { toWorldPixel } from './base-map.ts';
import type { PlacedCamera } from './camera-clusters.ts';
import { chooseFill } from './compound-fill.ts';
import type { FillMode } from './compound-fill.ts';
import type { CompoundShape } from './compound-layer.ts';
import type { CameraDirection, MapBounds } from './district-map.ts';

/** Cameras with a position; `alarmedIds` are those with an alarm that nobody has taken. */
export function placeCameras(cameras: Iterable<Camera>, alarmedIds: ReadonlySet<string>): readonly PlacedCamera[] {
  const placed: PlacedCamera[] = [];
  for (const camera of cameras) {
    if (camera.longitude === null || camera.latitude === null) continue;
    const [x, y] = toWorldPixel(camera.longitude, camera.latitude);
    placed.push({ id: camera.id, name: camera.name, x, y, status: camera.state.status, isAlarmed: alarmedIds.has(camera.id) });
  }
  return placed;
}

/** Where cameras with a position and a known bearing look. */
export function directionsOf(cameras: Iterable<Camera>): readonly CameraDirection[] {
  const directions: CameraDirection[] = [];
  for (const { latitude, longitude, bearingDeg } of cameras) {
    if (latitude !== null && longitude !== null && bearingDeg !== null) directions.push({ latitude, longitude, bearingDeg });
  }
  return directions;
}

/** Compounds with a boundary, filled for a mode. `openAlarms` counts alarms that nobody has taken, by compound. */
export function shapeCompounds(
  summaries: readonly CompoundSummary[],
  mode: FillMode,
  openAlarms: ReadonlyMap<string, number>,
): readonly CompoundShape[] {
  return summaries.flatMap((summary): CompoundShape[] => {
    const { compound } = summary;
    const ring = compound.boundary?.coordinates[0];
    if (ring === undefined) return [];
    const openAlarmCount = openAlarms.get(compound.id) ?? 0;
    const fill = chooseFill({ ...summary, state: compound.state, openAlarmCount }, mode);
    return [
      {
        id: compound.id,
        name: compound.name,
        detail: detailOf(summary, mode, openAlarmCount),
        ring: ring.map(([longitude, latitude]) => [latitude, longitude] as const),
        fill,
      },
    ];
  });
}

/** The box around everything that has a place, or null when nothing has. */
export function boundsOf(compounds: readonly Compound[], cameras: Iterable<Camera>): MapBounds | null {
  let [south, west, north, east] = [Infinity, Infinity, -Infinity, -Infinity];
  const include = (longitude: number | null, latitude: number | null): void => {
    if (longitude === null || latitude === null) return;
    [south, north] = [Math.min(south, latitude), Math.max(north, latitude)];
    [west, east] = [Math.min(west, longitude), Math.max(east, longitude)];
  };
  for (const compound of compounds) {
    include(compound.longitude, compound.latitude);
    for (const [longitude, latitude] of compound.boundary?.coordinates[0] ?? []) include(longitude, latitude);
  }
  for (const camera of cameras) include(camera.longitude, camera.latitude);
  return south <= north ? [south, west, north, east] : null;
}

function detailOf(summary: CompoundSummary, mode: FillMode, openAlarmCount: number): string {
  if (summary.compound.state !== 'in-ledger') return '';
  if (mode === 'alarms') return openAlarmCount > 0 ? `${openAlarmCount}` : '';
  return summary.requiredPointCount === 0 ? '' : `${summary.coveredPointCount}/${summary.requiredPointCount}`;
}
