import { describe, expect, it } from 'vitest';
import { decideReload, type ListedMedia } from '../../../media/hls/blocking-reload.ts';

/** Segments up to 46 are whole, the last one with five parts; 47 has two. Three seconds are seven parts. */
const running: ListedMedia = { segmentCount: 7, nextSequence: 47, lastPartCount: 5, openPartCount: 2, partTargetMs: 433 };

describe('decideReload', () => {
  it.each<[number | null, number | null, string]>([
    [null, null, 'answer'],
    [null, 0, 'part-without-segment'],
    [46, null, 'answer'],
    [47, null, 'wait'],
    [48, null, 'wait'],
    [49, null, 'too-far-ahead'],
    [20, 99, 'answer'],
    [46, 4, 'answer'],
    [46, 5, 'answer'],
    [47, 1, 'answer'],
    [47, 2, 'wait'],
    [47, 8, 'wait'],
    [47, 9, 'too-far-ahead'],
    [48, 0, 'wait'],
    [48, 6, 'wait'],
    [48, 7, 'too-far-ahead'],
  ])('answers _HLS_msn=%s and _HLS_part=%s with %s', (msn, part, expected) => {
    expect(decideReload(running, msn, part)).toBe(expected);
  });

  it('takes a part beyond the last for the first of the next segment, which is still to come', () => {
    const between = { ...running, openPartCount: 0 };
    expect([decideReload(between, 46, 4), decideReload(between, 46, 5)]).toEqual(['answer', 'wait']);
  });

  it('lets everybody wait for the first segment', () => {
    const starting = { segmentCount: 0, nextSequence: 40, lastPartCount: 0, openPartCount: 0, partTargetMs: null };
    expect([decideReload(starting, null, null), decideReload(starting, 99, 0)]).toEqual(['wait', 'wait']);
  });

  it('counts three parts ahead where parts last a second or longer', () => {
    const slow = { ...running, partTargetMs: 1081 };
    expect([decideReload(slow, 47, 4), decideReload(slow, 47, 5)]).toEqual(['wait', 'too-far-ahead']);
  });
});
