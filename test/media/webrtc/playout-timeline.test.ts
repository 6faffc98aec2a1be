import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../media/stream/frame.ts';
import { PlayoutTimeline } from '../../../media/webrtc/playout-timeline.ts';
import { plainSlab } from '../../support/clip-hub.ts';

function frame(decodeTicks: number, arrivedMonotonicMs: number, generation = 1): Frame {
  return {
    kind: 'video',
    slab: plainSlab(Buffer.alloc(0)),
    start: 0,
    end: 0,
    isKeyFrame: false,
    decodeTicks,
    compositionOffsetTicks: 0,
    arrivedMonotonicMs,
    arrivedWallClockMs: 0,
    generation,
  };
}

describe('PlayoutTimeline', () => {
  it('squeezes a cached group up to the live edge and goes on at the camera’s pace', () => {
    const timeline = new PlayoutTimeline(90_000, 1000);
    const group = [0, 1, 2, 3].map((index) => frame(50_000 + index * 3600, index * 40));
    expect(timeline.replay(group)).toEqual({ firstTimestamp: 1090, spacingTicks: 90 });
    expect(timeline.live(frame(50_000 + 4 * 3600, 160))).toBe(1000 + 4 * 90 + 3600);
  });

  it('keeps a replay in the middle before the next live frame', () => {
    const timeline = new PlayoutTimeline(90_000, 0);
    const group = Array.from({ length: 50 }, (_, index) => frame(index * 3600, index * 40));
    const first = timeline.live(frame(49 * 3600, 49 * 40));
    const { firstTimestamp, spacingTicks } = timeline.replay(group);
    const next = timeline.live(frame(50 * 3600, 50 * 40));
    expect(firstTimestamp).toBeGreaterThan(first);
    expect(firstTimestamp + 49 * spacingTicks).toBeLessThan(next);
    expect(next - first).toBe(3600);
  });

  it('bridges a reconnected camera by the time that really passed', () => {
    const timeline = new PlayoutTimeline(90_000, 0);
    const before = timeline.live(frame(9_000_000, 1000, 1));
    expect(timeline.live(frame(17, 3000, 2)) - before).toBe(180_000);
  });

  it('wraps at 2³²', () => {
    const timeline = new PlayoutTimeline(90_000, 2 ** 32 - 10);
    timeline.live(frame(0, 0));
    expect(timeline.live(frame(3600, 40))).toBe(3600 - 9);
  });

  it('never stands still or runs backwards, whatever comes', () => {
    const step = fc.record({
      isReplay: fc.boolean(),
      advanceTicks: fc.integer({ min: 1, max: 200_000 }),
      generation: fc.integer({ min: 1, max: 3 }),
      frames: fc.integer({ min: 1, max: 4000 }),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const timeline = new PlayoutTimeline(90_000, 0);
        let ticks = 0;
        let last = 0;
        let nowMs = 0;
        for (const { isReplay, advanceTicks, generation, frames } of steps) {
          ticks += advanceTicks;
          nowMs += 40;
          if (isReplay) {
            const group = Array.from({ length: Math.min(frames, 300) }, (_, index) => frame(ticks + index * 3600, nowMs, generation));
            ticks += group.length * 3600;
            const { firstTimestamp, spacingTicks } = timeline.replay(group);
            expect(firstTimestamp).toBeGreaterThan(last);
            expect(spacingTicks).toBeGreaterThan(0);
            last = firstTimestamp + spacingTicks * (group.length - 1);
          } else {
            const timestamp = timeline.live(frame(ticks, nowMs, generation));
            expect(timestamp).toBeGreaterThan(last);
            last = timestamp;
          }
        }
      }),
    );
  });
});
