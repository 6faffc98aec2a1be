/** All cameras the person may see, with their states kept by realtime events. */
import { useDebounceFn, useTimeoutFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive } from 'vue';
import type { Camera } from '../../server/contract/cameras.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { LiveList } from '../realtime/live-list.ts';
import { useRealtime } from '../realtime/realtime-store.ts';

/** A server that was restarted answers lists some seconds after it takes the realtime link. */
const readAgainMs = 3000;

export const useCameras = defineStore('cameras', () => {
  const api = useApi();
  const realtime = useRealtime();
  // Shallow: a tile depends on its own camera only, and ten thousand cameras are not wrapped in proxies.
  const list = new LiveList<Camera>(shallowReactive(new Map<string, Camera>()), (camera) => camera.id);
  const byId: ReadonlyMap<string, Camera> = list.items;
  const phase = ref<'empty' | 'loading' | 'ready' | 'failed'>('empty');
  const problem = ref<string | null>(null);
  const readAgain = useTimeoutFn(() => load(), readAgainMs, { immediate: false });

  // A camera, compound or area was added or changed; an import announces hundreds, one read is enough.
  const reloadSoon = useDebounceFn(() => (phase.value === 'empty' ? undefined : load()), 400);

  realtime.subscribe({
    event(event) {
      if (event.name === 'camera.changed') {
        if (!byId.has(event.cameraId) && phase.value === 'ready') void loadOne(event.cameraId);
        list.apply(event.cameraId, (camera) => camera && { ...camera, state: event.state });
      }
      if (event.name === 'district.changed') void reloadSoon();
    },
    reload() {
      if (phase.value !== 'empty') void load();
    },
  });

  /** Reads the list unless it is there or on its way. */
  async function ensureLoaded(): Promise<void> {
    if (phase.value === 'empty' || phase.value === 'failed') await load();
  }

  /** Reads the list again. A failure is kept in `problem`; what was there stays. */
  async function load(): Promise<void> {
    const readNumber = list.beginRead();
    if (phase.value !== 'ready') phase.value = 'loading';
    try {
      const cameras = await api.listAll<Camera>('/cameras');
      if (list.finishRead(readNumber, cameras)) {
        phase.value = 'ready';
        problem.value = null;
      }
    } catch (error) {
      list.abandonRead(readNumber);
      problem.value = problemCodeOf(error);
      // What is on screen may have missed events, and nobody would ask again.
      if (phase.value === 'ready') readAgain.start();
      else phase.value = 'failed';
    }
  }

  /** Reads one camera again, after it was added or edited. */
  async function loadOne(id: string): Promise<void> {
    try {
      put(await api.get<Camera>(`/cameras/${encodeURIComponent(id)}`));
    } catch (error) {
      if (problemCodeOf(error) === 'not-found') list.apply(id, () => null);
    }
  }

  /** Reads the figures of one camera that is in the list. What an event told meanwhile is newer and stays; a failure changes nothing. */
  async function refresh(id: string): Promise<void> {
    const before = byId.get(id);
    try {
      const camera = await api.get<Camera>(`/cameras/${encodeURIComponent(id)}`);
      if (before !== undefined && byId.get(id) === before) put(camera);
    } catch {
      // The next reading may succeed; whoever took the camera away announces it.
    }
  }

  /** Takes over a camera that an answer brought. */
  function put(camera: Camera): void {
    list.apply(camera.id, () => camera);
  }

  function drop(id: string): void {
    list.apply(id, () => null);
  }

  const inOrder = computed(() => [...byId.values()].toSorted((a, b) => a.name.localeCompare(b.name, 'zh-Hans-CN', { numeric: true })));
  return { byId, inOrder, phase, problem, ensureLoaded, load, loadOne, refresh, put, drop };
});
