import { describe, expect, it } from 'vitest';
import { formatAlarmFilter, parseAlarmFilter, passesFilter } from '../../../web/alarms/alarm-filter.ts';
import { keepWhileNotClosed, newestFirst } from '../../../web/alarms/alarm-order.ts';
import type { Alarm } from '../../../server/contract/alarms.ts';

const alarm = (part: Partial<Alarm>) => ({ id: 'a', condition: 'active', handling: 'open', raisedAt: '2026-11-21T12:00:00.000Z', ...part }) as Alarm;

describe('the filters', () => {
  it('begin with what nobody has seen to', () => {
    expect(parseAlarmFilter({})).toEqual({ handling: 'open', condition: 'all' });
    expect(parseAlarmFilter({ handling: 'nonsense', condition: ['x'] })).toEqual({ handling: 'open', condition: 'all' });
  });

  it('come back from the URL', () => {
    const filter = { handling: 'acknowledged', condition: 'cleared' } as const;
    expect(parseAlarmFilter(formatAlarmFilter(filter))).toEqual(filter);
  });

  it('are two axes: a cleared alarm that nobody acknowledged stays open', () => {
    const cleared = alarm({ condition: 'cleared' });
    expect(passesFilter(cleared, { handling: 'open', condition: 'all' })).toBe(true);
    expect(passesFilter(cleared, { handling: 'open', condition: 'active' })).toBe(false);
    expect(passesFilter(cleared, { handling: 'all', condition: 'cleared' })).toBe(true);
  });
});

it('orders newest first, and alarms of one moment always the same way', () => {
  const list = [alarm({ id: '1' }), alarm({ id: '3', raisedAt: '2026-11-21T13:00:00.000Z' }), alarm({ id: '2' })];
  expect(list.toSorted(newestFirst).map(({ id }) => id)).toEqual(['3', '2', '1']);
  expect(
    list
      .toReversed()
      .toSorted(newestFirst)
      .map(({ id }) => id),
  ).toEqual(['3', '2', '1']);
});

it('lets only closed alarms leave the live list', () => {
  expect(keepWhileNotClosed(alarm({ condition: 'cleared' }))).not.toBeNull();
  expect(keepWhileNotClosed(alarm({ handling: 'acknowledged', condition: 'cleared' }))).not.toBeNull();
  expect(keepWhileNotClosed(alarm({ handling: 'closed' }))).toBeNull();
});
