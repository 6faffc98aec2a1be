/** Reads the figure of an area and those of its parts, again whenever something that counts has changed. */
import { useDebounceFn } from '@vueuse/core';
import { onScopeDispose, ref, shallowRef, toValue, watch } from 'vue';
import type { MaybeRefOrGetter } from 'vue';
import type { CoverageFigure } from '../../server/contract/coverage.ts';
import type { Area } from '../../server/contract/district.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { useCameras } from '../cameras/cameras-store.ts';
import { useRealtime } from '../realtime/realtime-store.ts';
import type { CoverageQuery } from './coverage-query.ts';

/** Parts of an area with their figures. */
export type AreaFigure = CoverageFigure & { readonly areaName: string };

/** Many cameras come online together when a link returns; one computation serves them all. */
const RELOAD_DELAY_MS = 3000;

/** The figures for a query. `parts` are the street offices of the district or the communities of a street office; empty below. */
export function useCoverageFigures(
  query: MaybeRefOrGetter<CoverageQuery>,
  area: MaybeRefOrGetter<Area | undefined>,
  children: MaybeRefOrGetter<readonly Area[]>,
) {
  const api = useApi();
  const realtime = useRealtime();
  const cameras = useCameras();
  const figure = shallowRef<CoverageFigure | null>(null);
  const parts = shallowRef<readonly AreaFigure[]>([]);
  const phase = ref<'loading' | 'ready' | 'failed'>('loading');
  const problem = ref<string | null>(null);
  let reading = 0;

  async function load(): Promise<void> {
    const asked = toValue(area);
    if (asked === undefined) return;
    const mine = ++reading;
    const { kind, at } = toValue(query);
    try {
      const [readFigure, readParts] = await Promise.all([
        api.get<CoverageFigure>('/coverage', { area: asked.id, kind, at }),
        loadParts(asked, toValue(children), { kind, at }),
      ]);
      if (mine !== reading) return;
      figure.value = readFigure;
      parts.value = readParts;
      phase.value = 'ready';
      problem.value = null;
    } catch (error) {
      if (mine !== reading) return;
      problem.value = problemCodeOf(error);
      phase.value = 'failed';
    }
  }

  async function loadParts(asked: Area, below: readonly Area[], question: Pick<CoverageQuery, 'kind' | 'at'>): Promise<readonly AreaFigure[]> {
    if (asked.kind === 'district') {
      const answer = await api.get<{ readonly items: readonly AreaFigure[] }>('/coverage/by-area', question);
      return answer.items;
    }
    // A street office has a few dozen communities at most.
    return Promise.all(
      below.map(async (child) => ({ ...(await api.get<CoverageFigure>('/coverage', { area: child.id, ...question })), areaName: child.name })),
    );
  }

  const loadSoon = useDebounceFn(() => void load(), RELOAD_DELAY_MS);
  onScopeDispose(
    realtime.subscribe({
      event(event) {
        if (toValue(query).at !== null) return;
        if (event.name === 'district.changed') void load();
        if (event.name === 'camera.changed' && event.state.status === 'online' && cameras.byId.get(event.cameraId)?.firstOnlineAt === null)
          void loadSoon();
      },
      reload: () => void load(),
    }),
  );
  watch(
    () => [toValue(area)?.id, toValue(query).kind, toValue(query).at] as const,
    ([id], before) => {
      if (id === undefined) return;
      // Another area: what is on screen is not about it. Another kind or moment: the old figure stays until the new one is there.
      if (before?.[0] !== id) phase.value = 'loading';
      void load();
    },
    { immediate: true },
  );

  return { figure, parts, phase, problem, load };
}
