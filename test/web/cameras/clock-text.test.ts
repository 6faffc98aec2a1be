import { describe, expect, it } from 'vitest';
import type { Camera, CameraClockState } from '../../../server/contract/cameras.ts';
import { formatMoment } from '../../../web/clock/moment-text.ts';
import { clockOf, describeClock, describeSound } from '../../../web/cameras/clock-text.ts';
import { cameraMessages } from '../../../web/cameras/messages.ts';

const nowMs = Date.UTC(2026, 10, 21, 12);
const clock = (part: Partial<CameraClockState>): CameraClockState => ({
  kind: 'utc',
  quality: 'good',
  offsetMs: 1240,
  uncertaintyMs: 4,
  driftPpm: null,
  steppedAt: null,
  soundLateMs: null,
  measuredAt: new Date(nowMs - 3000).toISOString(),
  ...part,
});

/** Looks a key up as the page does, and fails on one that is missing. */
function words(language: 'zh' | 'en') {
  return (key: string, named: Record<string, string | number>): string => {
    const [, , name = ''] = key.split('.');
    const text: string | undefined = (cameraMessages[language].clock as Record<string, string>)[name];
    if (text === undefined) throw new Error(`no words for ${key}`);
    return text.replace(/\{(\w+)\}/g, (_, hole: string) => String(named[hole] ?? `{${hole}}`));
  };
}

const zh = (part: Partial<CameraClockState>): string => describeClock(clock(part), nowMs, 'zh', words('zh'));

describe('describeClock', () => {
  it.each<[Partial<CameraClockState>, string]>([
    [{}, '快 1.2 秒（±4 毫秒）'],
    [{ offsetMs: -320 }, '慢 320 毫秒（±4 毫秒）'],
    [{ offsetMs: 3 }, '准确（±4 毫秒）'],
    [{ kind: 'local-time', offsetMs: 8 * 3_600_000 + 500 }, '快 500 毫秒（±4 毫秒）；按本地时间（UTC+8）发送'],
    [{ kind: 'local-time', offsetMs: -1_800_000 }, '准确（±4 毫秒）；按本地时间（UTC−0.5）发送'],
    [{ kind: 'none', offsetMs: null, uncertaintyMs: null }, '不提供时钟'],
    [{ kind: 'never-set', offsetMs: -400 * 86_400_000 }, '慢 400天（±4 毫秒）；时钟从未校准'],
    [{ quality: 'mispaired', offsetMs: 0 }, '准确（±4 毫秒）；时间与画面时间戳不一致'],
    [{ offsetMs: 0, driftPpm: -50 }, '准确（±4 毫秒）；每天慢 4.3 秒'],
  ])('tells %j', (part, text) => {
    expect(zh(part)).toBe(text);
  });

  it('tells when an old measurement was made, and when the clock was set', () => {
    const at = new Date(nowMs - 3_600_000).toISOString();
    const moment = formatMoment(Date.parse(at));
    expect(zh({ offsetMs: 0, measuredAt: at, steppedAt: at })).toBe(`准确（±4 毫秒）；${moment} 跳变；${moment} 测得`);
  });

  it('has English words, and words for a camera that tells nothing', () => {
    expect(describeClock(clock({}), nowMs, 'en', words('en'))).toBe('1.2 s fast (±4 ms)');
    expect(describeClock(null, nowMs, 'zh', words('zh'))).toBe('摄像机未提供');
  });
});

describe('describeSound', () => {
  it.each([
    [null, null],
    [-30, '同步'],
    [1800, '声音晚 1800 毫秒'],
    [-60, '声音早 60 毫秒'],
  ])('tells %s ms', (soundLateMs, text) => {
    expect(describeSound(clock({ soundLateMs }), words('zh'))).toBe(text);
  });
});

describe('clockOf', () => {
  it('prefers the main stream, and takes the other where it alone tells one', () => {
    const camera = (main: CameraClockState | null, sub: CameraClockState | null): Camera =>
      ({
        state: {
          streams: [
            { role: 'sub', clock: sub },
            { role: 'main', clock: main },
          ],
        },
      }) as unknown as Camera;
    const [one, other] = [clock({ offsetMs: 1 }), clock({ offsetMs: 2 })];
    expect([clockOf(camera(one, other)), clockOf(camera(null, other)), clockOf(camera(null, null))]).toEqual([one, other, null]);
  });
});
