/** The window of the time line: which stretch of time is in sight, how it maps to pixels, where the ruler has its marks. */

/** Stretch in sight, ms since 1970. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Tick {
  readonly atMs: number;
  readonly label: string;
  /** Carries the date: midnight, or the first of a month. */
  readonly isDay: boolean;
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** From ten seconds to a month: closer shows nothing new, further shows only stripes. */
const shortestMs = 10 * secondMs;
const longestMs = 31 * dayMs;

/** Steps that people count in. */
const stepsMs: readonly number[] = [
  secondMs,
  2 * secondMs,
  5 * secondMs,
  10 * secondMs,
  30 * secondMs,
  minuteMs,
  2 * minuteMs,
  5 * minuteMs,
  10 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  6 * hourMs,
  12 * hourMs,
  dayMs,
  2 * dayMs,
  7 * dayMs,
];

/** Room a label needs, px. */
const labelWidthPx = 76;

/** A window of a length around a moment. */
export function windowAround(atMs: number, lengthMs: number): TimeWindow {
  return { fromMs: atMs - lengthMs / 2, toMs: atMs + lengthMs / 2 };
}

export function xOf(atMs: number, window: TimeWindow, widthPx: number): number {
  return ((atMs - window.fromMs) / (window.toMs - window.fromMs)) * widthPx;
}

export function momentAt(xPx: number, window: TimeWindow, widthPx: number): number {
  return window.fromMs + (xPx / Math.max(1, widthPx)) * (window.toMs - window.fromMs);
}

/** Zooms by `factor` (< 1 shows less time); the moment at `anchorMs` stays where it is on screen. */
export function zoom(window: TimeWindow, anchorMs: number, factor: number): TimeWindow {
  const length = window.toMs - window.fromMs;
  const nextLength = Math.min(longestMs, Math.max(shortestMs, length * factor));
  const share = (anchorMs - window.fromMs) / length;
  const fromMs = anchorMs - share * nextLength;
  return { fromMs, toMs: fromMs + nextLength };
}

export function pan(window: TimeWindow, byMs: number): TimeWindow {
  return { fromMs: window.fromMs + byMs, toMs: window.toMs + byMs };
}

/** Moves the window, without changing its length, so that the moment lies in its middle part. Unchanged when it does already. */
export function reveal(window: TimeWindow, atMs: number): TimeWindow {
  const length = window.toMs - window.fromMs;
  const margin = length * 0.1;
  if (atMs >= window.fromMs + margin && atMs <= window.toMs - margin) return window;
  return { fromMs: atMs - length / 2, toMs: atMs + length / 2 };
}

/** Marks of the ruler at round local times, far enough apart for their labels. `offsetMinutes`: as `Date.getTimezoneOffset()`. */
export function ticksOf(window: TimeWindow, widthPx: number, offsetMinutes: number): readonly Tick[] {
  const length = window.toMs - window.fromMs;
  const wanted = (length / Math.max(1, widthPx)) * labelWidthPx;
  const stepMs = stepsMs.find((step) => step >= wanted) ?? longestMs;
  const shiftMs = -offsetMinutes * minuteMs;
  const ticks: Tick[] = [];
  for (let localMs = Math.ceil((window.fromMs + shiftMs) / stepMs) * stepMs; localMs <= window.toMs + shiftMs; localMs += stepMs) {
    const isDay = localMs % dayMs === 0;
    ticks.push({ atMs: localMs - shiftMs, isDay, label: labelOf(localMs, stepMs, isDay) });
  }
  return ticks;
}

function labelOf(localMs: number, stepMs: number, isDay: boolean): string {
  const text = new Date(localMs).toISOString();
  if (isDay) return text.slice(5, 10);
  return stepMs < minuteMs ? text.slice(11, 19) : text.slice(11, 16);
}
