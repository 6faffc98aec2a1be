/** The main stream for an enlarged tile: asks for a place when the sub stream has too few pixels, and gives it back. */
import { computed, onScopeDispose, shallowRef, toValue, watch, type MaybeRefOrGetter, type Ref } from 'vue';
import type { Camera } from '../../server/contract/cameras.ts';
import type { StreamCause } from '../player/live-machine.ts';
import type { StreamRole } from '../player/stream-plan.ts';
import { pictureSize, type Zoom, type ZoomView } from './picture-zoom.ts';
import { explainZoomStream, hasPlace, needsMainStream, type ZoomStreamWord } from './zoom-stream.ts';

export interface ZoomStreamOptions {
  readonly zoom: Readonly<Ref<Zoom>>;
  readonly view: Readonly<Ref<ZoomView>>;
  readonly camera: MaybeRefOrGetter<Camera | undefined>;
  /** What the layout or the person asks for. */
  readonly role: MaybeRefOrGetter<StreamRole | 'auto'>;
  /** All askers of the page; reactive. */
  readonly askers: Set<symbol>;
}

/** A turn of the wheel comes in many steps: only what it comes to counts. */
const settleMs = 350;

/** Call in `setup`; the place is given back with the scope. */
export function useZoomStream(options: ZoomStreamOptions) {
  const key = Symbol('tile');
  const isAsking = shallowRef(false);
  const needsMain = computed(() =>
    needsMainStream({
      scale: options.zoom.value.scale,
      pictureWidthPx: pictureSize(options.view.value).widthPx * window.devicePixelRatio,
      streams: toValue(options.camera)?.state.streams ?? [],
      isAsking: isAsking.value,
    }),
  );
  const hasMain = computed(() => toValue(options.camera)?.streams.some(({ role }) => role === 'main') ?? false);

  function ask(wants: boolean): void {
    isAsking.value = wants;
    if (wants) options.askers.add(key);
    else options.askers.delete(key);
  }

  const cameraId = computed(() => toValue(options.camera)?.id);
  const wants = computed(() => needsMain.value && hasMain.value && toValue(options.role) === 'auto');
  watch([wants, cameraId], ([isWanted], _before, onCleanup) => {
    const timer = setTimeout(() => ask(isWanted), settleMs);
    onCleanup(() => clearTimeout(timer));
  });
  // What was asked for was another camera's stream.
  watch(cameraId, () => ask(false), { flush: 'sync' });
  onScopeDispose(() => ask(false));

  /** The tile may have the main stream for its zoom. */
  const isGranted = computed(() => isAsking.value && hasPlace(options.askers, key));

  function explain(playingRole: StreamRole | null, because: StreamCause | null): ZoomStreamWord | null {
    return explainZoomStream({
      scale: options.zoom.value.scale,
      role: toValue(options.role),
      playingRole,
      hasMain: hasMain.value,
      needsMain: needsMain.value,
      hasPlace: !isAsking.value || isGranted.value,
      because,
    });
  }

  return { isGranted, explain };
}
