import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fragmentsWithin, planSegments } from '../../../media/playback/playback-plan.ts';
import type { FileIndex, IndexedFragment } from '../../../media/recorder/file-index.ts';

/** A file of fragments of 800 ms; every `keyEvery`th begins with a key frame. */
function fileOf(count: number, keyEvery: number): FileIndex {
  const fragments: IndexedFragment[] = [];
  for (let at = 0; at < count; at++) {
    fragments.push({
      offset: 1_000 + at * 100,
      sizeBytes: 100,
      arrivedMs: at * 800,
      startTicks: at * 72_000,
      durationTicks: 72_000,
      startsWithKeyFrame: at % keyEvery === 0,
    });
  }
  return { timescale: 90_000, initBytes: 1_000, fragments };
}

const offsets = (fragments: readonly IndexedFragment[]) => fragments.map((fragment) => (fragment.offset - 1_000) / 100);

describe('fragmentsWithin', () => {
  it.each<[string, number, number, number[]]>([
    ['begins with the last entry point before the span', 5_000, 6_000, [5, 6, 7]],
    ['begins exactly at an entry point', 4_000, 4_800, [5]],
    ['includes the fragment in which the span ends', 0, 801, [0, 1]],
    ['ends before a fragment that begins with the end of the span', 0, 800, [0]],
    ['is empty before and behind the file', -1_000, 0, []],
    ['is empty behind the file', 8_000, 9_000, []],
    ['takes the whole file', -5_000, 50_000, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('%s', (_, fromMs, toMs, expected) => {
    expect(offsets(fragmentsWithin(fileOf(10, 5), fromMs, toMs))).toEqual(expected);
  });
});

describe('planSegments', () => {
  it('closes a segment at the first entry point after 4 s', () => {
    const segments = planSegments(fileOf(20, 5).fragments, 90_000);
    expect(segments).toEqual(
      [0, 1, 2, 3].map((at) => ({ startOffset: 1_000 + at * 500, endOffset: 1_500 + at * 500, durationSeconds: 4, arrivedMs: at * 4_000 })),
    );
  });

  it('keeps fragments in order and whole, and segments below 12 s, for any groups', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 60 }), (count, keyEvery) => {
        const { fragments } = fileOf(count, keyEvery);
        const segments = planSegments(fragments, 90_000);
        expect(segments[0]?.startOffset).toBe(1_000);
        expect(segments.at(-1)?.endOffset).toBe(1_000 + count * 100);
        for (const [at, segment] of segments.entries()) {
          expect(segment.durationSeconds).toBeLessThanOrEqual(12);
          if (at > 0) expect(segment.startOffset).toBe(segments[at - 1]?.endOffset);
        }
      }),
    );
  });
});
