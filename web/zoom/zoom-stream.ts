/**
 * Which stream an enlarged picture deserves: pixels are what zoom is for. A tile that goes by its size asks for the main stream once
 * it shows the sub stream larger than its pixels, as far as there are places: decoding many main streams stops the browser.
 */
import type { CameraStreamState } from '../../server/contract/cameras.ts';
import type { StreamCause } from '../player/live-machine.ts';
import type { StreamRole } from '../player/stream-plan.ts';

/** Main streams of a page that are there for zoom alone; a layout of four has as many. */
export const zoomPlaces = 4;

/** Width of a sub stream whose width nobody measured yet, px: most cameras send 640 or 704. */
const likelySubWidthPx = 704;
/** Going back needs so much less, so that a turn of the wheel to and fro does not reconnect. */
const backShare = 0.85;

/** What is known of the streams of a tile. */
export type KnownStream = Pick<CameraStreamState, 'role' | 'width'>;

/** Whether the sub stream has too few pixels. `isAsking`: it asked for main already, for hysteresis. Sizes in px of the device. */
export function needsMainStream(facts: {
  readonly scale: number;
  /** Width of the whole picture on screen at scale 1. */
  readonly pictureWidthPx: number;
  readonly streams: readonly KnownStream[];
  readonly isAsking: boolean;
}): boolean {
  if (facts.scale <= 1) return false;
  const widthOf = (role: StreamRole) => facts.streams.find((stream) => stream.role === role)?.width ?? null;
  const subWidthPx = widthOf('sub') ?? likelySubWidthPx;
  const mainWidthPx = widthOf('main');
  if (mainWidthPx !== null && mainWidthPx <= subWidthPx) return false;
  return facts.scale * facts.pictureWidthPx > subWidthPx * (facts.isAsking ? backShare : 1);
}

/** Who comes first gets a place; the others get one when it is given back. */
export function hasPlace<Asker>(askers: Iterable<Asker>, asker: Asker): boolean {
  return [...askers].slice(0, zoomPlaces).includes(asker);
}

/** Why an enlarged tile shows the stream it shows, for `zoom.stream.{…}`; null when there is nothing to say. */
export type ZoomStreamWord =
  | 'main'
  | 'asking-main'
  | 'enough-sub'
  | 'chosen-sub'
  | 'no-place'
  | 'no-main'
  | 'main-unplayable'
  | 'main-not-by-way'
  | 'main-slow'
  | 'main-failed'
  | 'sub-for-sound';

const wordOfCause: Readonly<Record<StreamCause, ZoomStreamWord>> = {
  h265: 'main-unplayable',
  unable: 'main-unplayable',
  'chosen-way': 'main-not-by-way',
  slow: 'main-slow',
  failed: 'main-failed',
  sound: 'sub-for-sound',
};

export function explainZoomStream(facts: {
  readonly scale: number;
  /** `auto` by size, else fixed by the layout or the person. */
  readonly role: StreamRole | 'auto';
  readonly playingRole: StreamRole | null;
  readonly hasMain: boolean;
  readonly needsMain: boolean;
  readonly hasPlace: boolean;
  /** Why another stream than the wanted one plays. */
  readonly because: StreamCause | null;
}): ZoomStreamWord | null {
  if (facts.scale <= 1 || facts.role === 'main') return null;
  if (facts.playingRole === 'main') return facts.needsMain ? 'main' : null;
  if (facts.role === 'sub') return 'chosen-sub';
  if (!facts.needsMain) return facts.playingRole === 'sub' ? 'enough-sub' : null;
  if (!facts.hasMain) return 'no-main';
  if (!facts.hasPlace) return 'no-place';
  return facts.because === null ? 'asking-main' : wordOfCause[facts.because];
}
