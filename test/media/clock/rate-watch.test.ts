import { describe, expect, it } from 'vitest';
import { RateWatch } from '../../../media/clock/rate-watch.ts';

const windowMs = 4000;

/** Feeds windows whose speeds are given; returns what was to be caught up in all. */
function feed(watch: RateWatch, speeds: readonly number[]): number {
  return speeds.reduce((sum, speed) => sum + watch.observe(windowMs * speed, windowMs), 0);
}

const times = (count: number, speed: number): number[] => Array.from({ length: count }, () => speed);

describe('RateWatch', () => {
  it.each([
    ['an honest camera', times(100, 1)],
    ['a crystal 200 ppm fast, for a day', times(21_600, 1.0002)],
    ['a crystal 200 ppm slow, for a day', times(21_600, 0.9998)],
    ['a cache of 3 s sent first', [1.75, ...times(50, 1)]],
    ['a stall of 8 s and a line that catches up by and by', [...times(20, 1), 1 / 3, ...times(8, 1.25), ...times(20, 1)]],
    ['a queue of 9 s in the camera that does not empty', [...times(15, 0.85), ...times(50, 1)]],
    ['a line that is far too slow', times(100, 0.2)],
  ])('believes %s', (_, speeds) => {
    const watch = new RateWatch();
    expect([feed(watch, speeds), watch.stretch]).toEqual([0, 1]);
  });

  it('shrinks the steps of a camera that runs fast, works off its lead, and lets go when it is right again', () => {
    const watch = new RateWatch();
    feed(watch, times(5, 1.2));
    expect(watch.stretch).toBeLessThan(1 / 1.2);
    feed(watch, times(60, 1.2));
    expect(watch.stretch).toBeCloseTo(1 / 1.2, 2);
    feed(watch, times(6, 1));
    expect(watch.stretch).toBe(1);
  });

  it('catches up at once with a camera that runs slow, and stretches from then on', () => {
    const watch = new RateWatch();
    expect(feed(watch, times(14, 0.84))).toBe(0);
    const caughtUpMs = feed(watch, times(4, 0.84));
    expect(caughtUpMs).toBeGreaterThan(10_000);
    expect(caughtUpMs).toBeLessThan(11_000);
    feed(watch, times(10, 0.84));
    expect(watch.stretch).toBeCloseTo(1 / 0.84, 2);
  });
});
