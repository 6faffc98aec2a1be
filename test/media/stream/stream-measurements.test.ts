import { describe, expect, it } from 'vitest';
import { StreamMeasurements } from '../../../media/stream/stream-measurements.ts';
import type { Frame } from '../../../media/stream/frame.ts';
import { FrameMaker, tracksOf } from './stream-fixtures.ts';

class Meter {
  readonly measurements = new StreamMeasurements();
  readonly #maker = new FrameMaker();
  nowMs = 5200;

  constructor() {
    this.measurements.onConnecting();
    this.measurements.onTracks(tracksOf(1));
  }

  run(count: number, stepMs: number, sizeBytes: number, keyEvery = 50): this {
    for (let index = 0; index < count; index += 1) {
      this.nowMs += stepMs;
      const overrides: Partial<Frame> & { sizeBytes: number } = {
        sizeBytes,
        isKeyFrame: index % keyEvery === 0,
        decodeTicks: this.nowMs * 90,
        arrivedMonotonicMs: this.nowMs,
        arrivedWallClockMs: this.nowMs + 1e12,
      };
      this.#maker.make((frame) => this.measurements.onFrame(frame), overrides);
    }
    return this;
  }

  rates(atMs = this.nowMs): (number | null)[] {
    return [this.measurements.framesPerSecond(atMs), this.measurements.bitrateBps(atMs)];
  }
}

describe('StreamMeasurements', () => {
  it('knows nothing before a whole second was seen', () => {
    expect(new Meter().rates()).toEqual([null, null]);
    expect(new Meter().run(10, 40, 1000).rates()).toEqual([null, null]);
  });

  it('gives means over whole seconds', () => {
    const meter = new Meter().run(200, 40, 1000);
    expect(meter.rates()).toEqual([25, 200_000]);
    expect(meter.measurements.keyFrameIntervalMs).toBe(2000);
    expect(meter.measurements.lastFrameWallClockMs).toBe(meter.nowMs + 1e12);
  });

  it('sees a change of rate within its window, and silence too', () => {
    const meter = new Meter().run(200, 40, 1000).run(70, 100, 500);
    expect(meter.rates()).toEqual([10, 40_000]);
    expect(meter.rates(meter.nowMs + 20_000)).toEqual([0, 0]);
  });

  it('forgets rates with the connection, not when the last picture came', () => {
    const meter = new Meter().run(200, 40, 1000);
    meter.measurements.lostPackets = 7;
    meter.measurements.onInterrupted();
    expect([meter.rates(), meter.measurements.keyFrameIntervalMs, meter.measurements.lastFrameMonotonicMs, meter.measurements.lostPackets]).toEqual([
      [null, null],
      null,
      meter.nowMs,
      7,
    ]);
    meter.measurements.onConnecting();
    expect(meter.measurements.lostPackets).toBe(0);
  });
});
