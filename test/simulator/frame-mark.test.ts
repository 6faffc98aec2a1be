import { describe, expect, it } from 'vitest';

import { drawFrameMark, FRAME_MARK_MAX_INDEX, readFrameMark } from './frame-mark.ts';

const SIZES = [
  { width: 1280, height: 720 },
  { width: 640, height: 360 },
  { width: 960, height: 540 },
  { width: 426, height: 240 },
];

function greyPicture(width: number, height: number, pixelStride: number): Uint8ClampedArray {
  return new Uint8ClampedArray(width * height * pixelStride).fill(118);
}

describe('the frame mark', () => {
  it.each(SIZES)('reads back what was drawn at $width × $height', ({ width, height }) => {
    for (const loopFrame of [0, 1, 239, 2048, 2730, FRAME_MARK_MAX_INDEX]) {
      const luma = greyPicture(width, height, 1);
      drawFrameMark(luma, width, height, loopFrame);
      expect(readFrameMark(luma, width, height, width)).toBe(loopFrame);
    }
  });

  it('reads canvas pixels', () => {
    const pixels = greyPicture(640, 360, 4);
    drawFrameMark(pixels, 640, 360, 173, 4);
    expect(readFrameMark(pixels, 640, 360, 640 * 4, 4)).toBe(173);
  });

  it('leaves the alpha of canvas pixels alone', () => {
    const pixels = greyPicture(640, 360, 4);
    drawFrameMark(pixels, 640, 360, 173, 4);
    expect(pixels[(359 * 640 + 1) * 4 + 3]).toBe(118);
  });

  it('finds none in a black, a white or an unmarked picture', () => {
    for (const level of [16, 118, 235]) {
      expect(readFrameMark(new Uint8Array(640 * 360).fill(level), 640, 360, 640)).toBeNull();
    }
  });

  it('notices a block that turned over', () => {
    const luma = greyPicture(1280, 720, 1);
    drawFrameMark(luma, 1280, 720, 77);
    for (let y = 704; y < 720; y++) {
      for (let x = 8 * 16; x < 9 * 16; x++) luma[y * 1280 + x] = 255 - (luma[y * 1280 + x] ?? 0);
    }
    expect(readFrameMark(luma, 1280, 720, 1280)).toBeNull();
  });

  it('finds none in a buffer that is too short', () => {
    expect(readFrameMark(new Uint8Array(100), 1280, 720, 1280)).toBeNull();
  });

  it('refuses a number that does not fit', () => {
    expect(() => drawFrameMark(new Uint8Array(640 * 360), 640, 360, 4096)).toThrow(RangeError);
  });
});
