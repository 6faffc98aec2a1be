/** Whether a person can see an element: within the window, in a tab that is in front. */
import { useDocumentVisibility, useIntersectionObserver } from '@vueuse/core';
import { computed, shallowRef, watch, type Ref } from 'vue';

/** A hidden tab keeps its pictures this long, so that a glance at another tab does not reconnect a whole wall. */
const hiddenGraceMs = 5000;

/** True from the start until the first measurement, so that pictures in sight begin at once. */
export function useOnScreen(element: Readonly<Ref<HTMLElement | null>>): Readonly<Ref<boolean>> {
  const isInWindow = shallowRef(true);
  const isTabShown = shallowRef(true);
  useIntersectionObserver(element, (entries) => {
    const newest = entries.at(-1);
    if (newest) isInWindow.value = newest.isIntersecting;
  });
  const visibility = useDocumentVisibility();
  watch(
    visibility,
    (value, _before, onCleanup) => {
      if (value === 'visible') {
        isTabShown.value = true;
        return;
      }
      const timer = setTimeout(() => (isTabShown.value = false), hiddenGraceMs);
      onCleanup(() => clearTimeout(timer));
    },
    { immediate: true },
  );
  return computed(() => isInWindow.value && isTabShown.value);
}
