import { expect, it } from 'vitest';
import { PageBacklog } from '../../../media/websocket/page-backlog.ts';

it('is behind when too much is unsent, or something for too long, and catches up when the connection is drained', () => {
  const backlog = new PageBacklog();
  const table: readonly (readonly [nowMs: number, unsentBytes: number, isBehind: boolean])[] = [
    [0, 0, false],
    [100, 9_000_000, true],
    [200, 2_000_000, false],
    [1_600, 100_000, false],
    [1_700, 100_000, true],
    [1_800, 10_000, false],
    [1_900, 100_000, false],
    [3_300, 100_000, false],
    [3_500, 64 * 1024 + 1, true],
    [3_600, 64 * 1024, false],
  ];
  expect(table.map(([nowMs, unsentBytes]) => backlog.isBehind(unsentBytes, nowMs))).toEqual(table.map(([, , isBehind]) => isBehind));
});
