import { describe, expect, it } from 'vitest';
import { arrivalOf, judgePicture, parseClockMessage } from '../../../web/player/picture-age.ts';
import type { PictureVerdict } from '../../../web/player/picture-age.ts';
import type { CameraStatus } from '../../../server/contract/cameras.ts';

const clock = { rtpTimestamp: 90_000, clockRateHz: 90_000, arrivedAtMs: 10_000, nowMs: 10_005 };

describe('arrivalOf', () => {
  it.each([
    ['the newest frame', 90_000, 10_000],
    ['a frame half a second older, still in the jitter buffer', 45_000, 9500],
    ['a frame sent after the message', 99_000, 10_100],
  ])('%s', (_name, rtpTimestamp, expected) => {
    expect(arrivalOf(rtpTimestamp, clock)).toBe(expected);
  });

  it('follows the 32-bit wrap in both directions', () => {
    expect(arrivalOf(2 ** 32 - 90_000, { ...clock, rtpTimestamp: 0 })).toBe(9000);
    expect(arrivalOf(0, { ...clock, rtpTimestamp: 2 ** 32 - 90_000 })).toBe(11_000);
  });
});

describe('parseClockMessage', () => {
  it('reads what the node sends', () => {
    expect(parseClockMessage(JSON.stringify(clock))).toEqual(clock);
  });

  it.each(['', '{', 'null', '[]', '{"rtpTimestamp":1}', '{"rtpTimestamp":1,"clockRateHz":0,"arrivedAtMs":1,"nowMs":1}'])('refuses %s', (text) => {
    expect(parseClockMessage(text)).toBeNull();
  });
});

describe('judgePicture', () => {
  const cases: readonly [string, number | null, number, CameraStatus, number, PictureVerdict][] = [
    ['fresh', 300, 40, 'online', 60_000, 'live'],
    ['exactly 3 s', 3000, 0, 'online', 60_000, 'live'],
    ['older than 3 s', 3001, 0, 'online', 60_000, 'old'],
    ['a frozen frame whose age is unknown', null, 3500, 'online', 60_000, 'old'],
    ['a frozen frame whose clock went wrong', 100, 9000, 'online', 60_000, 'stalled'],
    ['old although the camera works', 8500, 0, 'online', 60_000, 'stalled'],
    ['old, but the camera has only just come back', 12_000, 12_000, 'online', 1000, 'old'],
    ['old because the camera is down', 12_000, 12_000, 'offline', 12_000, 'old'],
    ['long gone with its camera', 21_000, 21_000, 'offline', 21_000, 'source-gone'],
    ['old because the camera is degraded and may send nothing', 9000, 9000, 'degraded', 60_000, 'old'],
  ];
  it.each(cases)('%s', (_name, ageMs, sinceNewFrameMs, status, statusForMs, expected) => {
    expect(judgePicture({ ageMs, sinceNewFrameMs, status, statusForMs, isInterrupted: false })).toBe(expected);
  });

  it('is never live once the node said that the camera is gone, and never blames the way to it', () => {
    const judge = (ageMs: number) => judgePicture({ ageMs, sinceNewFrameMs: ageMs, status: 'online', statusForMs: 60_000, isInterrupted: true });
    expect([0, 300, 9000, 20_001].map(judge)).toEqual(['old', 'old', 'old', 'source-gone']);
  });
});
