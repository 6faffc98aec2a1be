/** Whether a monitoring point is covered, in the sense of coverage B, and why not. Pure. */
import type { Camera } from '../../server/contract/cameras.ts';
import type { MonitoringPoint } from '../../server/contract/district.ts';

/** `covered`: at least one of its cameras is networked, that is assigned to a node and online at least once. */
export type PointCoverage = 'covered' | 'without-camera' | 'not-networked';

/** Decides for one point; `cameraById` needs only the cameras that could see it. */
export function decidePointCoverage(point: MonitoringPoint, cameraById: ReadonlyMap<string, Camera>): PointCoverage {
  const cameras = point.cameraIds.flatMap((id) => cameraById.get(id) ?? []);
  if (cameras.length === 0) return 'without-camera';
  return cameras.some(isNetworked) ? 'covered' : 'not-networked';
}

/** Assigned to a media node and online at least once. */
export function isNetworked(camera: Camera): boolean {
  return camera.mediaNodeId !== null && camera.firstOnlineAt !== null;
}

/** Points by building, in the order of the buildings; points of no building come first under null. */
export function groupByBuilding(
  points: readonly MonitoringPoint[],
  buildingIds: readonly string[],
): readonly { readonly buildingId: string | null; readonly points: readonly MonitoringPoint[] }[] {
  return [null, ...buildingIds]
    .map((buildingId) => ({ buildingId, points: points.filter((point) => point.buildingId === buildingId) }))
    .filter((group) => group.points.length > 0 || group.buildingId !== null);
}
