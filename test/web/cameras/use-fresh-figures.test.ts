// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp, effectScope, type EffectScope } from 'vue';
import type { Camera } from '../../../server/contract/cameras.ts';
import type { ApiClient } from '../../../web/api/client.ts';
import { apiKey } from '../../../web/api/injection.ts';
import { useCameras } from '../../../web/cameras/cameras-store.ts';
import { useFreshFigures } from '../../../web/cameras/use-fresh-figures.ts';

function camera(name: string): Camera {
  return { id: 'camera-1', name, streams: [], state: { status: 'online', streams: [] } } as unknown as Camera;
}

describe('figures of a camera that is looked at', () => {
  let answer: () => Promise<Camera>;
  let scope: EffectScope;
  let asked: string[];

  beforeEach(() => {
    vi.useFakeTimers();
    asked = [];
    const api = {
      get: async (path: string) => {
        asked.push(path);
        return answer();
      },
    } as unknown as ApiClient;
    const app = createApp({});
    app.provide(apiKey, api);
    const pinia = createPinia();
    app.use(pinia);
    setActivePinia(pinia);
    useCameras().put(camera('as it was'));
    scope = effectScope();
  });
  afterEach(() => {
    scope.stop();
    vi.useRealTimers();
  });

  it('are read again and again, until nobody looks', async () => {
    let count = 0;
    answer = () => Promise.resolve(camera(`read ${(count += 1)}`));
    scope.run(() => useFreshFigures('camera-1'));
    await vi.advanceTimersByTimeAsync(6500);
    expect(useCameras().byId.get('camera-1')?.name).toBe('read 3');
    scope.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toEqual(Array.from({ length: 3 }, () => '/cameras/camera-1'));
  });

  it('never undo what an event told meanwhile', async () => {
    let arrive: (value: Camera) => void = () => {};
    answer = () => new Promise((resolve) => (arrive = resolve));
    scope.run(() => useFreshFigures('camera-1'));
    await vi.advanceTimersByTimeAsync(10);
    useCameras().put(camera('told by an event'));
    arrive(camera('older'));
    await vi.advanceTimersByTimeAsync(10);
    expect(useCameras().byId.get('camera-1')?.name).toBe('told by an event');
  });

  it('stay as they are when a reading fails, and the next one is made', async () => {
    answer = () => Promise.reject(new Error('unavailable'));
    scope.run(() => useFreshFigures('camera-1'));
    await vi.advanceTimersByTimeAsync(10);
    expect(useCameras().byId.get('camera-1')?.name).toBe('as it was');
    answer = () => Promise.resolve(camera('read'));
    await vi.advanceTimersByTimeAsync(3000);
    expect(useCameras().byId.get('camera-1')?.name).toBe('read');
  });
});
