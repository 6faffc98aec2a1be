import { describe, expect, it } from 'vitest';
import { ratesBetween, type ViewingCount } from '../../../web/player/viewing-rates.ts';

const count = (atMs: number, bytes: number, received: number, lost: number, total: number, dropped: number): ViewingCount => ({
  atMs,
  received: { bytes, packets: { received, lost }, roundTripMs: 4 },
  frames: { total, dropped },
});

describe('ratesBetween', () => {
  it('counts per second, and loss as a share of what was sent', () => {
    expect(ratesBetween(count(1000, 50_000, 100, 5, 30, 1), count(3000, 300_000, 290, 15, 80, 4))).toEqual({
      bitrateBps: 1_000_000,
      framesPerSecond: 25,
      lostShare: 0.05,
      lostPackets: 15,
      droppedFrames: 3,
      roundTripMs: 4,
    });
  });

  it('leaves out what is not counted, rather than calling it 0', () => {
    const blind = (atMs: number, total: number): ViewingCount => ({ atMs, received: null, frames: { total, dropped: 0 } });
    expect(ratesBetween(blind(0, 0), blind(1000, 15))).toMatchObject({ bitrateBps: null, lostShare: null, lostPackets: null, framesPerSecond: 15 });
  });

  it('has no loss before anything was sent', () => {
    expect(ratesBetween(count(0, 0, 0, 0, 0, 0), count(1000, 0, 0, 0, 0, 0))?.lostShare).toBe(0);
  });

  it('compares no two different pictures, and no moment with itself', () => {
    expect(ratesBetween(count(0, 9000, 1, 0, 10, 0), count(1000, 10, 1, 0, 20, 0))).toBeNull();
    expect(ratesBetween(count(0, 0, 0, 0, 100, 0), count(1000, 10, 1, 0, 2, 0))).toBeNull();
    expect(ratesBetween(count(5, 0, 0, 0, 0, 0), count(5, 10, 1, 0, 2, 0))).toBeNull();
  });
});
