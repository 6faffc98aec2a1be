import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrafficBudget } from '../../../media/rtsp/traffic-budget.ts';

/** Sends `bytes` and `packets` every 10 ms and waits when told to; when it is given up, or null. */
function givenUpAfterMs(bytes: number, packets: number, via: 'tcp' | 'udp' = 'tcp', forMs = 60_000): number | null {
  const budget = new TrafficBudget(0, via);
  for (let nowMs = 0; nowMs < forMs; nowMs += 10 + budget.waitMs) {
    if (budget.take(bytes, packets, nowMs) === 'exceeded') return nowMs;
  }
  return null;
}

describe('TrafficBudget', () => {
  it.each([
    ['a camera with 4 Mbit/s', 5_000, 4],
    ['an 8K camera with 60 Mbit/s', 75_000, 54],
    ['90 Mbit/s', 112_500, 80],
    ['packets of 250 bytes at 90 Mbit/s', 112_500, 450],
  ])('lets %s go on', (_name, bytes, packets) => {
    expect(givenUpAfterMs(bytes, packets)).toBeNull();
  });

  it.each([
    ['120 Mbit/s', 150_000, 107],
    ['zero-length packets at 1 Gbit/s', 1_250_000, 312_500],
    ['frames of 8 MB at 60 a second', 4_800_000, 80],
    ['60,000 small packets a second', 24_000, 600],
  ])('gives up %s, not before five seconds', (_name, bytes, packets) => {
    const givenUpMs = givenUpAfterMs(bytes, packets);
    expect(givenUpMs).toBeGreaterThanOrEqual(5000);
    expect(givenUpMs).toBeLessThan(20_000);
  });

  it('is less patient with datagrams, which it cannot hold back', () => {
    expect(givenUpAfterMs(1_250_000, 1_000, 'udp')).toBeLessThan(1500);
  });

  it('takes a burst for what it is: the group of pictures a camera kept, and a network that was stalled', () => {
    const budget = new TrafficBudget(0);
    let nowMs = 0;
    for (let round = 0; round < 20; round++) {
      for (let sent = 0; sent < 20_000_000; sent += 65_536) {
        expect(budget.take(65_536, 50, nowMs)).not.toBe('exceeded');
        nowMs += budget.waitMs;
      }
      nowMs += 10_000;
    }
  });

  it('never lets more through than burst and rate, whatever the pattern', () => {
    const read = fc.record({ bytes: fc.nat(65_536), packets: fc.nat(16_384), pauseMs: fc.nat(50) });
    fc.assert(
      fc.property(fc.array(read, { minLength: 1, maxLength: 400 }), (reads) => {
        const budget = new TrafficBudget(0);
        let [nowMs, bytes, packets] = [0, 0, 0];
        for (const each of reads) {
          nowMs += each.pauseMs + budget.waitMs;
          budget.take(each.bytes, each.packets, nowMs);
          bytes += each.bytes;
          packets += each.packets;
          expect(bytes).toBeLessThanOrEqual(16_000_000 + 12_500 * nowMs + 65_536);
          expect(packets).toBeLessThanOrEqual(64_000 + 50 * nowMs + 16_384);
        }
      }),
    );
  });
});
