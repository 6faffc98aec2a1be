import { describe, expect, it } from 'vitest';
import { trueTimeOf, videoTimeOf } from '../../../web/playback/wall-clock-map.ts';

/** Ten seconds recorded at 1,000 s, then a gap of a minute, then ten more. */
const fragments = [
  { startSeconds: 0, durationSeconds: 5, recordedAtMs: 1_000_000 },
  { startSeconds: 5, durationSeconds: 5, recordedAtMs: 1_005_000 },
  { startSeconds: 10, durationSeconds: 10, recordedAtMs: 1_070_000 },
];

describe('true time', () => {
  it.each([
    [0, 1_000_000],
    [7.5, 1_007_500],
    [9.9, 1_009_900],
    [10, 1_070_000],
    [9.99, 1_070_000],
    [25, 1_080_000],
  ])('of second %d of the video', (seconds, expected) => {
    expect(trueTimeOf(seconds, fragments)).toBe(expected);
  });

  it('is unknown without fragments', () => {
    expect(trueTimeOf(1, [])).toBeNull();
  });
});

describe('place in the video', () => {
  it.each([
    [1_007_500, { seconds: 7.5, isExact: true }],
    [1_030_000, { seconds: 10, isExact: false }],
    [900_000, { seconds: 0, isExact: false }],
    [1_080_000, null],
  ])('of moment %d', (atMs, expected) => {
    expect(videoTimeOf(atMs, fragments)).toEqual(expected);
  });

  it('and true time are each other’s inverse where something is recorded', () => {
    for (const atMs of [1_000_000, 1_004_321, 1_009_500, 1_075_250]) {
      const place = videoTimeOf(atMs, fragments);
      expect(trueTimeOf(place?.seconds ?? -1, fragments)).toBeCloseTo(atMs, 3);
    }
  });
});
