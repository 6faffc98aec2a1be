import { describe, expect, it } from 'vitest';
import { compareEventIds, EventCursor } from '../../../web/realtime/event-order.ts';

it.each([
  ['1', '2', -1],
  ['10', '9', 1],
  ['7', '7', 0],
  ['007', '7', 0],
  ['9007199254740993', '9007199254740992', 1],
])('%s against %s', (first, second, sign) => {
  expect(Math.sign(compareEventIds(first, second))).toBe(sign);
});

describe('EventCursor', () => {
  it('takes an event once, however often it is replayed', () => {
    const cursor = new EventCursor();
    expect(['5', '6', '5', '6', '7'].map((id) => cursor.take(id))).toEqual([true, true, false, false, true]);
    expect(cursor.lastEventId).toBe('7');
  });

  it('does not go back when the server tells an older position, but begins again after a reset', () => {
    const cursor = new EventCursor();
    cursor.take('20');
    cursor.moveTo('10');
    expect(cursor.lastEventId).toBe('20');
    cursor.reset('3');
    expect(cursor.take('4')).toBe(true);
  });
});
