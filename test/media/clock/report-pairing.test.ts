import { describe, expect, it } from 'vitest';
import { ReportPairing } from '../../../media/clock/report-pairing.ts';

/** Reports every 5 s by a 90 kHz clock; `ntpMs` and `ticks` of each from its number. */
function pair(count: number, ntpMs: (index: number) => number, ticks: (index: number) => number): ReportPairing {
  const pairing = new ReportPairing(90_000);
  for (let index = 0; index < count; index += 1) pairing.observe(1, 4e12 + ntpMs(index), ticks(index) >>> 0);
  return pairing;
}

const even = (index: number): number => index * 5000;
const ticks = (index: number): number => index * 450_000;

describe('ReportPairing', () => {
  it('maps RTP time to NTP time once two intervals held, over the wrap of 32 bits too', () => {
    const wrapping = (index: number): number => 2 ** 32 - 900_000 + ticks(index);
    expect(pair(2, even, wrapping).ntpMsOf(0)).toBeNull();
    expect(pair(3, even, wrapping).ntpMsOf(90_000)).toBe(4e12 + 10_000 + 1000);
  });

  it.each([
    ['held', even, ticks, false],
    ['has RTP times of whole frames', even, (index: number) => Math.floor(ticks(index) / 1500) * 1500, false],
    ['does not renew RTP time', even, () => 7, true],
    ['runs RTP time at a sixth more', even, (index: number) => (ticks(index) * 7) / 6, true],
    ['has NTP in whole seconds', (index: number) => Math.floor(index * 4.3) * 1000, (index: number) => index * 4300 * 90, true],
    ['steps NTP time once', (index: number) => even(index) + (index > 3 ? 2000 : 0), ticks, false],
  ])('judges a camera that %s', (_, ntpMs, rtpTicks, isBroken) => {
    expect(pair(6, ntpMs, rtpTicks).isBroken).toBe(isBroken);
  });

  it('tells repeats, and begins anew with another SSRC', () => {
    const pairing = new ReportPairing(90_000);
    const news = [
      pairing.observe(1, 1000, 0),
      pairing.observe(1, 1000, 0),
      pairing.observe(1, 6000, 450_000),
      pairing.observe(1, 11_000 - 3000, 900_000),
      pairing.observe(2, 16_000, 5),
    ];
    expect(news).toEqual([
      { kind: 'first' },
      { kind: 'repeated' },
      { kind: 'next', movedMs: 0 },
      { kind: 'next', movedMs: -3000 },
      { kind: 'first' },
    ]);
    expect(pairing.ntpMsOf(5)).toBeNull();
  });
});
