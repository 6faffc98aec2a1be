/** What is recorded of the chosen cameras around the window in sight; read again when the window moves, and while it shows the present. */
import { useIntervalFn, watchDebounced } from '@vueuse/core';
import { computed, ref, shallowRef, type Ref } from 'vue';
import type { RecordingTimeline } from '../../server/contract/cameras.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { useServerClock } from '../clock/server-clock.ts';
import { parseTimeline, type RecordedTime } from './recorded-time.ts';
import type { TimeWindow } from './timeline-scale.ts';

/** The present moves on: this often. */
const refreshMs = 10_000;

/** The API gives at most 32 days at once. */
const longestQueryMs = 31.5 * 24 * 60 * 60_000;

export function useRecordedTime(cameraIds: Readonly<Ref<readonly string[]>>, window: Readonly<Ref<TimeWindow>>) {
  const api = useApi();
  const serverClock = useServerClock();
  const byCamera = shallowRef<ReadonlyMap<string, RecordedTime>>(new Map());
  const problem = ref<string | null>(null);
  let running = new AbortController();

  async function load(): Promise<void> {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    // Up to three windows wide, so that dragging shows what is there before the next answer.
    const lengthMs = window.value.toMs - window.value.fromMs;
    const marginMs = Math.min(lengthMs, (longestQueryMs - lengthMs) / 2);
    const query = { from: new Date(window.value.fromMs - marginMs).toISOString(), to: new Date(window.value.toMs + marginMs).toISOString() };
    try {
      const answers = await Promise.all(
        cameraIds.value.map(
          async (id) =>
            [id, parseTimeline(await api.get<RecordingTimeline>(`/cameras/${encodeURIComponent(id)}/recordings`, query, signal))] as const,
        ),
      );
      byCamera.value = new Map(answers);
      problem.value = null;
    } catch (error) {
      if (!signal.aborted) problem.value = problemCodeOf(error);
    }
  }

  watchDebounced([cameraIds, window], load, { debounce: 200, immediate: true });
  useIntervalFn(() => {
    if (serverClock.read() < window.value.toMs + 2 * refreshMs) void load();
  }, refreshMs);

  return { byCamera: computed(() => byCamera.value), problem, load };
}
