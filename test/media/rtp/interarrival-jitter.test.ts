import { describe, expect, it } from 'vitest';
import { InterarrivalJitter } from '../../../media/rtp/interarrival-jitter.ts';

function jitterOf(delaysMs: readonly number[]): number {
  const jitter = new InterarrivalJitter(90_000);
  // Timestamps pass their wrap on the way.
  for (const [index, delayMs] of delaysMs.entries()) jitter.accept((0xffffffff - 90_000 + index * 3600) >>> 0, 5000 + index * 40 + delayMs);
  return jitter.jitterTicks;
}

describe('InterarrivalJitter', () => {
  it('is nothing while packets arrive as they were sent', () => {
    expect(jitterOf(Array.from({ length: 100 }, () => 7))).toBe(0);
  });

  it('nears the mean difference of neighbours', () => {
    const ticks = jitterOf(Array.from({ length: 200 }, (_, index) => (index % 2) * 10));
    expect(ticks).toBeGreaterThan(890);
    expect(ticks).toBeLessThanOrEqual(900);
  });
});
