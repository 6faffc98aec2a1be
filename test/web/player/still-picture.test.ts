import { describe, expect, it } from 'vitest';
import { formatMoment } from '../../../web/clock/moment-text.ts';
import { snapshotFileName } from '../../../web/player/still-picture.ts';

const nowMs = Date.parse('2026-11-21T12:16:42.000Z');
const words = (ms: number): string => formatMoment(ms).replaceAll(':', '-').replaceAll(' ', '_');

describe('name of a snapshot', () => {
  it('tells when the picture was taken, not when it was saved', () => {
    const name = snapshotFileName({ cameraName: '滨江苑东门', nowMs, ageMs: 90_000, notLiveWord: '非实时' });
    expect(name).toBe(`滨江苑东门_${words(nowMs - 90_000)}_非实时.jpg`);
  });

  it('of a live picture has no mark; characters that file systems refuse are replaced', () => {
    const name = snapshotFileName({ cameraName: '文庙苑 1/2栋:东门', nowMs, ageMs: null, notLiveWord: null });
    expect(name).toBe(`文庙苑_1-2栋-东门_${words(nowMs)}.jpg`);
  });
});
