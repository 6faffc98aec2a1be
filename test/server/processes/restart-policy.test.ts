import { expect, it } from 'vitest';
import { nextRestart } from '../../../server/processes/restart-policy.ts';

function delays(livesMs: readonly number[]): number[] {
  let state = { failures: 0 };
  return livesMs.map((livedMs) => {
    const next = nextRestart(state, livedMs);
    state = { ...next.state };
    return next.delayMs;
  });
}

it('answers the first death at once and waits longer after each short life', () => {
  expect(delays([100, 100, 100, 100])).toEqual([250, 500, 1000, 2000]);
});

it('never waits longer than ten seconds', () => {
  expect(delays(Array.from({ length: 12 }, () => 0)).at(-1)).toBe(10_000);
});

it('forgets short lives after a long one', () => {
  expect(delays([100, 100, 30_000, 100])).toEqual([250, 500, 250, 500]);
});
