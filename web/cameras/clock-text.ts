/** How a camera's clock is told in words (校时偏差). */
import type { Camera, CameraClockState } from '../../server/contract/cameras.ts';
import { formatDuration } from '../clock/age-text.ts';
import { formatMoment } from '../clock/moment-text.ts';
import type { Language } from '../i18n/messages.ts';

/** Translates a key of the messages. */
type Translate = (key: string, named: Record<string, string | number>) => string;

/** Words for what is odd about a clock; `utc` needs none. */
const kindKeys = { 'local-time': 'localTime', 'unix-epoch': 'unixEpoch', 'never-set': 'neverSet', 'since-boot': 'sinceBoot', none: 'none' } as const;
/** A measurement that is older stands with its moment. */
const freshMs = 60_000;
/** Less is not seen (ITU-R BT.1359: sound 45 ms early to 125 ms late). */
const togetherMs = 40;
/** Below half a second a day a crystal is as good as it gets. */
const tellDriftPpm = 6;

/** The clock of the main stream, or of whichever stream tells one. */
export function clockOf(camera: Camera): CameraClockState | null {
  const { streams } = camera.state;
  return streams.find(({ role, clock }) => role === 'main' && clock !== null)?.clock ?? streams.find(({ clock }) => clock !== null)?.clock ?? null;
}

/** One line: offset and uncertainty, what is odd, drift, age. `nowMs` by the server's clock. */
export function describeClock(clock: CameraClockState | null, nowMs: number, language: Language, t: Translate): string {
  if (clock === null) return t('cameras.clock.unknown', {});
  const parts: string[] = [];
  const { kind, quality, offsetMs, uncertaintyMs, driftPpm } = clock;
  /** Against UTC, in steps of half an hour as time zones are. */
  const hours = Math.round((offsetMs ?? 0) / 1_800_000) / 2;
  if (offsetMs !== null && uncertaintyMs !== null) {
    // A clock that means local time is right when it shows that.
    const wrongMs = kind === 'local-time' ? offsetMs - hours * 3_600_000 : offsetMs;
    const key = Math.abs(wrongMs) <= uncertaintyMs ? 'exact' : wrongMs > 0 ? 'fast' : 'slow';
    parts.push(t(`cameras.clock.${key}`, { amount: amountText(wrongMs, language, t), uncertainty: amountText(uncertaintyMs, language, t) }));
  }
  if (kind !== 'utc') {
    parts.push(t(`cameras.clock.${kindKeys[kind]}`, { sign: hours < 0 ? '−' : '+', hours: Math.abs(hours) }));
  }
  if (quality !== 'good') parts.push(t(`cameras.clock.${quality}`, {}));
  if (driftPpm !== null && Math.abs(driftPpm) >= tellDriftPpm) {
    const direction = t(driftPpm > 0 ? 'cameras.clock.gains' : 'cameras.clock.loses', {});
    parts.push(t('cameras.clock.drift', { direction, amount: t('cameras.clock.seconds', { count: (Math.abs(driftPpm) * 0.0864).toFixed(1) }) }));
  }
  if (clock.steppedAt !== null) parts.push(t('cameras.clock.stepped', { moment: formatMoment(Date.parse(clock.steppedAt)) }));
  if (nowMs - Date.parse(clock.measuredAt) > freshMs) {
    parts.push(t('cameras.clock.measured', { moment: formatMoment(Date.parse(clock.measuredAt)) }));
  }
  return parts.join(language === 'zh' ? '；' : '; ');
}

/** Sound against picture; null while it is not known. */
export function describeSound(clock: CameraClockState | null, t: Translate): string | null {
  const lateMs = clock?.soundLateMs ?? null;
  if (lateMs === null) return null;
  if (Math.abs(lateMs) <= togetherMs) return t('cameras.clock.soundTogether', {});
  const amount = t('cameras.clock.milliseconds', { count: Math.abs(lateMs) });
  return t(lateMs > 0 ? 'cameras.clock.soundLate' : 'cameras.clock.soundEarly', { amount });
}

function amountText(ms: number, language: Language, t: Translate): string {
  const size = Math.abs(ms);
  if (size < 1000) return t('cameras.clock.milliseconds', { count: Math.round(size) });
  if (size < 60_000) return t('cameras.clock.seconds', { count: (size / 1000).toFixed(1) });
  return formatDuration(size, language);
}
