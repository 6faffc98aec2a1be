import { expect, it } from 'vitest';
import type { StatusInterval } from '../../../server/contract/cameras.ts';
import { joinIntervals } from '../../../server/health/join-intervals.ts';

const at = (second: number): string => new Date(1_800_000_000_000 + second * 1000).toISOString();
const interval = (status: StatusInterval['status'], from: number, to: number | null, reason: StatusInterval['reason'] = null): StatusInterval => ({
  status,
  reason,
  from: at(from),
  to: to === null ? null : at(to),
});

it.each<[string, StatusInterval[], StatusInterval[]]>([
  ['nothing', [], []],
  ['an open interval', [interval('online', 0, null)], [interval('online', 0, null)]],
  [
    'neighbours around a moment',
    [interval('online', 0, 5), interval('unknown', 5, 5, 'node-lost'), interval('online', 5, null)],
    [interval('online', 0, null)],
  ],
  [
    'another reason',
    [interval('offline', 0, 5, 'no-answer'), interval('offline', 5, 9)],
    [interval('offline', 0, 5, 'no-answer'), interval('offline', 5, 9)],
  ],
  ['a hole', [interval('online', 0, 5), interval('online', 6, 9)], [interval('online', 0, 5), interval('online', 6, 9)]],
])('%s', (_, given, expected) => {
  expect(joinIntervals(given)).toEqual(expected);
});
