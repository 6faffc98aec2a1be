/** Ages and lengths of time as people read them: "0.3 s", "3分12秒". */
import type { Language } from '../i18n/messages.ts';

/** Age of a picture: tenths below ten seconds, then as {@link formatDuration}. Negative ages (clocks a little apart) show as 0. */
export function formatPictureAge(ageMs: number, language: Language): string {
  const age = Math.max(0, ageMs);
  if (age < 9950) return `${(age / 1000).toFixed(1)} s`;
  return formatDuration(age, language);
}

/** The two largest units of a length of time in ms. */
export function formatDuration(durationMs: number, language: Language): string {
  const units = language === 'zh' ? ['天', '小时', '分', '秒'] : ['d', 'h', 'm', 's'];
  const totalSeconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [Math.floor(totalSeconds / 86_400), Math.floor(totalSeconds / 3600) % 24, Math.floor(totalSeconds / 60) % 60, totalSeconds % 60];
  const first = parts.findIndex((part) => part > 0);
  if (first === -1) return `0${language === 'zh' ? '' : ' '}${units[3]}`;
  const shown = parts.slice(first, first + 2).map((part, index) => ({ part, unit: units[first + index] }));
  const separator = language === 'zh' ? '' : ' ';
  return shown
    .filter(({ part }) => part > 0)
    .map(({ part, unit }) => `${part}${language === 'zh' ? '' : ' '}${unit}`)
    .join(separator);
}
