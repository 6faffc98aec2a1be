import { describe, expect, it } from 'vitest';
import { readCameraTime, zoneOffsetMinutes } from '../../../media/clock/ntp-epoch.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const from1900Ms = 2_208_988_800_000;
const hourMs = 3_600_000;

describe('readCameraTime', () => {
  it.each([
    ['nothing', 0, 'none', null],
    ['ours', from1900Ms + nowMs, 'utc', 0],
    ['a minute and a half slow', from1900Ms + nowMs - 90_000, 'utc', -90_000],
    ['three days fast', from1900Ms + nowMs + 72 * hourMs, 'utc', 72 * hourMs],
    ['Beijing time', from1900Ms + nowMs + 8 * hourMs + 1200, 'local-time', 8 * hourMs + 1200],
    ['India time', from1900Ms + nowMs + 5.5 * hourMs, 'local-time', 5.5 * hourMs],
    ['summer time forgotten', from1900Ms + nowMs - hourMs, 'local-time', -hourMs],
    ['eight hours and five minutes', from1900Ms + nowMs + 8 * hourMs + 300_000, 'utc', 8 * hourMs + 300_000],
    ['seconds of 1970', nowMs + 700, 'unix-epoch', 700],
    ['New Year 1970 and a bit', from1900Ms + 5000, 'never-set', 5000 - nowMs],
    ['New Year 2000', from1900Ms + Date.UTC(2000, 0), 'never-set', Date.UTC(2000, 0) - nowMs],
    ['up for a minute', 60_000, 'since-boot', null],
    ['up for two years', 2 * 365 * 24 * hourMs, 'since-boot', null],
  ])('understands %s', (_, ntpMs, kind, offsetMs) => {
    const time = readCameraTime(ntpMs, nowMs);
    expect([time.kind, time.wallClockMs === null ? null : time.wallClockMs - nowMs]).toEqual([kind, offsetMs]);
  });

  it('reads on over the end of the first era in 2036', () => {
    const in2040Ms = Date.UTC(2040, 5);
    expect(readCameraTime(from1900Ms + in2040Ms + 250 - 2 ** 32 * 1000, in2040Ms)).toEqual({ kind: 'utc', wallClockMs: in2040Ms + 250 });
  });

  it('knows the minutes of a zone from those of a wrong clock', () => {
    expect([0, 59_000, -30 * 60_000, 8 * hourMs - 60_000, 8 * hourMs - 61_000, 15 * hourMs].map(zoneOffsetMinutes)).toEqual([0, 0, -30, 480, 0, 0]);
  });
});
