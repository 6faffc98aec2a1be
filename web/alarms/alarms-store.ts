/** Alarms that are not closed, kept by realtime events: the count in the bar, the panel of the wall, red tiles. */
import { useTimeoutFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, ref, shallowReactive } from 'vue';
import type { Alarm } from '../../server/contract/alarms.ts';
import { useApi } from '../api/injection.ts';
import { problemCodeOf } from '../api/problem.ts';
import { LiveList } from '../realtime/live-list.ts';
import { useRealtime } from '../realtime/realtime-store.ts';
import { keepWhileNotClosed, newestFirst } from './alarm-order.ts';

/** Acknowledged alarms wait for their end without asking for anything: the newest are enough for the screen. */
const acknowledgedAtMost = 500;

/** A server that was restarted answers lists some seconds after it takes the realtime link. */
const readAgainMs = 3000;

export const useAlarms = defineStore('alarms', () => {
  const api = useApi();
  const realtime = useRealtime();
  const list = new LiveList<Alarm>(shallowReactive(new Map<string, Alarm>()), (alarm) => alarm.id);
  const byId: ReadonlyMap<string, Alarm> = list.items;
  const phase = ref<'empty' | 'loading' | 'ready' | 'failed'>('empty');
  const problem = ref<string | null>(null);
  const readAgain = useTimeoutFn(() => load(), readAgainMs, { immediate: false });

  realtime.subscribe({
    event(event) {
      if (event.name === 'alarm.raised' || event.name === 'alarm.changed') put(event.alarm);
    },
    reload() {
      if (phase.value !== 'empty') void load();
    },
  });

  async function ensureLoaded(): Promise<void> {
    if (phase.value === 'empty' || phase.value === 'failed') await load();
  }

  async function load(): Promise<void> {
    const readNumber = list.beginRead();
    if (phase.value !== 'ready') phase.value = 'loading';
    try {
      const [open, acknowledged] = await Promise.all([
        api.listAll<Alarm>('/alarms', { handling: 'open' }),
        api.listAll<Alarm>('/alarms', { handling: 'acknowledged' }, acknowledgedAtMost),
      ]);
      if (list.finishRead(readNumber, [...open, ...acknowledged])) {
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

  /** Takes over an alarm that an answer or an event brought. */
  function put(alarm: Alarm): void {
    list.apply(alarm.id, () => keepWhileNotClosed(alarm));
  }

  /** Acknowledges one alarm. Throws `already-acknowledged` with who took it. */
  async function acknowledge(id: string, note?: string): Promise<Alarm> {
    const alarm = await api.post<Alarm>(`/alarms/${encodeURIComponent(id)}/acknowledgement`, note ? { note } : {});
    put(alarm);
    return alarm;
  }

  async function close(id: string, note: string): Promise<Alarm> {
    const alarm = await api.post<Alarm>(`/alarms/${encodeURIComponent(id)}/close`, { note });
    put(alarm);
    return alarm;
  }

  const inOrder = computed(() => [...byId.values()].toSorted(newestFirst));
  const open = computed(() => inOrder.value.filter((alarm) => alarm.handling === 'open'));
  /** The newest unacknowledged alarm of each camera: what makes its tile red. */
  const openByCamera = computed(() => new Map(open.value.toReversed().map((alarm) => [alarm.cameraId, alarm])));
  return { byId, inOrder, open, openByCamera, phase, problem, ensureLoaded, load, put, acknowledge, close };
});
