/** Closed alarms, which the live list does not keep: read page by page as somebody asks for them. */
import { computed, watch } from 'vue';
import type { Alarm } from '../../server/contract/alarms.ts';
import { usePagedList } from '../api/paged-list.ts';
import type { AlarmFilter } from './alarm-filter.ts';

export function useClosedAlarms(filter: () => AlarmFilter) {
  const isAsked = computed(() => filter().handling === 'closed' || filter().handling === 'all');
  const list = usePagedList<Alarm>('/alarms', () => ({ handling: 'closed', condition: filter().condition === 'all' ? null : filter().condition }));
  watch([isAsked, () => filter().condition], ([isAskedNow]) => void (isAskedNow && list.reload()), { immediate: true });
  return {
    ...list,
    alarms: computed(() => (isAsked.value ? list.items.value : [])),
    nextCursor: computed(() => (isAsked.value ? list.nextCursor.value : null)),
    problem: computed(() => (isAsked.value ? list.problem.value : null)),
  };
}
