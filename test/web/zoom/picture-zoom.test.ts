import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bounded,
  centreOn,
  formatScale,
  keyFactor,
  lookFurther,
  maxScale,
  panBy,
  transformOf,
  visiblePart,
  wheelFactor,
  wholePicture,
  zoomAt,
  type Point,
  type Zoom,
  type ZoomView,
} from '../../../web/zoom/picture-zoom.ts';

const wide: ZoomView = { widthPx: 1600, heightPx: 900, aspect: 16 / 9 };
/** 4:3 picture in the same frame: bars of 200 px left and right. */
const barred: ZoomView = { ...wide, aspect: 4 / 3 };

/** Where a place of the picture lies on screen, read from the CSS that the browser gets. */
function onScreen(place: Point, zoom: Zoom, view: ZoomView): Point {
  const picture = view.aspect * view.heightPx > view.widthPx ? view.widthPx : view.heightPx * view.aspect;
  const match = /^translate\((.*)px, (.*)px\) scale\((.*)\)$/.exec(transformOf(zoom, view));
  const [translateX, translateY, scale] = match ? [Number(match[1]), Number(match[2]), Number(match[3])] : [0, 0, 1];
  return {
    x: view.widthPx / 2 + (place.x - 0.5) * picture * scale + translateX,
    y: view.heightPx / 2 + (place.y - 0.5) * (picture / view.aspect) * scale + translateY,
  };
}

const views = fc.record({
  widthPx: fc.double({ min: 80, max: 4000, noNaN: true }),
  heightPx: fc.double({ min: 60, max: 2200, noNaN: true }),
  aspect: fc.double({ min: 0.5, max: 4, noNaN: true }),
});
const zooms = fc.record({
  scale: fc.double({ min: 1, max: maxScale, noNaN: true }),
  x: fc.double({ min: -1, max: 2, noNaN: true }),
  y: fc.double({ min: -1, max: 2, noNaN: true }),
});
/** The place on the frame, in shares of it. */
const spots = fc.record({ x: fc.double({ min: 0, max: 1, noNaN: true }), y: fc.double({ min: 0, max: 1, noNaN: true }) });

describe('zoomAt', () => {
  it('keeps the place under the pointer where it is', () => {
    const at = { x: 400, y: 300 };
    const zoom = zoomAt(wholePicture, 2, at, wide);
    expect(zoom.scale).toBe(2);
    const shown = onScreen({ x: 400 / 1600, y: 300 / 900 }, zoom, wide);
    expect(shown.x).toBeCloseTo(400, 2);
    expect(shown.y).toBeCloseTo(300, 2);
  });

  it('shows a part of what was seen before, wherever the pointer is', () => {
    fc.assert(
      fc.property(views, zooms, spots, fc.double({ min: 1, max: 3, noNaN: true }), (view, anyZoom, spot, factor) => {
        const before = bounded(anyZoom, view);
        const at = { x: spot.x * view.widthPx, y: spot.y * view.heightPx };
        const after = zoomAt(before, factor, at, view);
        // Next to nothing is taken for the whole picture, which is more.
        fc.pre(after.scale >= before.scale);
        const place = {
          x: visiblePart(before, view).left,
          y: visiblePart(before, view).top,
        };
        const part = visiblePart(after, view);
        const nearly = 1e-9;
        expect(part.left).toBeGreaterThanOrEqual(place.x - nearly);
        expect(part.top).toBeGreaterThanOrEqual(place.y - nearly);
        expect(part.left + part.width).toBeLessThanOrEqual(place.x + visiblePart(before, view).width + nearly);
        expect(part.top + part.height).toBeLessThanOrEqual(place.y + visiblePart(before, view).height + nearly);
      }),
    );
  });

  it('never goes below the whole picture or above 8×, and back out is the whole picture again', () => {
    const near = Array.from({ length: 20 }).reduce<Zoom>((zoom) => zoomAt(zoom, keyFactor, { x: 1500, y: 30 }, wide), wholePicture);
    expect(near.scale).toBe(maxScale);
    const far = Array.from({ length: 20 }).reduce<Zoom>((zoom) => zoomAt(zoom, 1 / keyFactor, { x: 20, y: 800 }, wide), near);
    expect(far).toEqual(wholePicture);
  });

  it('reaches 8× with six steps of the keys', () => {
    const zoom = Array.from({ length: 6 }).reduce<Zoom>((before) => zoomAt(before, keyFactor, { x: 800, y: 450 }, wide), wholePicture);
    expect(zoom.scale).toBeCloseTo(8, 9);
  });

  it('takes a zoom of next to nothing for none', () => {
    expect(zoomAt(wholePicture, 1.015, { x: 0, y: 0 }, wide)).toEqual(wholePicture);
  });
});

describe('bounds', () => {
  it('show no border that the picture could fill, for any frame, shape, zoom and drag', () => {
    fc.assert(
      fc.property(views, zooms, spots, (view, anyZoom, drag) => {
        const zoom = panBy(bounded(anyZoom, view), { x: (drag.x - 0.5) * 9000, y: (drag.y - 0.5) * 9000 }, view);
        const topLeft = onScreen({ x: 0, y: 0 }, zoom, view);
        const bottomRight = onScreen({ x: 1, y: 1 }, zoom, view);
        // 0.05 px: the transform is written with two decimals, the scale with four, over up to 16,000 px.
        const slack = 0.05 + view.widthPx / 10_000;
        for (const [low, high, size] of [
          [topLeft.x, bottomRight.x, view.widthPx],
          [topLeft.y, bottomRight.y, view.heightPx],
        ] as const) {
          if (high - low >= size) {
            expect(low).toBeLessThanOrEqual(slack);
            expect(high).toBeGreaterThanOrEqual(size - slack);
          } else {
            expect(Math.abs(low - (size - high))).toBeLessThanOrEqual(2 * slack);
          }
        }
      }),
    );
  });

  it('hold after the frame took another shape', () => {
    const corner = centreOn({ ...wholePicture, scale: 4 }, { x: 1, y: 1 }, wide);
    const tall = { widthPx: 400, heightPx: 900, aspect: 16 / 9 };
    expect(visiblePart(bounded(corner, tall), tall)).toMatchObject({ width: 0.25, height: 1, top: 0 });
  });

  it('centre what is narrower than the frame and let the other axis move', () => {
    const zoom = panBy({ scale: 1.2, x: 0.5, y: 0.5 }, { x: 500, y: 500 }, barred);
    expect(zoom.x).toBe(0.5);
    expect(visiblePart(zoom, barred).top).toBeCloseTo(0, 9);
  });

  it('allow no drag of a whole picture', () => {
    expect(panBy(wholePicture, { x: 100, y: 100 }, wide)).toEqual(wholePicture);
  });
});

describe('visiblePart', () => {
  it('is the whole picture at 1×, bars left out', () => {
    expect(visiblePart(wholePicture, barred)).toEqual({ left: 0, top: 0, width: 1, height: 1 });
  });

  it('stays within the picture', () => {
    fc.assert(
      fc.property(views, zooms, (view, anyZoom) => {
        const part = visiblePart(bounded(anyZoom, view), view);
        expect(Math.min(part.left, part.top)).toBeGreaterThanOrEqual(-1e-9);
        expect(Math.max(part.left + part.width, part.top + part.height)).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });
});

describe('lookFurther', () => {
  it('goes by a quarter of the frame and stops at the edge', () => {
    const zoom = lookFurther({ scale: 2, x: 0.5, y: 0.5 }, { x: 0.25, y: 0 }, wide);
    expect(zoom.x).toBeCloseTo(0.625, 9);
    expect(lookFurther(zoom, { x: 9, y: 0 }, wide).x).toBe(0.75);
  });
});

describe('wheelFactor', () => {
  it.each([
    ['three notches towards the screen', -300, 0, 2],
    ['the same away from it', 300, 0, 0.5],
    ['a spin', -90_000, 0, 2],
    ['a page', -1, 2, 2],
    ['nothing', 0, 0, 1],
  ])('%s', (_name, deltaY, deltaMode, factor) => {
    expect(wheelFactor(deltaY, deltaMode)).toBe(factor);
  });

  it('turns lines (Firefox) into about a notch', () => {
    expect(wheelFactor(-3, 1)).toBeCloseTo(wheelFactor(-100, 0), 1);
  });
});

it('writes no transform for the whole picture, and the scale with one decimal', () => {
  expect(transformOf(wholePicture, wide)).toBe('none');
  expect(transformOf({ scale: 2, x: 0.25, y: 0.5 }, wide)).toBe('translate(800.00px, 0.00px) scale(2.0000)');
  expect(formatScale(2.52)).toBe('2.5×');
});
