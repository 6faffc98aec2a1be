/** What a decoder makes of a key frame: format and size. */
import type { KeyFrame } from './key-frame.ts';

/** `jpeg`: a file. `grey`: one byte per pixel, rows from the top, for those who measure pictures. Both sides even, 16 to 8192. */
export interface PictureFormat {
  readonly kind: 'jpeg' | 'grey';
  readonly width: number;
  readonly height: number;
}

/** Widths of thumbnails, pixels. A short list, so that whoever asks cannot make the node keep pictures of every width. */
export const thumbnailWidths: readonly number[] = [160, 320, 480, 640, 960, 1280];

const minSide = 16;
const maxSide = 8192;

/** A JPEG of the whole picture, `width` pixels wide; null, or more than the picture has: as it is. Its shape stays. */
export function jpegFormat(keyFrame: Pick<KeyFrame, 'width' | 'height'>, width: number | null): PictureFormat {
  const scale = width === null ? 1 : Math.min(1, width / keyFrame.width);
  return { kind: 'jpeg', width: evenSide(keyFrame.width * scale), height: evenSide(keyFrame.height * scale) };
}

/** Chroma has half the resolution; an odd side would lose its last line. */
function evenSide(pixels: number): number {
  return Math.min(maxSide, Math.max(minSide, 2 * Math.round(pixels / 2)));
}
