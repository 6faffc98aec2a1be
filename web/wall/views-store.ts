/** Saved views of the wall: one's own and the shared ones. */
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import type { WallView } from '../../server/contract/system.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';

/** What is saved: the view without what the server adds. */
export type WallViewEntry = Omit<WallView, 'id' | 'ownerId'>;

export const useWallViews = defineStore('wall-views', () => {
  const api = useApi();
  const views = shallowRef<readonly WallView[]>([]);
  const problem = ref<string | null>(null);

  async function load(): Promise<void> {
    try {
      views.value = await api.listAll<WallView>('/wall-views');
      problem.value = null;
    } catch (error) {
      problem.value = problemCodeOf(error);
    }
  }

  async function create(entry: WallViewEntry): Promise<WallView> {
    const view = await api.post<WallView>('/wall-views', entry);
    views.value = [...views.value, view];
    return view;
  }

  async function save(id: string, entry: WallViewEntry): Promise<void> {
    const saved = await api.put<WallView>(`/wall-views/${encodeURIComponent(id)}`, entry);
    views.value = views.value.map((view) => (view.id === id ? saved : view));
  }

  async function remove(id: string): Promise<void> {
    await api.remove(`/wall-views/${encodeURIComponent(id)}`);
    views.value = views.value.filter((view) => view.id !== id);
  }

  return { views, problem, load, create, save, remove };
});
