/** Who sounds: one picture of the whole page at a time, and none at first. Keeps the level from visit to visit. */
import { useStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { SoundState } from './sound-carriage.ts';

/** A picture that was asked to sound. `key` tells two tiles of one camera apart. */
export interface SoundHolder {
  readonly key: symbol;
  readonly cameraId: string;
}

/** Where a picture stands with its sound. `isHeard`: it comes out of the loudspeaker, with a live picture. */
export interface SoundReport {
  readonly key: symbol;
  readonly state: SoundState;
  readonly isHeard: boolean;
}

/** Below this nobody hears a thing, and the page would say that it sounds. */
export const lowestLevel = 0.05;

export const useSoundDesk = defineStore('sound-desk', () => {
  const holder = shallowRef<SoundHolder | null>(null);
  const lastReport = shallowRef<SoundReport | null>(null);
  /** Of the picture that was asked; null while none is, or it has not told yet. */
  const present = computed(() => (lastReport.value !== null && lastReport.value.key === holder.value?.key ? lastReport.value : null));
  const kept = useStorage('yilan.sound.level', 0.8);
  /** 0.05–1. */
  const level = computed({
    get: () => boundedLevel(kept.value),
    set: (value: number) => (kept.value = boundedLevel(value)),
  });

  /** Lets this picture sound; whoever did is silent. */
  function give(next: SoundHolder): void {
    holder.value = next;
  }

  /** Silences a picture; nothing when it does not sound. */
  function take(key: symbol): void {
    if (holder.value?.key === key) holder.value = null;
  }

  /** Silences whatever sounds. */
  function silence(): void {
    holder.value = null;
  }

  /** Takes over what the picture that was asked tells; that of others is nobody's business. */
  function report(next: SoundReport): void {
    if (holder.value?.key === next.key) lastReport.value = next;
  }

  return { holder, present, level, give, take, silence, report };
});

function boundedLevel(value: number): number {
  return Number.isFinite(value) ? Math.min(1, Math.max(lowestLevel, value)) : 0.8;
}
