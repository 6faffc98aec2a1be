import { describe, expect, it } from 'vitest';
import { SlowWatch } from '../../../media/webrtc/slow-watch.ts';

function after(...troublesMs: number[]): SlowWatch {
  const watch = new SlowWatch();
  for (const atMs of troublesMs) watch.onTrouble(atMs);
  return watch;
}

describe('SlowWatch', () => {
  it.each([
    ['nothing', [], 0, false],
    ['three troubles', [0, 1000, 2000], 2000, false],
    ['four in a row', [0, 1000, 2000, 3000], 3000, true],
    ['four, long past', [0, 1000, 2000, 3000], 10_001, false],
    ['one now and then', [0, 5000, 10_000, 15_000], 15_000, false],
    ['more than four', [0, 1000, 2000, 3000, 4000, 12_000], 12_000, true],
  ])('after %s', (_what, troublesMs, nowMs, isSlow) => {
    expect(after(...troublesMs).isSlow(nowMs)).toBe(isSlow);
  });

  it('is told once in ten seconds, as long as it lasts', () => {
    const watch = new SlowWatch();
    const told: number[] = [];
    for (let nowMs = 0; nowMs < 30_000; nowMs += 500) {
      if (nowMs < 20_000) watch.onTrouble(nowMs);
      if (watch.takeNews(nowMs)) told.push(nowMs);
    }
    expect(told).toEqual([1500, 11_500, 21_500]);
  });
});
