/**
 * Digital zoom of one picture: the wheel zooms at the pointer, dragging moves, two fingers do both, a double click shows the
 * whole picture again. Only the layer with the picture gets a transform; nothing around it is laid out anew.
 */
import { useEventListener } from '@vueuse/core';
import { computed, shallowRef, toValue, type MaybeRefOrGetter, type Ref } from 'vue';
import {
  bounded,
  centreOn,
  keyFactor,
  lookFurther,
  panBy,
  transformOf,
  wheelFactor,
  wholePicture,
  zoomAt,
  type Point,
  type Zoom,
  type ZoomView,
} from './picture-zoom.ts';
import { zoomCommandOf, type ZoomCommand } from './zoom-keys.ts';

export interface ZoomOptions {
  /** Holds the picture and clips it; takes the pointer. */
  readonly frame: Readonly<Ref<HTMLElement | null>>;
  readonly video: Readonly<Ref<HTMLVideoElement | null>>;
  /** Size of the frame, px. */
  readonly widthPx: Readonly<Ref<number>>;
  readonly heightPx: Readonly<Ref<number>>;
  readonly isEnabled: MaybeRefOrGetter<boolean>;
  /** The frame listens to keys itself, while it has the focus; false where a page does that for it. */
  readonly hasKeys: MaybeRefOrGetter<boolean>;
}

/** An arrow goes on by this share of what is seen. */
const arrowShare = 0.2;
/** A trackpad tells a pinch as a wheel with Ctrl, in much smaller steps than a wheel. */
const trackpadGain = 3;
/** Until a picture came, its shape is not known. */
const likelyAspect = 16 / 9;

const directions: Readonly<Partial<Record<ZoomCommand, Point>>> = {
  left: { x: -arrowShare, y: 0 },
  right: { x: arrowShare, y: 0 },
  up: { x: 0, y: -arrowShare },
  down: { x: 0, y: arrowShare },
};

/** Call in `setup`; everything ends with the scope. */
export function useZoom(options: ZoomOptions) {
  const asked = shallowRef<Zoom>(wholePicture);
  const aspect = shallowRef(likelyAspect);
  const view = computed<ZoomView>(() => ({
    widthPx: Math.max(1, options.widthPx.value),
    heightPx: Math.max(1, options.heightPx.value),
    aspect: aspect.value,
  }));
  const zoom = computed(() => bounded(asked.value, view.value));
  const isZoomed = computed(() => zoom.value.scale > 1);
  const transform = computed(() => transformOf(zoom.value, view.value));
  /** Pointers that are down, by id; the place of each on the frame, px. */
  const pointers = new Map<number, Point>();
  const isDragging = shallowRef(false);

  function set(next: Zoom): void {
    asked.value = next;
  }

  /** Shows the whole picture again. */
  function reset(): void {
    asked.value = wholePicture;
  }

  /** What a key asks for. */
  function perform(command: ZoomCommand): void {
    const middle = { x: view.value.widthPx / 2, y: view.value.heightPx / 2 };
    const direction = directions[command];
    if (direction) set(lookFurther(zoom.value, direction, view.value));
    else if (command === 'in') set(zoomAt(zoom.value, keyFactor, middle, view.value));
    else if (command === 'out') set(zoomAt(zoom.value, 1 / keyFactor, middle, view.value));
    else reset();
  }

  function onWheel(event: WheelEvent): void {
    if (!toValue(options.isEnabled)) return;
    const factor = wheelFactor(event.deltaY * (event.ctrlKey ? trackpadGain : 1), event.deltaMode);
    // A whole picture cannot get smaller: then the turn is for the page.
    if (factor === 1 || (factor < 1 && !isZoomed.value)) return;
    event.preventDefault();
    set(zoomAt(zoom.value, factor, placeOf(event), view.value));
  }

  function placeOf(event: MouseEvent): Point {
    const box = options.frame.value?.getBoundingClientRect();
    return { x: event.clientX - (box?.left ?? 0), y: event.clientY - (box?.top ?? 0) };
  }

  function onPointerDown(event: PointerEvent): void {
    if (!toValue(options.isEnabled) || event.button !== 0) return;
    // One finger on a whole picture belongs to the page; the second one makes it a pinch.
    if (event.pointerType === 'mouse' && !isZoomed.value) return;
    pointers.set(event.pointerId, placeOf(event));
  }

  function onPointerMove(event: PointerEvent): void {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = placeOf(event);
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    if (other) {
      const middle = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
      const moved = panBy(zoom.value, { x: (now.x - before.x) / 2, y: (now.y - before.y) / 2 }, view.value);
      set(zoomAt(moved, distance(now, other) / Math.max(1, distance(before, other)), middle, view.value));
    } else if (isZoomed.value) {
      set(panBy(zoom.value, { x: now.x - before.x, y: now.y - before.y }, view.value));
    } else return;
    if (isDragging.value) return;
    isDragging.value = true;
    options.frame.value?.setPointerCapture(event.pointerId);
  }

  function onPointerEnd(event: PointerEvent): void {
    pointers.delete(event.pointerId);
    if (pointers.size === 0) isDragging.value = false;
  }

  function onMouseDown(event: MouseEvent): void {
    if (!isZoomed.value || event.button !== 0) return;
    // Else the browser would begin to drag the tile, with its camera, to another place. It gives no focus then, either.
    event.preventDefault();
    if (toValue(options.hasKeys)) options.frame.value?.focus({ preventScroll: true });
  }

  /** The second finger would make the browser scroll with two, and take both pointers away. */
  function onTouch(event: TouchEvent): void {
    if (toValue(options.isEnabled) && event.touches.length > 1 && event.cancelable) event.preventDefault();
  }

  function onDoubleClick(event: MouseEvent): void {
    if (!isZoomed.value) return;
    event.stopPropagation();
    reset();
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (!toValue(options.hasKeys) || !toValue(options.isEnabled) || event.target !== options.frame.value) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const command = zoomCommandOf(event, isZoomed.value);
    if (!command) return;
    event.preventDefault();
    event.stopPropagation();
    perform(command);
  }

  useEventListener(options.frame, 'wheel', onWheel, { passive: false });
  useEventListener(options.frame, 'pointerdown', onPointerDown);
  useEventListener(options.frame, 'pointermove', onPointerMove);
  // Not `lostpointercapture`: a finger's pointer belongs to what it touched first, and taking it from there tells that, too.
  useEventListener(options.frame, ['pointerup', 'pointercancel'], onPointerEnd);
  useEventListener(options.frame, ['touchstart', 'touchmove'], onTouch, { passive: false });
  useEventListener(options.frame, 'mousedown', onMouseDown);
  useEventListener(options.frame, 'dblclick', onDoubleClick);
  useEventListener(options.frame, 'keydown', onKeyDown);
  useEventListener(options.video, ['loadedmetadata', 'resize'], () => {
    const { videoWidth = 0, videoHeight = 0 } = options.video.value ?? {};
    if (videoWidth > 0 && videoHeight > 0) aspect.value = videoWidth / videoHeight;
  });

  return {
    zoom,
    view,
    isZoomed,
    isDragging,
    transform,
    reset,
    perform,
    /** Puts a place of the picture, in shares of it, into the middle. */
    centre: (place: Point) => set(centreOn(zoom.value, place, view.value)),
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
