import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpTimeline } from '../../../media/clock/rtp-timeline.ts';

const rateHz = 90_000;
const frameTicks = 3600;
const frameMs = 40;

/** Ticks for a row of timestamps that arrive evenly from 1000 ms on. */
function run(timestamps: readonly number[], timeline = new RtpTimeline(rateHz, 1000), stepMs = frameMs): number[] {
  return timestamps.map((timestamp, index) => timeline.advance(timestamp >>> 0, 1000 + index * stepMs, false));
}

function even(count: number, first = 0, step = frameTicks): number[] {
  return Array.from({ length: count }, (_, index) => first + index * step);
}

describe('RtpTimeline', () => {
  it('keeps plausible steps, across the wrap of 32 bits too', () => {
    expect(run(even(5, 2 ** 32 - 2 * frameTicks))).toEqual(even(5));
  });

  it('counts from the origin, so that tracks with other timestamps stay together', () => {
    const video = new RtpTimeline(90_000, 500);
    const audio = new RtpTimeline(8000, 500);
    expect([video.advance(123_456, 1500, false) / 90_000, audio.advance(99, 1500, false) / 8000]).toEqual([1, 1]);
  });

  it.each([
    ['forward', 90_000 * 120],
    ['back', -90_000 * 45],
    ['by half the range', 0x80000000],
  ])('turns a jump %s into the time that passed, and reports it for a while', (_, jumpTicks) => {
    const timeline = new RtpTimeline(rateHz, 1000);
    const timestamps = [...even(10), ...even(10, jumpTicks + 10 * frameTicks)];
    expect(run(timestamps, timeline)).toEqual(even(20));
    expect([timeline.isBroken(1000 + 10 * frameMs), timeline.isBroken(1000 + 10 * frameMs + 5001)]).toEqual([true, false]);
  });

  it('accepts a pause that the arrivals explain', () => {
    const timeline = new RtpTimeline(rateHz, 0);
    timeline.advance(0, 0, false);
    expect([timeline.advance(90_000 * 20, 20_000, false), timeline.isBroken(20_000)]).toEqual([90_000 * 20, false]);
  });

  it('accepts a burst after a stalled network', () => {
    const timeline = new RtpTimeline(rateHz, 0);
    const ticks = even(50).map((timestamp, index) => timeline.advance(timestamp, index === 0 ? 0 : 9000 + index, false));
    expect([ticks, timeline.isBroken(9050)]).toEqual([even(50), false]);
  });

  it('moves on by a tick where a timestamp repeats or steps back a little, and is back in step with the next good one', () => {
    expect(run([0, 3600, 3600, 10_800, 9000, 18_000])).toEqual([0, 3600, 3601, 10_800, 10_801, 18_000]);
  });

  it('reports a camera that stumbles all the time, not one that stumbles once', () => {
    const clumsy = new RtpTimeline(rateHz, 1000);
    const stumbling = even(200).map((timestamp, index) => (index % 5 === 4 ? timestamp - frameTicks : timestamp));
    run(stumbling, clumsy);
    const once = new RtpTimeline(rateHz, 1000);
    run(
      even(200).map((timestamp, index) => (index === 50 ? timestamp - frameTicks : timestamp)),
      once,
    );
    expect([clumsy.isBroken(9000), once.isBroken(9000)]).toEqual([true, false]);
  });

  it.each([
    ['stands still', 0],
    ['runs at a tenth of the speed', frameTicks / 10],
    ['runs at thrice the speed', frameTicks * 3],
  ])('follows the arrivals when the camera’s time %s', (_, step) => {
    const timeline = new RtpTimeline(rateHz, 1000);
    const ticks = run(even(500, 0, step), timeline);
    const [late, later] = [ticks[300] ?? 0, ticks[499] ?? 0];
    expect([later - late, timeline.isBroken(1000 + 500 * frameMs)]).toEqual([199 * frameTicks, true]);
  });

  it('believes a camera whose line is too slow for it', () => {
    const timeline = new RtpTimeline(rateHz, 1000);
    expect([run(even(100), timeline, 300), timeline.isBroken(31_000)]).toEqual([even(100), false]);
  });

  it('lets B-frames step back when the track reorders', () => {
    const timeline = new RtpTimeline(rateHz, 0);
    const order = [0, 10_800, 3600, 7200, 21_600, 14_400, 18_000];
    expect(order.map((timestamp, index) => timeline.advance(timestamp, index * frameMs, true))).toEqual(order);
  });

  it('leaves no trace of single pictures that are stamped hours away', () => {
    const timeline = new RtpTimeline(rateHz, 1000);
    const stamps = even(300).map((timestamp, index) => (index % 50 === 20 ? timestamp - 9800 * rateHz : timestamp));
    // Arrivals are uneven, so that the line is not found again by chance.
    const ticks = stamps.map((timestamp, index) => timeline.advance(timestamp >>> 0, 1000 + index * frameMs + ((index * 13) % 30), false));
    const astray = ticks.filter((tick, index) => index % 50 !== 20 && tick !== index * frameTicks);
    expect(astray).toEqual([]);
    expect(timeline.isBroken(1000 + 300 * frameMs)).toBe(true);
  });

  it.each([
    ['as if no time had passed', 0],
    ['with the time that passed', 125],
  ])('is with the arrivals again after a camera stood still for 5 s and went on %s', (_, skipped) => {
    const timeline = new RtpTimeline(rateHz, 1000);
    const stamps = [...even(50), ...even(125, 49 * frameTicks, 0), ...even(300, (50 + skipped) * frameTicks)];
    const ticks = run(stamps, timeline);
    // A second without movement may be a stumble; from then on arrivals count.
    expect(ticks.slice(76, 175)).toEqual(even(99, 76 * frameTicks));
    expect(ticks.slice(175)).toEqual(even(300, 175 * frameTicks));
    expect(timeline.isBroken(1000 + 475 * frameMs)).toBe(false);
  });

  it.each([
    ['states 30 pictures a second and sends 25', 3000],
    ['states 25 pictures a second and sends 30', 4320],
    ['loses three seconds in a hundred', 3400],
  ])('runs with the arrivals, evenly, when a camera %s', (_, step) => {
    const timeline = new RtpTimeline(rateHz, 1000);
    const count = 25 * 600;
    const arrivals = even(count).map((_tick, index) => 1000 + index * frameMs + ((index * 31) % 60));
    const ticks = even(count, 0, step).map((timestamp, index) => timeline.advance(timestamp >>> 0, arrivals[index] ?? 0, false));
    const lagMs = (ticks[count - 1] ?? 0) / 90 - ((arrivals[count - 1] ?? 0) - 1000);
    expect(Math.abs(lagMs)).toBeLessThan(1000);
    const late = ticks.slice(-2000).map((tick, index, row) => (index === 0 ? frameTicks : tick - (row[index - 1] ?? 0)));
    expect([Math.min(...late) > frameTicks * 0.9, Math.max(...late) < frameTicks * 1.1]).toEqual([true, true]);
    expect(timeline.isBroken(arrivals[count - 1] ?? 0)).toBe(true);
  });

  it('follows the arrivals of a camera that counts milliseconds where 90 kHz are said, within 10 s', () => {
    const timeline = new RtpTimeline(rateHz, 1000);
    const ticks = run(even(500, 0, frameMs), timeline);
    expect([ticks[499], (ticks[499] ?? 0) - (ticks[300] ?? 0)]).toEqual([499 * frameTicks, 199 * frameTicks]);
  });

  it('knows how old the first unit was when more came at once than time had passed, and moves ahead when told to', () => {
    const timeline = new RtpTimeline(rateHz, 0);
    timeline.moveAhead(100);
    const cached = even(25).map((timestamp, index) => timeline.advance(timestamp, 1000 + index, false));
    expect([cached[0], timeline.openingLeadMs]).toEqual([1100 * 90, 24 * frameMs - 24]);
    timeline.moveAhead(50);
    expect(timeline.advance(25 * frameTicks, 1024 + frameMs, false)).toBe((1150 + 25 * frameMs) * 90);
    expect(timeline.advance(26 * frameTicks, 4000, false)).toBe((1150 + 26 * frameMs) * 90);
    expect(timeline.openingLeadMs).toBe(24 * frameMs - 24);
  });

  it('tells where an RTP time stands on the stream’s axis', () => {
    const timeline = new RtpTimeline(rateHz, 500);
    expect(timeline.axisMsOf(0)).toBeNull();
    timeline.advance(2 ** 32 - 9000, 1500, false);
    expect(timeline.axisMsOf(9000)).toBe(1200);
  });

  it('increases strictly and never outruns the arrivals by more than its lead, whatever the camera says', () => {
    const unit = fc.record({ timestamp: fc.nat(0xffffffff), waitMs: fc.integer({ min: 0, max: 5000 }) });
    fc.assert(
      fc.property(fc.array(unit, { minLength: 2, maxLength: 300 }), (units) => {
        const timeline = new RtpTimeline(rateHz, 0);
        let nowMs = 0;
        let last = -1;
        for (const { timestamp, waitMs } of units) {
          nowMs += waitMs;
          const ticks = timeline.advance(timestamp, nowMs, false);
          expect(Number.isSafeInteger(ticks)).toBe(true);
          expect(ticks).toBeGreaterThan(last);
          last = ticks;
        }
        expect(last).toBeLessThanOrEqual(nowMs * 90 + units.length * (3000 * 90 + 1));
      }),
    );
  });
});
