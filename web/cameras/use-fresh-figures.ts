/** Keeps the measured figures of one camera young while they are on screen: events tell of its status, not of every figure. */
import { useIntervalFn } from '@vueuse/core';
import { toValue, type MaybeRefOrGetter } from 'vue';
import { useCameras } from './cameras-store.ts';

/** Nodes measure once a second; a person reads slower. */
const readEveryMs = 3000;

/** Call in `setup`; ends with the scope. */
export function useFreshFigures(cameraId: MaybeRefOrGetter<string>): void {
  const cameras = useCameras();
  let isReading = false;

  async function read(): Promise<void> {
    if (isReading || document.hidden) return;
    isReading = true;
    await cameras.refresh(toValue(cameraId));
    isReading = false;
  }

  useIntervalFn(() => void read(), readEveryMs, { immediateCallback: true });
}
