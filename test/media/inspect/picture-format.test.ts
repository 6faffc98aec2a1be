import { describe, expect, it } from 'vitest';
import { jpegFormat } from '../../../media/inspect/picture-format.ts';

describe('jpegFormat', () => {
  it.each([
    [1920, 1080, null, 1920, 1080],
    [1920, 1080, 320, 320, 180],
    [704, 576, 320, 320, 262],
    [1080, 1920, 160, 160, 284],
    [640, 360, 1280, 640, 360],
    [641, 361, null, 642, 362],
    [4000, 20, 160, 160, 16],
  ])('makes of %i × %i at width %s a picture of %i × %i', (width, height, wanted, outWidth, outHeight) => {
    expect(jpegFormat({ width, height }, wanted)).toEqual({ kind: 'jpeg', width: outWidth, height: outHeight });
  });
});
