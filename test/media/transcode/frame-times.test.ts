import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../media/stream/frame.ts';
import { FrameTimes } from '../../../media/transcode/frame-times.ts';
import { plainSlab } from '../../support/clip-hub.ts';

function frameAt(decodeTicks: number, compositionOffsetTicks = 0): Frame {
  return {
    kind: 'video',
    slab: plainSlab(Buffer.alloc(0)),
    start: 0,
    end: 0,
    isKeyFrame: false,
    decodeTicks,
    compositionOffsetTicks,
    arrivedMonotonicMs: decodeTicks / 90,
    arrivedWallClockMs: 1_000_000 + decodeTicks / 90,
    generation: 1,
  };
}

describe('FrameTimes', () => {
  it('gives a picture the times of the frame it was, also when frames are reordered', () => {
    const times = new FrameTimes(90_000);
    const noted = [frameAt(90_000, 3600), frameAt(93_600, 10_800), frameAt(97_200, 0)].map((frame) => times.note(frame, 5));
    expect(noted).toEqual([0, 120, 40]);
    expect(times.take(40)).toEqual({ presentationTicks: 97_200, arrivedMonotonicMs: 1080, arrivedWallClockMs: 1_001_080, fedMonotonicMs: 5 });
    expect(times.take(120)?.presentationTicks).toBe(104_400);
  });

  it('keeps frames of one millisecond apart', () => {
    const times = new FrameTimes(90_000);
    expect([0, 10, 20, 90].map((ticks) => times.note(frameAt(ticks), 0))).toEqual([0, 1, 2, 3]);
  });

  it('counts in the clock of transcoded video', () => {
    const times = new FrameTimes(1000);
    times.note(frameAt(2000), 0);
    expect(times.take(0)?.presentationTicks).toBe(180_000);
  });

  it('knows how long the oldest frame has waited, and forgets those before a picture', () => {
    const times = new FrameTimes(90_000);
    expect(times.waitedMs(100)).toBe(0);
    for (const index of [0, 1, 2]) times.note(frameAt(index * 3600), index * 40);
    expect(times.waitedMs(100)).toBe(100);
    times.take(40);
    expect(times.waitedMs(100)).toBe(20);
    expect(times.take(0)).toBeNull();
  });

  it('holds a thousand frames at most', () => {
    const times = new FrameTimes(90_000);
    for (let index = 0; index < 1500; index++) times.note(frameAt(index * 90), 0);
    expect(times.take(499)).toBeNull();
    expect(times.take(500)).not.toBeNull();
  });
});
