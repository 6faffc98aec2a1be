/** Areas and compounds: the tree that cameras hang in. */
import { useDebounceFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowRef } from 'vue';
import type { Area, Compound } from '../../server/contract/district.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { useRealtime } from '../realtime/realtime-store.ts';

export const useDistrict = defineStore('district', () => {
  const api = useApi();
  const realtime = useRealtime();
  const areas = shallowRef<readonly Area[]>([]);
  const compounds = shallowRef<readonly Compound[]>([]);
  const phase = ref<'empty' | 'loading' | 'ready' | 'failed'>('empty');
  const problem = ref<string | null>(null);

  // An import announces hundreds of changes; one read is enough.
  const reloadSoon = useDebounceFn(() => (phase.value === 'empty' ? undefined : load()), 400);

  realtime.subscribe({
    event(event) {
      if (event.name === 'district.changed') void reloadSoon();
    },
    reload() {
      if (phase.value !== 'empty') void load();
    },
  });

  async function ensureLoaded(): Promise<void> {
    if (phase.value === 'empty' || phase.value === 'failed') await load();
  }

  async function load(): Promise<void> {
    if (phase.value !== 'ready') phase.value = 'loading';
    try {
      [areas.value, compounds.value] = await Promise.all([api.listAll<Area>('/areas'), api.listAll<Compound>('/compounds')]);
      phase.value = 'ready';
      problem.value = null;
    } catch (error) {
      problem.value = problemCodeOf(error);
      if (phase.value !== 'ready') phase.value = 'failed';
    }
  }

  const areaById = computed(() => new Map(areas.value.map((area) => [area.id, area])));
  const compoundById = computed(() => new Map(compounds.value.map((compound) => [compound.id, compound])));

  /** Names from the district down to the compound, such as `资中县 / 重龙镇 / 后西社区 / 滨江苑`; empty for null or unknown. */
  function placeOf(compoundId: string | null): string {
    const compound = compoundId === null ? undefined : compoundById.value.get(compoundId);
    if (!compound) return '';
    const names = [compound.name];
    let area = areaById.value.get(compound.areaId);
    // Bounded by the depth of the tree; a cycle in bad data must not hang the page.
    for (let depth = 0; area && depth < 8; depth += 1) {
      names.unshift(area.name);
      area = area.parentId === null ? undefined : areaById.value.get(area.parentId);
    }
    return names.join(' / ');
  }

  return { areas, compounds, areaById, compoundById, phase, problem, ensureLoaded, load, placeOf };
});
