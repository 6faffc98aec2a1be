/** All compounds with their counts, for the ledger, the map and coverage. */
import { useDebounceFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { CompoundSummary } from '../../server/contract/district.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { useCameras } from '../cameras/cameras-store.ts';
import { useRealtime } from '../realtime/realtime-store.ts';

/** Many cameras come online together when a site's link returns; one read serves them all. */
const RELOAD_DELAY_MS = 3000;

export const useCompoundSummaries = defineStore('compound-summaries', () => {
  const api = useApi();
  const realtime = useRealtime();
  const cameras = useCameras();
  const items = shallowRef<readonly CompoundSummary[]>([]);
  const phase = ref<'empty' | 'loading' | 'ready' | 'failed'>('empty');
  const problem = ref<string | null>(null);
  let reading = 0;

  const loadSoon = useDebounceFn(() => {
    if (phase.value !== 'empty') void load();
  }, RELOAD_DELAY_MS);

  realtime.subscribe({
    event(event) {
      if (event.name === 'district.changed' && phase.value !== 'empty') void load();
      // The first time online makes a camera "networked" and may cover points; later changes do not touch these counts.
      if (event.name === 'camera.changed' && event.state.status === 'online' && cameras.byId.get(event.cameraId)?.firstOnlineAt === null)
        void loadSoon();
    },
    reload() {
      if (phase.value !== 'empty') void load();
    },
  });

  async function ensureLoaded(): Promise<void> {
    if (phase.value === 'empty' || phase.value === 'failed') await load();
  }

  /** Reads the list again. A failure is kept in `problem`; what was there stays. */
  async function load(): Promise<void> {
    const mine = ++reading;
    if (phase.value !== 'ready') phase.value = 'loading';
    try {
      const read = await api.listAll<CompoundSummary>('/compound-summaries');
      if (mine !== reading) return;
      items.value = read;
      phase.value = 'ready';
      problem.value = null;
    } catch (error) {
      if (mine !== reading) return;
      problem.value = problemCodeOf(error);
      if (phase.value !== 'ready') phase.value = 'failed';
    }
  }

  const inOrder = computed(() => items.value.toSorted((a, b) => a.compound.name.localeCompare(b.compound.name, 'zh-Hans-CN', { numeric: true })));
  const byId = computed(() => new Map(items.value.map((summary) => [summary.compound.id, summary])));
  return { inOrder, byId, phase, problem, ensureLoaded, load };
});
