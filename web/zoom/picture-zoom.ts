/**
 * Digital zoom (电子放大) as geometry: which part of a picture fills its frame. Places in the picture are shares, (0, 0) its left upper
 * corner and (1, 1) the right lower one, so that a zoom means the same for a tile of another size and for another stream of the
 * camera. The picture lies in its frame as `object-fit: contain` puts it: whole, centred, with bars on two sides unless the shapes agree.
 */

/** `scale` 1 to {@link maxScale}; (`x`, `y`) the place in the picture at the middle of the frame. */
export interface Zoom {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** The frame, px, and the shape of the picture: width divided by height. */
export interface ZoomView {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly aspect: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A part of the picture, in shares of it. */
export interface PicturePart {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** The whole picture. */
export const wholePicture: Zoom = { scale: 1, x: 0.5, y: 0.5 };

/** One pixel of a 720p picture is then 8 wide: more shows nothing more. */
export const maxScale = 8;

/** A step of the keys: six of them go from 1× to 8×. */
export const keyFactor = Math.SQRT2;

/** A notch of a wheel is 100 px in Chromium: three of them double. */
const wheelDoublingPx = 300;
/** A spin of a free wheel, or a browser that counts in pages, must not jump from one end to the other. */
const wheelAtMostPx = 300;
/** Closer to 1 than this is meant as 1: a zoom of 1.01 would only blur. */
const snapToWhole = 1.02;

/** The factor that a turn of the wheel asks for; `deltaMode` as in `WheelEvent` (0 pixels, 1 lines, 2 pages). */
export function wheelFactor(deltaY: number, deltaMode: number): number {
  const turnedPx = deltaY * (deltaMode === 1 ? 33 : deltaMode === 2 ? wheelAtMostPx : 1);
  return 2 ** (-clamp(turnedPx, -wheelAtMostPx, wheelAtMostPx) / wheelDoublingPx);
}

/** Zooms by `factor` so that what lies under `at` (px from the left upper corner of the frame) stays there, as far as the bounds allow. */
export function zoomAt(zoom: Zoom, factor: number, at: Point, view: ZoomView): Zoom {
  const scaled = clamp(zoom.scale * factor, 1, maxScale);
  const scale = scaled < snapToWhole ? 1 : scaled;
  const { widthPx, heightPx } = pictureSize(view);
  const fromMiddle = { x: (at.x - view.widthPx / 2) / widthPx, y: (at.y - view.heightPx / 2) / heightPx };
  return bounded(
    {
      scale,
      x: zoom.x + fromMiddle.x / zoom.scale - fromMiddle.x / scale,
      y: zoom.y + fromMiddle.y / zoom.scale - fromMiddle.y / scale,
    },
    view,
  );
}

/** Drags the picture by so many px of the frame. */
export function panBy(zoom: Zoom, byPx: Point, view: ZoomView): Zoom {
  const { widthPx, heightPx } = pictureSize(view);
  return bounded({ ...zoom, x: zoom.x - byPx.x / (widthPx * zoom.scale), y: zoom.y - byPx.y / (heightPx * zoom.scale) }, view);
}

/** Moves what is seen by a share of the frame: (1, 0) one frame to the right. */
export function lookFurther(zoom: Zoom, by: Point, view: ZoomView): Zoom {
  return panBy(zoom, { x: -by.x * view.widthPx, y: -by.y * view.heightPx }, view);
}

/** Puts a place of the picture into the middle. */
export function centreOn(zoom: Zoom, place: Point, view: ZoomView): Zoom {
  return bounded({ scale: zoom.scale, ...place }, view);
}

/** The nearest zoom that leaves no border empty which the enlarged picture could fill. To be asked again when the frame changes. */
export function bounded(zoom: Zoom, view: ZoomView): Zoom {
  const scale = clamp(zoom.scale, 1, maxScale);
  const { widthPx, heightPx } = pictureSize(view);
  return { scale, x: boundedPlace(zoom.x, view.widthPx / (widthPx * scale)), y: boundedPlace(zoom.y, view.heightPx / (heightPx * scale)) };
}

/** The part of the picture that can be seen. */
export function visiblePart(zoom: Zoom, view: ZoomView): PicturePart {
  const { widthPx, heightPx } = pictureSize(view);
  const width = Math.min(1, view.widthPx / (widthPx * zoom.scale));
  const height = Math.min(1, view.heightPx / (heightPx * zoom.scale));
  return { left: zoom.x - width / 2, top: zoom.y - height / 2, width, height };
}

/** CSS for an element that fills the frame, with its origin in the middle; `none` for the whole picture, which then costs nothing. */
export function transformOf(zoom: Zoom, view: ZoomView): string {
  if (zoom.scale === 1) return 'none';
  const { widthPx, heightPx } = pictureSize(view);
  const xPx = (0.5 - zoom.x) * widthPx * zoom.scale;
  const yPx = (0.5 - zoom.y) * heightPx * zoom.scale;
  return `translate(${xPx.toFixed(2)}px, ${yPx.toFixed(2)}px) scale(${zoom.scale.toFixed(4)})`;
}

/** "2.5×". */
export function formatScale(scale: number): string {
  return `${scale.toFixed(1)}×`;
}

/** The picture at scale 1, px: as large as fits into the frame. */
export function pictureSize({ widthPx, heightPx, aspect }: ZoomView): { readonly widthPx: number; readonly heightPx: number } {
  const isWider = aspect * heightPx > widthPx;
  return isWider ? { widthPx, heightPx: widthPx / aspect } : { widthPx: heightPx * aspect, heightPx };
}

/** `seen`: how much of the picture the frame holds along this axis; 1 or more centres it. */
function boundedPlace(place: number, seen: number): number {
  return seen >= 1 ? 0.5 : clamp(place, seen / 2, 1 - seen / 2);
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}
