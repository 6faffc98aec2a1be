/** The server's clock in this browser, and one tick a second that every counting text on the page shares. */
import { defineStore } from 'pinia';
import { useIntervalFn } from '@vueuse/core';
import { ref } from 'vue';

export const useServerClock = defineStore('server-clock', () => {
  const offsetMs = ref(0);
  const nowMs = ref(Date.now());

  function read(): number {
    return Date.now() + offsetMs.value;
  }

  /** Takes the server's time as it stood in an answer that has just arrived; half a round trip of error is fine for a clock in seconds. */
  function learn(serverTime: string): void {
    const atMs = Date.parse(serverTime);
    if (Number.isNaN(atMs)) return;
    offsetMs.value = atMs - Date.now();
    nowMs.value = read();
  }

  useIntervalFn(() => (nowMs.value = read()), 1000);

  /** `nowMs` is reactive and moves once a second; `read()` is exact and is not. */
  return { nowMs, read, learn };
});
