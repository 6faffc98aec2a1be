/**
 * The age of the picture on screen, counted from the arrival of its frame at the node, by the node's clock, and what
 * follows from it: older than 3 s is not live and must not look so.
 */
import type { CameraStatus } from '../../server/contract/cameras.ts';

/** What the node says on the data channel `clock`: the newest frame sent and when it arrived there. */
export interface ClockMessage {
  readonly rtpTimestamp: number;
  readonly clockRateHz: number;
  readonly arrivedAtMs: number;
  readonly nowMs: number;
}

/** Reads a message of the channel `clock`; null when it is not one. */
export function parseClockMessage(text: string): ClockMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { rtpTimestamp, clockRateHz, arrivedAtMs, nowMs } = value as Record<string, unknown>;
  if (typeof rtpTimestamp !== 'number' || typeof clockRateHz !== 'number' || typeof arrivedAtMs !== 'number' || typeof nowMs !== 'number')
    return null;
  return clockRateHz > 0 ? { rtpTimestamp, clockRateHz, arrivedAtMs, nowMs } : null;
}

/** When the frame with this RTP timestamp arrived at the node, ms since 1970. RTP timestamps have 32 bits and wrap. */
export function arrivalOf(rtpTimestamp: number, clock: ClockMessage): number {
  const differenceTicks = (rtpTimestamp - clock.rtpTimestamp) | 0;
  return clock.arrivedAtMs + (differenceTicks * 1000) / clock.clockRateHz;
}

/** From this age on a picture is not live any more, ms. */
export const liveLimitMs = 3000;
/** A picture older than this on a camera that is said to work: our own way is broken, try again. */
const stalledAfterMs = 8000;
/** A picture older than this on a camera that is down: let go of the connection and wait for the camera. */
const goneAfterMs = 20_000;

export type PictureVerdict = 'live' | 'old' | 'stalled' | 'source-gone';

/**
 * Judges the picture on screen. `ageMs` null: no age could be measured; then `sinceNewFrameMs`, the time since the
 * browser last showed a new frame, is the lower bound that counts.
 */
export function judgePicture(facts: {
  ageMs: number | null;
  sinceNewFrameMs: number;
  status: CameraStatus;
  statusForMs: number;
  /** The node said that the camera is gone: then no picture is live, however young it is, and no other way would bring one. */
  isInterrupted: boolean;
}): PictureVerdict {
  const age = Math.max(facts.ageMs ?? 0, facts.sinceNewFrameMs);
  if (facts.isInterrupted) return age > goneAfterMs ? 'source-gone' : 'old';
  if (age <= liveLimitMs) return 'live';
  // Degraded cameras may send nothing at all; insisting on another way to them would be of no use.
  if (facts.status === 'online') return age > stalledAfterMs && facts.statusForMs > stalledAfterMs / 2 ? 'stalled' : 'old';
  return age > goneAfterMs ? 'source-gone' : 'old';
}
