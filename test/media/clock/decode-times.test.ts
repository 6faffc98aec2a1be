import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecodeTimes } from '../../../media/clock/decode-times.ts';

function run(depth: number, presentation: readonly number[]): number[] {
  const times = new DecodeTimes(depth);
  return presentation.map((ticks) => times.next(ticks, 1));
}

describe('DecodeTimes', () => {
  it.each([
    ['no reordering', 0, [0, 1, 2, 3], [0, 1, 2, 3]],
    ['one B-frame between', 1, [0, 2, 1, 4, 3, 6, 5], [-1, 0, 1, 2, 3, 4, 5]],
    ['a pyramid of three', 2, [0, 4, 2, 1, 3, 8, 6, 5, 7], [-2, -1, 0, 1, 2, 3, 4, 5, 6]],
    ['a stream that could reorder and does not', 2, [0, 1, 2, 3], [-2, -1, 0, 1]],
  ])('%s', (_, depth, presentation, decode) => {
    expect(run(depth, presentation)).toEqual(decode);
  });

  it('increases strictly, and stays below presentation when the depth holds', () => {
    const groups = fc.array(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), { maxLength: 30 });
    fc.assert(
      fc.property(groups, (shuffles) => {
        const presentation = [0, ...shuffles.flatMap((shuffle, group) => shuffle.map((place) => 1 + group * 3 + place))];
        const decode = run(2, presentation);
        for (const [index, ticks] of decode.entries()) {
          expect(ticks).toBeLessThanOrEqual(presentation[index] ?? -Infinity);
          if (index > 0) expect(ticks).toBeGreaterThan(decode[index - 1] ?? Infinity);
        }
      }),
    );
  });

  it('increases strictly even when presentation times are nonsense', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(fc.integer()), (depth, presentation) => {
        const decode = run(depth, presentation);
        for (let index = 1; index < decode.length; index += 1) expect(decode[index]).toBeGreaterThan(decode[index - 1] ?? Infinity);
      }),
    );
  });
});
