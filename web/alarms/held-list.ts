/** A list that does not move under the pointer: while it is held, new items wait and gone items stay where they are. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue';

export interface HeldIds {
  readonly shownIds: readonly string[];
  /** Items that wait to be shown. */
  readonly waitingCount: number;
}

/** `shownIds` on screen now, `liveIds` as they should be. */
export function holdIds(shownIds: readonly string[], liveIds: readonly string[], isHeld: boolean): HeldIds {
  if (!isHeld || shownIds.length === 0) return { shownIds: liveIds, waitingCount: 0 };
  const shown = new Set(shownIds);
  return { shownIds, waitingCount: liveIds.filter((id) => !shown.has(id)).length };
}

/** {@link holdIds} over changing lists. Set `isHeld` while the pointer or the focus is inside; `release()` shows what waits at once. */
export function useHeldIds(liveIds: () => readonly string[]): {
  held: Readonly<Ref<HeldIds>>;
  isHeld: Ref<boolean>;
  release: () => void;
} {
  const isHeld = ref(false);
  const held = shallowRef<HeldIds>({ shownIds: liveIds(), waitingCount: 0 });
  watch(
    () => [liveIds(), isHeld.value] as const,
    ([ids, isHeldNow]) => (held.value = holdIds(held.value.shownIds, ids, isHeldNow)),
  );
  return { held: computed(() => held.value), isHeld, release: () => (held.value = { shownIds: liveIds(), waitingCount: 0 }) };
}
