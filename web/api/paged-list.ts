/** A list read page by page as somebody asks for more: the access register, the audit trail. */
import { ref, shallowRef } from 'vue';
import type { Page } from '../../server/contract/system.ts';
import type { Query } from './client.ts';
import { useApi } from './injection.ts';
import { problemCodeOf } from './problem.ts';

const pageSize = 100;

/** Call in `setup`. `reload` begins anew, as after a change of the query; answers that come late are dropped. */
export function usePagedList<Item>(path: string, query: () => Query = () => ({})) {
  const api = useApi();
  const items = shallowRef<readonly Item[]>([]);
  const nextCursor = ref<string | null>(null);
  const problem = ref<string | null>(null);
  const isLoading = ref(false);
  let generation = 0;

  async function loadMore(): Promise<void> {
    const mine = generation;
    isLoading.value = true;
    try {
      const page = await api.get<Page<Item>>(path, { ...query(), limit: pageSize, cursor: nextCursor.value });
      if (mine !== generation) return;
      items.value = [...items.value, ...page.items];
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
    items.value = [];
    nextCursor.value = null;
    return loadMore();
  }

  return { items, nextCursor, problem, isLoading, loadMore, reload };
}
