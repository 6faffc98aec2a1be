import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideRetryDelay } from '../../../media/stream/reconnect-policy.ts';

describe('decideRetryDelay', () => {
  it.each([
    ['connection-refused', [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]],
    ['unauthorized', [30_000, 60_000, 120_000, 240_000, 300_000]],
    ['stream-not-found', [5000, 10_000, 20_000, 40_000, 60_000]],
  ] as const)('%s doubles up to its bound', (reason, delays) => {
    expect(delays.map((_, index) => decideRetryDelay(reason, index + 1, 0.5))).toEqual(delays);
  });

  it('spreads by a quarter to both sides', () => {
    expect([decideRetryDelay('no-answer', 1, 0), decideRetryDelay('no-answer', 1, 0.999)]).toEqual([750, 1250]);
  });

  it('stays in bounds for any count of failures', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e9 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (failures, chance) => {
        const delayMs = decideRetryDelay('closed-by-camera', failures, chance);
        expect(delayMs).toBeGreaterThanOrEqual(750);
        expect(delayMs).toBeLessThanOrEqual(37_500);
      }),
    );
  });
});
