import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SequenceTracker, STALE_PACKET } from '../../../media/rtp/sequence-tracker.ts';

function run(numbers: readonly number[]): { answers: number[]; tracker: SequenceTracker } {
  const tracker = new SequenceTracker();
  return { answers: numbers.map((number) => tracker.accept(number & 0xffff, 1)), tracker };
}

describe('SequenceTracker', () => {
  it.each([
    ['in order, over the wrap', [65_534, 65_535, 0, 1], [0, 0, 0, 0]],
    ['a hole of two', [5, 8, 9], [0, 2, 0]],
    ['a repeat', [5, 5, 6], [0, STALE_PACKET, 0]],
    ['a straggler', [5, 7, 6, 8], [0, 1, STALE_PACKET, 0]],
    ['a restarted sender', [5, 40_000, 40_001], [0, 1, 0]],
  ])('%s', (_, numbers, answers) => {
    expect(run(numbers).answers).toEqual(answers);
  });

  it('takes another source for a restart', () => {
    const tracker = new SequenceTracker();
    expect([tracker.accept(1, 1), tracker.accept(2, 1), tracker.accept(3, 2), tracker.accept(4, 2), tracker.restarts]).toEqual([0, 0, 1, 0, 1]);
  });

  it('extends numbers and counts, whatever is dropped', () => {
    fc.assert(
      fc.property(fc.nat(0xffff), fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 3000, minLength: 1 }), (first, steps) => {
        let number = first;
        const numbers = [first, ...steps.map((step) => (number += step))];
        const { tracker } = run(numbers);
        expect(tracker.extendedHighest).toBe(number);
        expect(tracker.receivedPackets).toBe(numbers.length);
        expect(tracker.lostPackets).toBe(number - first + 1 - numbers.length);
      }),
      { numRuns: 50 },
    );
  });
});
