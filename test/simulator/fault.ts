/**
 * What can be wrong with a simulated camera, and when. Pure: a fault is asked for over HTTP or follows from a schedule
 * and the time since the simulator began; the camera carries it out.
 */

/** Every kind of fault, with what a client meets. `README.md` beside this file tells each in full. */
export const FAULT_KINDS = [
  'refuse',
  'unauthorized',
  'silence',
  'stall',
  'black',
  'frozen',
  'audio-only',
  'no-key-frames',
  'broken-timestamps',
  'slow-timestamps',
  'millisecond-timestamps',
  'zero-timestamps',
  'frozen-timestamps',
  'stray-timestamps',
  'wrong-clock',
  'local-time',
  'boot-time',
  'unix-time',
  'no-clock',
  'clock-step',
  'clock-drift',
  'stale-reports',
  'mispaired-reports',
  'parameter-change',
  'reboot',
  'slow',
  'nonsense',
] as const;

/** One kind of fault. */
export type FaultKind = (typeof FAULT_KINDS)[number];

/** A fault that a camera has now; times are wall-clock milliseconds, `untilMs` null until it is withdrawn. */
export interface Fault {
  readonly kind: FaultKind;
  readonly sinceMs: number;
  readonly untilMs: number | null;
}

/** A fault that comes by itself: from `offsetSeconds` after the start, every `everySeconds`, for `seconds`. */
export interface ScheduledFault {
  readonly kind: FaultKind;
  readonly everySeconds: number;
  readonly offsetSeconds: number;
  readonly seconds: number;
}

/** Seconds that a reboot takes when nobody says: about what a small IP camera needs. */
export const REBOOT_SECONDS = 30;

/** The fault of a schedule at a moment, or null; the first entry that applies wins. */
export function scheduledFault(schedule: readonly ScheduledFault[], startedAtMs: number, nowMs: number): Fault | null {
  for (const entry of schedule) {
    const sinceFirstMs = nowMs - startedAtMs - entry.offsetSeconds * 1000;
    if (sinceFirstMs < 0) continue;
    const periodMs = entry.everySeconds * 1000;
    const periods = Math.floor(sinceFirstMs / periodMs);
    if (sinceFirstMs - periods * periodMs >= entry.seconds * 1000) continue;
    // Counted from the start, not back from now: the same fault has the same times whenever one looks.
    const sinceMs = startedAtMs + entry.offsetSeconds * 1000 + periods * periodMs;
    return { kind: entry.kind, sinceMs, untilMs: sinceMs + entry.seconds * 1000 };
  }
  return null;
}

/** The fault that counts: the one asked for while it lasts, else the scheduled one. */
export function decideFault(requested: Fault | null, schedule: readonly ScheduledFault[], startedAtMs: number, nowMs: number): Fault | null {
  if (requested !== null && (requested.untilMs === null || nowMs < requested.untilMs)) return requested;
  return scheduledFault(schedule, startedAtMs, nowMs);
}

/** True for faults that throw off the clients that are connected when they begin. */
export function dropsConnections(kind: FaultKind): boolean {
  return kind === 'refuse' || kind === 'reboot' || kind === 'unauthorized';
}

/** True for faults under which no connection is taken. */
export function refusesConnections(kind: FaultKind): boolean {
  return kind === 'refuse' || kind === 'reboot';
}

/** True for faults that leave every picture as it is and change what is said about its time. */
export function isAboutTime(kind: FaultKind): boolean {
  return /timestamps|clock|time$|reports/.test(kind);
}

/** A rare picture is stamped so far from its neighbours, as some DVRs do. */
const STRAY_TICKS = 90_000 * 9800;

/**
 * The RTP time that a camera with a fault gives a picture, in ticks of 90 kHz before its random start is added. `ticks`: the right
 * one; `sinceTicks`: the right one when the fault began.
 */
export function faultyTicks(kind: FaultKind | null, ticks: number, sinceTicks: number, frameNumber: number): number {
  switch (kind) {
    case 'broken-timestamps':
      return brokenTimestamp(ticks, frameNumber);
    case 'slow-timestamps':
      return sinceTicks + Math.round(((ticks - sinceTicks) * 25) / 30);
    case 'millisecond-timestamps':
      return sinceTicks + Math.round((ticks - sinceTicks) / 90);
    case 'zero-timestamps':
      return 0;
    case 'frozen-timestamps':
      return Math.min(ticks, sinceTicks);
    case 'stray-timestamps':
      return frameNumber % 30 === 11 ? ticks - STRAY_TICKS : ticks;
    default:
      return ticks;
  }
}

/**
 * The RTP timestamp of a camera that lies about it: repeats, runs backwards, and jumps by minutes and by half the
 * 32-bit range, in a fixed order so that a failing test fails again.
 */
function brokenTimestamp(timestamp: number, frameNumber: number): number {
  const jumpTicks = [0, 0, 90_000 * 120, -90_000 * 45, 0x80000000, 0, -90_000 * 600, 90_000];
  const jump = jumpTicks[Math.floor(frameNumber / 20) % jumpTicks.length] ?? 0;
  const repeat = frameNumber % 7 === 3 ? -6000 : 0;
  const backwards = frameNumber % 11 === 5 ? -18_000 : 0;
  return (timestamp + jump + repeat + backwards) >>> 0;
}
