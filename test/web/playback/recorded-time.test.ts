import { describe, expect, it } from 'vitest';
import { gapReasonKey } from '../../../web/playback/gap-reason.ts';
import { gapAt, isRecordedAt, nextRecordedMoment, parseTimeline } from '../../../web/playback/recorded-time.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const recorded = parseTimeline({
  spans: [
    { from: at(200), to: at(300), bytes: 1 },
    { from: at(0), to: at(100), bytes: 1 },
  ],
  gaps: [{ from: at(100), to: at(200), reason: 'no-packets' }],
});

describe('recorded time', () => {
  it('is in order, whatever the order of the answer', () => {
    expect(recorded.spans.map((span) => span.fromMs)).toEqual([0, 200_000]);
  });

  it('knows where there is a picture and why there is none', () => {
    expect([0, 99_999, 100_000, 250_000, 300_000].map((moment) => isRecordedAt(recorded, moment))).toEqual([true, true, false, true, false]);
    expect(gapAt(recorded, 150_000)?.reason).toBe('no-packets');
    expect(gapAt(recorded, 250_000)).toBeNull();
  });

  it('goes on at the first picture of any camera', () => {
    const other = { spans: [{ fromMs: 150_000, toMs: 160_000 }], gaps: [] };
    expect(nextRecordedMoment([recorded], 120_000)).toBe(200_000);
    expect(nextRecordedMoment([recorded, other], 120_000)).toBe(150_000);
    expect(nextRecordedMoment([recorded], 50_000)).toBe(50_000);
    expect(nextRecordedMoment([recorded, other], 300_000)).toBeNull();
  });
});

it('finds the word for reasons of ours and of the camera', () => {
  expect(gapReasonKey('expired')).toBe('reason.gap.expired');
  expect(gapReasonKey('no-packets')).toBe('reason.noPicture.no-packets');
});
