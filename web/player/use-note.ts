/** A word in passing: shown for a few seconds on the picture it is about. */
import { onScopeDispose, readonly, shallowRef } from 'vue';

/** Time to read a line without waiting for it to go. */
const shownMs = 5000;

/** Call in `setup`; a new note replaces the one before. */
export function useNote() {
  const text = shallowRef<string | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function say(next: string | null): void {
    clearTimeout(timer);
    text.value = next;
    if (next !== null) timer = setTimeout(() => (text.value = null), shownMs);
  }

  onScopeDispose(() => clearTimeout(timer));
  return { text: readonly(text), say };
}
