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
  'wrong-clock',
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

/**
 * The RTP timestamp of a camera that lies about it: repeats, runs backwards, and jumps by minutes and by half the
 * 32-bit range, in a fixed order so that a failing test fails again.
 */
export function brokenTimestamp(timestamp: number, frameNumber: number): number {
  const jumpTicks = [0, 0, 90_000 * 120, -90_000 * 45, 0x80000000, 0, -90_000 * 600, 90_000];
  const jump = jumpTicks[Math.floor(frameNumber / 20) % jumpTicks.length] ?? 0;
  const repeat = frameNumber % 7 === 3 ? -6000 : 0;
  const backwards = frameNumber % 11 === 5 ? -18_000 : 0;
  return (timestamp + jump + repeat + backwards) >>> 0;
}
