/** Moments as text: local time of this computer, 24 h, always the same width. */

/** `2026-11-21 20:16:42`. */
export function formatMoment(atMs: number): string {
  return `${formatDay(atMs)} ${formatTimeOfDay(atMs)}`;
}

/** `2026-11-21`. */
export function formatDay(atMs: number): string {
  const at = new Date(atMs);
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
}

/** `20:16:42`. */
export function formatTimeOfDay(atMs: number): string {
  const at = new Date(atMs);
  return `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}:${twoDigits(at.getSeconds())}`;
}

/** Reads `2026-11-21 20:16[:42]` or `20:16[:42]` (then the day of `nearMs`) as local time; null when it is neither. */
export function parseMoment(text: string, nearMs: number): number | null {
  const match = /^\s*(?:(\d{4})-(\d{1,2})-(\d{1,2})[ T]+)?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*$/.exec(text);
  if (!match) return null;
  const [, year, month, day, hour, minute, second] = match;
  const at = new Date(nearMs);
  if (year !== undefined) at.setFullYear(Number(year), Number(month) - 1, Number(day));
  const inRange = Number(hour) < 24 && Number(minute) < 60 && Number(second ?? 0) < 60;
  if (!inRange || (year !== undefined && (at.getMonth() !== Number(month) - 1 || at.getDate() !== Number(day)))) return null;
  at.setHours(Number(hour), Number(minute), Number(second ?? 0), 0);
  return at.getTime();
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
