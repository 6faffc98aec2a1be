/** Full screen: a page (the wall) asks for the whole screen, and the bar steps aside. */
import { defineStore } from 'pinia';
import { useEventListener } from '@vueuse/core';
import { ref } from 'vue';

export const useImmersion = defineStore('immersion', () => {
  const isOn = ref(false);

  useEventListener(document, 'fullscreenchange', () => (isOn.value = document.fullscreenElement !== null));

  /** Enters or leaves. Where the browser refuses full screen, the bar still goes. */
  async function toggle(): Promise<void> {
    isOn.value = !isOn.value;
    try {
      if (isOn.value) await document.documentElement.requestFullscreen();
      else if (document.fullscreenElement) await document.exitFullscreen();
    } catch {
      // Refused, as in an embedded frame; hiding the bar is what is left.
    }
  }

  /** Leaves when the page that asked goes away. */
  function leave(): void {
    if (isOn.value) void toggle();
  }

  return { isOn, toggle, leave };
});
