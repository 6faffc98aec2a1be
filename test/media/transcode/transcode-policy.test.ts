import { describe, expect, it } from 'vitest';
import { decideLimit, decideRestartDelay, decideSize } from '../../../media/transcode/transcode-policy.ts';

describe('decideSize', () => {
  it.each([
    [3840, 2160, 1280, 1280, 720],
    [2560, 1440, 1280, 1280, 720],
    [1280, 720, 1280, 1280, 720],
    [704, 576, 1280, 704, 576],
    [1080, 1920, 1280, 404, 720],
    [2592, 1944, 1280, 960, 720],
    [641, 361, 1280, 640, 360],
    [1920, 1080, 640, 640, 360],
  ])('makes %i × %i at most %i wide: %i × %i', (width, height, maxWidth, outWidth, outHeight) => {
    expect(decideSize({ width, height }, maxWidth)).toEqual({ width: outWidth, height: outHeight });
  });
});

describe('decideLimit', () => {
  it.each([
    [null, 1, false, 1],
    [null, 8, false, 4],
    [null, 2, true, 8],
    [0, 8, true, 0],
    [3, 1, false, 3],
  ])('allows, set to %s, with %i cores and a GPU %s, %i at once', (setting, cores, isOnGpu, limit) => {
    expect(decideLimit(setting, cores, isOnGpu)).toBe(limit);
  });
});

describe('decideRestartDelay', () => {
  it('doubles up to half a minute', () => {
    expect([1, 2, 3, 4, 5, 6, 100].map(decideRestartDelay)).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });
});
