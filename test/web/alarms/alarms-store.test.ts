// @vitest-environment happy-dom
import { createPinia, setActivePinia } from 'pinia';
import { createApp } from 'vue';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { apiKey } from '../../../web/api/injection.ts';
import type { ApiClient } from '../../../web/api/client.ts';
import { useAlarms } from '../../../web/alarms/alarms-store.ts';

/** The lists as the server answers them, or that it does not. */
let answer: () => Promise<readonly unknown[]>;
let asked: number;

beforeEach(() => {
  vi.useFakeTimers();
  asked = 0;
  answer = async () => [];
  const app = createApp({});
  const api: Partial<ApiClient> = {
    listAll: (async () => {
      asked += 1;
      return answer();
    }) as ApiClient['listAll'],
  };
  app.provide(apiKey, api as ApiClient);
  const pinia = createPinia();
  app.use(pinia);
  setActivePinia(pinia);
});
afterEach(() => vi.useRealTimers());

describe('alarms of the page', () => {
  it('are read again when a reading fails that was to make up for missed events', async () => {
    const alarms = useAlarms();
    await alarms.ensureLoaded();
    expect([alarms.phase, asked]).toEqual(['ready', 2]);
    answer = () => Promise.reject(new Error('unavailable'));
    await alarms.load();
    expect([alarms.phase, alarms.problem === null, asked]).toEqual(['ready', false, 4]);
    await vi.advanceTimersByTimeAsync(3000);
    expect(asked).toBe(6);
    answer = async () => [];
    await vi.advanceTimersByTimeAsync(3000);
    expect([alarms.problem, asked]).toEqual([null, 8]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked).toBe(8);
  });
});
