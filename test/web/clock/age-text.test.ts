import { expect, it } from 'vitest';
import { formatDuration, formatPictureAge } from '../../../web/clock/age-text.ts';

it.each([
  [0, '0.0 s'],
  [-400, '0.0 s'],
  [320, '0.3 s'],
  [9949, '9.9 s'],
  [12_400, '12秒'],
  [192_000, '3分12秒'],
])('a picture of %d ms', (ageMs, text) => {
  expect(formatPictureAge(ageMs, 'zh')).toBe(text);
});

it.each([
  [0, '0秒', '0 s'],
  [59_999, '59秒', '59 s'],
  [60_000, '1分', '1 m'],
  [3_725_000, '1小时2分', '1 h 2 m'],
  [3_600_000 + 5000, '1小时', '1 h'],
  [90_061_000, '1天1小时', '1 d 1 h'],
])('%d ms', (durationMs, zh, en) => {
  expect(formatDuration(durationMs, 'zh')).toBe(zh);
  expect(formatDuration(durationMs, 'en')).toBe(en);
});
