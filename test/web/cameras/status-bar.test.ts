import { expect, it } from 'vitest';
import { layOutIntervals } from '../../../web/cameras/status-bar.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();

it('cuts states to the stretch shown, and lets the last one go on to its end', () => {
  const pieces = layOutIntervals(
    [
      { status: 'online', reason: null, from: at(0), to: at(50) },
      { status: 'offline', reason: 'no-packets', from: at(50), to: at(100) },
      { status: 'online', reason: null, from: at(100), to: null },
      { status: 'idle', reason: null, from: at(500), to: null },
    ],
    25_000,
    125_000,
  );
  expect(pieces.map(({ status, left, width }) => [status, left, width])).toEqual([
    ['online', 0, 0.25],
    ['offline', 0.25, 0.5],
    ['online', 0.75, 0.25],
  ]);
});
