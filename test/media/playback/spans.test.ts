import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gapFromMs, spansAndGaps } from '../../../media/playback/spans.ts';

const files = (...times: [number, number][]) => times.map(([fromMs, toMs]) => ({ fromMs, toMs }));

describe('spansAndGaps', () => {
  it.each<[string, [number, number][], [number, number], [number, number][], [number, number][]]>([
    ['nothing recorded is one gap', [], [0, 60_000], [], [[0, 60_000]]],
    ['one file around the span', [[-5_000, 90_000]], [0, 60_000], [[0, 60_000]], []],
    [
      'files that follow each other are one span',
      [
        [0, 30_000],
        [30_900, 60_000],
      ],
      [0, 60_000],
      [[0, 60_000]],
      [],
    ],
    [
      'a gap counts from 2 s',
      [
        [0, 30_000],
        [32_000, 60_000],
      ],
      [0, 60_000],
      [
        [0, 30_000],
        [32_000, 60_000],
      ],
      [[30_000, 32_000]],
    ],
    [
      'less than 2 s is none',
      [
        [0, 30_000],
        [31_999, 60_000],
      ],
      [0, 60_000],
      [[0, 60_000]],
      [],
    ],
    [
      'gaps at the edges',
      [[10_000, 50_000]],
      [0, 60_000],
      [[10_000, 50_000]],
      [
        [0, 10_000],
        [50_000, 60_000],
      ],
    ],
    ['less than 2 s at the edges is none', [[1_500, 58_500]], [0, 60_000], [[0, 60_000]], []],
    [
      'overlapping files in any order',
      [
        [20_000, 60_000],
        [0, 30_000],
        [5_000, 10_000],
      ],
      [0, 60_000],
      [[0, 60_000]],
      [],
    ],
    [
      'files outside',
      [
        [-10_000, 0],
        [60_000, 70_000],
      ],
      [0, 60_000],
      [],
      [[0, 60_000]],
    ],
  ])('%s', (_, recorded, [fromMs, toMs], spans, gaps) => {
    expect(spansAndGaps(files(...recorded), fromMs, toMs)).toEqual({ spans: files(...spans), gaps: files(...gaps) });
  });

  it('covers the time exactly once, with gaps of at least 2 s between spans', () => {
    const anyFile = fc
      .tuple(fc.integer({ min: -10_000, max: 100_000 }), fc.integer({ min: 0, max: 30_000 }))
      .map(([fromMs, lengthMs]) => ({ fromMs, toMs: fromMs + lengthMs }));
    fc.assert(
      fc.property(fc.array(anyFile, { maxLength: 12 }), (recorded) => {
        const { spans, gaps } = spansAndGaps(recorded, 0, 90_000);
        const all = [...spans, ...gaps].sort((a, b) => a.fromMs - b.fromMs);
        let atMs = 0;
        for (const piece of all) {
          expect(piece.fromMs).toBe(atMs);
          expect(piece.toMs).toBeGreaterThan(piece.fromMs);
          atMs = piece.toMs;
        }
        expect(atMs).toBe(90_000);
        if (spans.length > 0) for (const gap of gaps) expect(gap.toMs - gap.fromMs).toBeGreaterThanOrEqual(gapFromMs);
      }),
    );
  });
});
