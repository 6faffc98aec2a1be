/** Closed alarms, which the live list does not keep: read page by page as somebody asks for them. */
import { ref, shallowRef, watch } from 'vue';
import type { Alarm } from '../../server/contract/alarms.ts';
import type { Page } from '../../server/contract/system.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import type { AlarmFilter } from './alarm-filter.ts';

const pageSize = 100;

export function useClosedAlarms(filter: () => AlarmFilter) {
  const api = useApi();
  const alarms = shallowRef<readonly Alarm[]>([]);
  const nextCursor = ref<string | null>(null);
  const problem = ref<string | null>(null);
  const isLoading = ref(false);
  let generation = 0;

  async function loadMore(): Promise<void> {
    const { handling, condition } = filter();
    if (handling !== 'closed' && handling !== 'all') return;
    const mine = generation;
    isLoading.value = true;
    try {
      const page = await api.get<Page<Alarm>>('/alarms', {
        handling: 'closed',
        condition: condition === 'all' ? null : condition,
        limit: pageSize,
        cursor: nextCursor.value,
      });
      if (mine !== generation) return;
      alarms.value = [...alarms.value, ...page.items];
      nextCursor.value = page.nextCursor;
      problem.value = null;
    } catch (error) {
      if (mine === generation) problem.value = problemCodeOf(error);
    } finally {
      if (mine === generation) isLoading.value = false;
    }
  }

  function reload(): Promise<void> {
    generation += 1;
    alarms.value = [];
    nextCursor.value = null;
    isLoading.value = false;
    return loadMore();
  }

  watch(() => JSON.stringify(filter()), reload, { immediate: true });
  return { alarms, nextCursor, problem, isLoading, loadMore, reload };
}
