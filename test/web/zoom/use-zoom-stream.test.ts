import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { effectScope, nextTick, shallowReactive, shallowRef, type EffectScope } from 'vue';
import type { Camera } from '../../../server/contract/cameras.ts';
import { wholePicture, type Zoom } from '../../../web/zoom/picture-zoom.ts';
import { useZoomStream } from '../../../web/zoom/use-zoom-stream.ts';

function camera(id: string): Camera {
  return { id, streams: [{ role: 'main' }, { role: 'sub' }], state: { streams: [] } } as unknown as Camera;
}

describe('the main stream for an enlarged tile', () => {
  let scope: EffectScope;
  let askers: Set<symbol>;
  const zoom = shallowRef<Zoom>(wholePicture);
  const shown = shallowRef<Camera>(camera('camera-1'));
  let stream: ReturnType<typeof useZoomStream>;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('window', { devicePixelRatio: 1 });
    askers = shallowReactive(new Set<symbol>());
    zoom.value = wholePicture;
    shown.value = camera('camera-1');
    scope = effectScope();
    scope.run(() => {
      const view = shallowRef({ widthPx: 640, heightPx: 360, aspect: 16 / 9 });
      stream = useZoomStream({ zoom, view, camera: shown, role: 'auto', askers });
    });
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is asked for once the wheel rests, and given back with the whole picture', async () => {
    zoom.value = { ...wholePicture, scale: 4 };
    await nextTick();
    expect(askers.size).toBe(0);
    vi.advanceTimersByTime(400);
    expect([askers.size, stream.isGranted.value]).toEqual([1, true]);
    zoom.value = wholePicture;
    await nextTick();
    vi.advanceTimersByTime(400);
    expect([askers.size, stream.isGranted.value]).toEqual([0, false]);
  });

  it('is not asked for by a tile that ended meanwhile: its place would never come back', async () => {
    zoom.value = { ...wholePicture, scale: 4 };
    await nextTick();
    scope.stop();
    vi.advanceTimersByTime(10_000);
    expect(askers.size).toBe(0);
  });

  it('is given back at once with its camera, and not asked for another that is not enlarged', async () => {
    zoom.value = { ...wholePicture, scale: 4 };
    await nextTick();
    vi.advanceTimersByTime(400);
    shown.value = camera('camera-2');
    expect([askers.size, stream.isGranted.value]).toEqual([0, false]);
    zoom.value = wholePicture;
    await nextTick();
    vi.advanceTimersByTime(10_000);
    expect(askers.size).toBe(0);
  });
});
