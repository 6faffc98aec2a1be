/**
 * Puts cameras that would overlap on the screen together, pure and deterministic.
 *
 * Greedy: in the order of their ids, each camera that is still free takes every free one within the radius. It is not the
 * tightest grouping, but the same cameras always give the same groups, so symbols do not dance when states change.
 */
import type { CameraStatus } from '../../server/contract/cameras.ts';

/** A camera to be shown; x and y are world pixels at zoom 0 (see `base-map.ts`). */
export interface PlacedCamera {
  readonly id: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly status: CameraStatus;
  readonly isAlarmed: boolean;
}

/** One symbol: a single camera, or several that stand for each other at this zoom. */
export interface CameraCluster {
  /** Id of the camera that gathered the others; stable while the set of cameras is. */
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly cameras: readonly PlacedCamera[];
}

/** Pixels within which cameras are put together: a donut's width; from zoom 17 on only what really lies on top of each other. */
export function clusterRadius(zoom: number): number {
  return zoom >= 17 ? 20 : 46;
}

/** Groups cameras for a zoom. Cost grows with the number of cameras, not with its square. */
export function clusterCameras(cameras: readonly PlacedCamera[], zoom: number): readonly CameraCluster[] {
  const radius = clusterRadius(zoom) / 2 ** zoom;
  const singles = cameras.map((camera): CameraCluster => ({ key: camera.id, x: camera.x, y: camera.y, cameras: [camera] }));
  // The second round joins groups whose middles have come so close that their symbols would overlap.
  return gather(gather(singles, radius), radius * 0.8);
}

/** The nearest zoom at which a cluster falls apart, or null when its cameras hang in one place. */
export function takesApartAt(cluster: CameraCluster, zoom: number, maxZoom: number): number | null {
  for (let next = zoom + 1; next <= maxZoom; next++) if (clusterCameras(cluster.cameras, next).length > 1) return next;
  return null;
}

/** Cameras per state, worst first, only states that occur. */
export function countStates(cameras: readonly PlacedCamera[]): readonly { readonly status: CameraStatus; readonly count: number }[] {
  return STATES_WORST_FIRST.map((status) => ({ status, count: cameras.filter((camera) => camera.status === status).length })).filter(
    (entry) => entry.count > 0,
  );
}

/** What an operator looks for first comes first. */
export const STATES_WORST_FIRST: readonly CameraStatus[] = ['offline', 'degraded', 'unknown', 'connecting', 'idle', 'online'];

/** One greedy round over groups: in the order of their keys, each takes the free ones within the radius. */
function gather(groups: readonly CameraCluster[], radius: number): readonly CameraCluster[] {
  const cells = new Map<string, CameraCluster[]>();
  const cellOf = (group: CameraCluster): [number, number] => [Math.floor(group.x / radius), Math.floor(group.y / radius)];
  const inOrder = groups.toSorted((a, b) => (a.key < b.key ? -1 : 1));
  for (const group of inOrder) {
    const key = cellOf(group).join(':');
    const cell = cells.get(key);
    if (cell === undefined) cells.set(key, [group]);
    else cell.push(group);
  }
  const taken = new Set<string>();
  const gathered: CameraCluster[] = [];
  for (const seed of inOrder) {
    if (taken.has(seed.key)) continue;
    const members: PlacedCamera[] = [];
    const [column, row] = cellOf(seed);
    for (let dx = -1; dx <= 1; dx++) {
      for (let dy = -1; dy <= 1; dy++) {
        for (const group of cells.get(`${column + dx}:${row + dy}`) ?? []) {
          if (taken.has(group.key) || Math.hypot(group.x - seed.x, group.y - seed.y) > radius) continue;
          taken.add(group.key);
          members.push(...group.cameras);
        }
      }
    }
    members.sort((a, b) => (a.id < b.id ? -1 : 1));
    gathered.push({ key: seed.key, x: meanOf(members, 'x'), y: meanOf(members, 'y'), cameras: members });
  }
  return gathered;
}

function meanOf(cameras: readonly PlacedCamera[], axis: 'x' | 'y'): number {
  return cameras.reduce((sum, camera) => sum + camera[axis], 0) / cameras.length;
}
