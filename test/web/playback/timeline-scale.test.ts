import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { momentAt, reveal, ticksOf, windowAround, xOf, zoom } from '../../../web/playback/timeline-scale.ts';

const hourMs = 3_600_000;
const noon = Date.UTC(2026, 10, 21, 12);

describe('the window', () => {
  it('maps moments to pixels and back', () => {
    const window = windowAround(noon, hourMs);
    expect(xOf(noon, window, 800)).toBe(400);
    expect(momentAt(200, window, 800)).toBe(noon - hourMs / 4);
  });

  it('keeps the moment under the pointer where it is, within ten seconds and a month', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 20_000, max: 30 * 24 * hourMs }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (lengthMs, share, factor) => {
          const window = { fromMs: noon, toMs: noon + lengthMs };
          const anchorMs = noon + share * lengthMs;
          const zoomed = zoom(window, anchorMs, factor);
          expect(xOf(anchorMs, zoomed, 1000)).toBeCloseTo(share * 1000, 3);
          expect(zoomed.toMs - zoomed.fromMs).toBeGreaterThanOrEqual(9_999);
          expect(zoomed.toMs - zoomed.fromMs).toBeLessThanOrEqual(31 * 24 * hourMs + 1);
        },
      ),
    );
  });

  it('follows a play head that leaves it, and stays while it is well inside', () => {
    const window = windowAround(noon, hourMs);
    expect(reveal(window, noon + 60_000)).toBe(window);
    expect(reveal(window, noon + hourMs)).toEqual(windowAround(noon + hourMs, hourMs));
  });
});

describe('the ruler', () => {
  it('marks round times of the local clock, not of UTC', () => {
    const labels = ticksOf({ fromMs: noon, toMs: noon + 24 * hourMs }, 800, -480).map((tick) => tick.label);
    expect(labels).toEqual(['20:00', '11-22', '04:00', '08:00', '12:00', '16:00', '20:00']);
  });

  it('leaves room for every label at any width', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 31 * 24 * hourMs }), fc.integer({ min: 300, max: 3000 }), (lengthMs, widthPx) => {
        const window = { fromMs: noon, toMs: noon + lengthMs };
        const places = ticksOf(window, widthPx, -480).map((tick) => xOf(tick.atMs, window, widthPx));
        for (const [index, place] of places.entries()) if (index > 0) expect(place - (places[index - 1] ?? 0)).toBeGreaterThan(70);
      }),
    );
  });

  it('shows seconds only when it is that close', () => {
    expect(ticksOf({ fromMs: noon, toMs: noon + 60_000 }, 800, 0)[0]?.label).toBe('12:00:00');
  });
});
