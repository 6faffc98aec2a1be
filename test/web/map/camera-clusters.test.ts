import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toWorldPixel } from '../../../web/map/base-map.ts';
import { clusterCameras, clusterRadius, countStates, takesApartAt } from '../../../web/map/camera-clusters.ts';
import type { PlacedCamera } from '../../../web/map/camera-clusters.ts';

function cameraAt(id: string, longitude: number, latitude: number, status: PlacedCamera['status'] = 'online'): PlacedCamera {
  const [x, y] = toWorldPixel(longitude, latitude);
  return { id, name: id, x, y, status, isAlarmed: false };
}

describe('clusters of cameras', () => {
  const gate = cameraAt('a', 104.85, 29.77);
  const door = cameraAt('b', 104.8503, 29.7701);
  const farAway = cameraAt('c', 104.88, 29.79);

  it('puts neighbours together while they would overlap, and no others', () => {
    expect(clusterCameras([farAway, door, gate], 14).map((cluster) => cluster.cameras.map((camera) => camera.id))).toEqual([['a', 'b'], ['c']]);
    expect(clusterCameras([farAway, door, gate], 19)).toHaveLength(3);
  });

  it('gives the same groups whatever the order the cameras come in', () => {
    expect(clusterCameras([gate, door, farAway], 14)).toEqual(clusterCameras([farAway, door, gate], 14));
  });

  it('loses no camera, shows none twice, and stands for none that is far away', () => {
    const anyCamera = fc.record({
      longitude: fc.double({ min: 104.8, max: 104.9, noNaN: true }),
      latitude: fc.double({ min: 29.7, max: 29.8, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(anyCamera, { maxLength: 60 }), fc.integer({ min: 10, max: 19 }), (places, zoom) => {
        const cameras = places.map((place, index) => cameraAt(`camera-${index}`, place.longitude, place.latitude));
        const clusters = clusterCameras(cameras, zoom);
        const shown = clusters.flatMap((cluster) => cluster.cameras.map((camera) => camera.id));
        expect(shown.toSorted()).toEqual(cameras.map((camera) => camera.id).toSorted());
        for (const cluster of clusters) {
          const farthest = Math.max(...cluster.cameras.map((camera) => Math.hypot(camera.x - cluster.x, camera.y - cluster.y)));
          expect(farthest * 2 ** zoom).toBeLessThanOrEqual(clusterRadius(zoom) * 2.8 + 1e-6);
        }
      }),
    );
  });

  it('zooms to where a cluster falls apart, and lists cameras that hang in one place', () => {
    const [pair] = clusterCameras([gate, door], 14);
    const apart = takesApartAt(pair!, 14, 19);
    expect(apart).not.toBeNull();
    expect(clusterCameras([gate, door], apart!)).toHaveLength(2);
    const [samePlace] = clusterCameras([gate, cameraAt('d', 104.85, 29.77)], 14);
    expect(takesApartAt(samePlace!, 14, 19)).toBeNull();
  });

  it('joins a straggler to the group whose symbol it would touch', () => {
    // 11.6 px apart at zoom 11: the last lies 46.6 px from the first, just out of its reach, but 29 px from the middle of the rest.
    const row = [0, 1, 2, 3, 4].map((step) => cameraAt(`r${step}`, 104.85 + step * 0.008, 29.77));
    expect(clusterCameras(row, 11).map((cluster) => cluster.cameras.length)).toEqual([5]);
  });

  it('counts states, the worst first', () => {
    const cameras = [cameraAt('a', 0, 0), cameraAt('b', 0, 0, 'offline'), cameraAt('c', 0, 0), cameraAt('d', 0, 0, 'degraded')];
    expect(countStates(cameras)).toEqual([
      { status: 'offline', count: 1 },
      { status: 'degraded', count: 1 },
      { status: 'online', count: 2 },
    ]);
  });

  it('groups ten thousand cameras and keeps every one', () => {
    const cameras = Array.from({ length: 10_000 }, (_, index) =>
      cameraAt(`camera-${index}`, 104.8 + (index % 100) * 0.001, 29.7 + Math.floor(index / 100) * 0.001),
    );
    expect(clusterCameras(cameras, 13).reduce((sum, cluster) => sum + cluster.cameras.length, 0)).toBe(10_000);
  });
});
