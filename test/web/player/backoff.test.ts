import { expect, it } from 'vitest';
import { backoffDelayMs } from '../../../web/player/backoff.ts';

it.each([
  [1, 0.5, 1000],
  [2, 0.5, 2000],
  [4, 0.5, 8000],
  [5, 0.5, 15_000],
  [1000, 0.5, 15_000],
  [1, 0, 875],
  [1, 1, 1125],
])('after %d failures with random %d: %d ms', (failures, random, expected) => {
  expect(backoffDelayMs(failures, random)).toBe(expected);
});
