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

/** Points of the whole compound first, then building by building in the order given; names in their natural order. */
export function orderPoints(points: readonly MonitoringPoint[], buildingIds: readonly string[]): readonly MonitoringPoint[] {
  const rankOf = (point: MonitoringPoint): number => (point.buildingId === null ? -1 : buildingIds.indexOf(point.buildingId));
  return points.toSorted(
    (a, b) => rankOf(a) - rankOf(b) || a.kind.localeCompare(b.kind) || a.name.localeCompare(b.name, 'zh-Hans-CN', { numeric: true }),
  );
}
