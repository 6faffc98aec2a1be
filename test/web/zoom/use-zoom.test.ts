// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effectScope, nextTick, ref, shallowRef, type EffectScope } from 'vue';
import { useZoom } from '../../../web/zoom/use-zoom.ts';

describe('useZoom', () => {
  let scope: EffectScope;
  let frame: HTMLDivElement;
  let zoom: ReturnType<typeof useZoom>;
  const isEnabled = ref(true);
  const width = ref(1600);

  beforeEach(async () => {
    isEnabled.value = true;
    width.value = 1600;
    frame = document.createElement('div');
    frame.tabIndex = 0;
    document.body.append(frame);
    scope = effectScope();
    scope.run(() => {
      zoom = useZoom({ frame: shallowRef(frame), video: shallowRef(null), widthPx: width, heightPx: ref(900), isEnabled, hasKeys: true });
    });
    await nextTick();
  });
  afterEach(() => {
    scope.stop();
    frame.remove();
  });

  const wheel = (deltaY: number): WheelEvent => {
    const event = new WheelEvent('wheel', { deltaY, cancelable: true, bubbles: true });
    // happy-dom's wheel knows no place.
    Object.defineProperties(event, { clientX: { value: 400 }, clientY: { value: 300 } });
    frame.dispatchEvent(event);
    return event;
  };
  const pointer = (type: string, pointerId: number, clientX: number, clientY: number, pointerType = 'mouse') =>
    frame.dispatchEvent(new PointerEvent(type, { pointerId, clientX, clientY, pointerType, button: 0, bubbles: true }));
  const key = (name: string): KeyboardEvent => {
    const event = new KeyboardEvent('keydown', { key: name, cancelable: true, bubbles: true });
    frame.dispatchEvent(event);
    return event;
  };

  it('zooms at the pointer and keeps the wheel from the page', () => {
    expect(wheel(-300).defaultPrevented).toBe(true);
    expect(zoom.zoom.value).toMatchObject({ scale: 2 });
    // A quarter of the way from the left stays there: what is seen begins an eighth in.
    expect(zoom.zoom.value.x - 0.25).toBeCloseTo(0.125, 9);
  });

  it('leaves the wheel to the page where it could only make a whole picture smaller', () => {
    expect(wheel(300).defaultPrevented).toBe(false);
    isEnabled.value = false;
    expect(wheel(-300).defaultPrevented).toBe(false);
    expect(zoom.isZoomed.value).toBe(false);
  });

  it('is dragged only while it is enlarged, and keeps the tile from being dragged then', () => {
    pointer('pointerdown', 1, 800, 450);
    pointer('pointermove', 1, 600, 450);
    pointer('pointerup', 1, 600, 450);
    expect(zoom.zoom.value.x).toBe(0.5);
    wheel(-300);
    const before = zoom.zoom.value.x;
    const press = new MouseEvent('mousedown', { button: 0, cancelable: true });
    frame.dispatchEvent(press);
    expect(press.defaultPrevented).toBe(true);
    pointer('pointerdown', 1, 800, 450);
    pointer('pointermove', 1, 480, 450);
    expect(zoom.isDragging.value).toBe(true);
    expect(zoom.zoom.value.x - before).toBeCloseTo(0.1, 9);
    pointer('pointerup', 1, 480, 450);
    pointer('pointermove', 1, 0, 450);
    expect([zoom.isDragging.value, zoom.zoom.value.x - before < 0.11]).toEqual([false, true]);
  });

  it('is pinched with two fingers, from the whole picture', () => {
    pointer('pointerdown', 1, 700, 450, 'touch');
    pointer('pointermove', 1, 690, 450, 'touch');
    expect(zoom.isZoomed.value).toBe(false);
    pointer('pointerdown', 2, 890, 450, 'touch');
    pointer('pointermove', 2, 1090, 450, 'touch');
    expect(zoom.zoom.value.scale).toBeCloseTo(2, 9);
  });

  it('shows the whole picture at a double click, which then means nothing else', () => {
    const heard: string[] = [];
    document.body.addEventListener('dblclick', () => heard.push('dblclick'), { once: true });
    wheel(-300);
    frame.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect([zoom.isZoomed.value, heard]).toEqual([false, []]);
    frame.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
    expect(heard).toEqual(['dblclick']);
  });

  it('listens to keys, and takes the arrows only while it is enlarged', () => {
    expect(key('ArrowLeft').defaultPrevented).toBe(false);
    expect(key('+').defaultPrevented).toBe(true);
    const before = zoom.zoom.value.x;
    expect(key('ArrowLeft').defaultPrevented).toBe(true);
    expect(zoom.zoom.value.x).toBeLessThan(before);
    key('0');
    expect(zoom.isZoomed.value).toBe(false);
  });

  it('stays within the picture when the frame changes its shape', () => {
    wheel(-300);
    zoom.centre({ x: 1, y: 1 });
    expect(zoom.zoom.value).toEqual({ scale: 2, x: 0.75, y: 0.75 });
    width.value = 400;
    expect(zoom.zoom.value.y).toBe(0.5);
  });
});
