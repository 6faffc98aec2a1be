import { expect, it } from 'vitest';
import { formatMoment, parseMoment } from '../../../web/clock/moment-text.ts';

const near = new Date(2026, 10, 21, 20, 16, 42).getTime();

it('writes local time, always as wide', () => {
  expect(formatMoment(new Date(2026, 0, 2, 3, 4, 5).getTime())).toBe('2026-01-02 03:04:05');
});

it.each([
  ['20:05', '2026-11-21 20:05:00'],
  ['9:05:07', '2026-11-21 09:05:07'],
  ['2026-02-28 23:59:59', '2026-02-28 23:59:59'],
  [' 2026-3-1T08:00 ', '2026-03-01 08:00:00'],
])('reads %s', (text, expected) => {
  expect(formatMoment(parseMoment(text, near) ?? 0)).toBe(expected);
});

it.each(['', '24:00', '12:60', 'yesterday', '2026-02-30 10:00', '2026-13-01 10:00'])('refuses %s', (text) => {
  expect(parseMoment(text, near)).toBeNull();
});

it('reads back what it writes', () => {
  expect(parseMoment(formatMoment(near), 0)).toBe(near);
});
