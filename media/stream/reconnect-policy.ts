/** When a camera is tried again. Pure: chance comes in as a number. */
import type { NoPictureReason } from '../contract/streams.ts';

interface Pace {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** A camera that went away: back at once if it was a hiccup, and no storm when it was a power cut. */
const ORDINARY: Pace = { firstMs: 1000, longestMs: 30_000 };
/** Many cameras lock an account for half an hour after five to ten wrong passwords; ours must not be the one that does it. */
const REFUSED: Pace = { firstMs: 30_000, longestMs: 300_000 };
/** Answers that only a change of settings will change. */
const MISCONFIGURED: Pace = { firstMs: 5000, longestMs: 60_000 };

/**
 * Milliseconds until the next attempt, after `failures` failures in a row (from 1). `chance` from 0 to under 1 spreads cameras
 * that failed together over half of the time.
 */
export function decideRetryDelay(reason: NoPictureReason, failures: number, chance: number): number {
  const { firstMs, longestMs } = paceFor(reason);
  const fullMs = Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.round(fullMs * (0.75 + 0.5 * chance));
}

/** Milliseconds that pass between two attempts at least, however much somebody asks. A viewer must not lock a camera's account either. */
export function shortestRetryDelayMs(reason: NoPictureReason): number {
  return paceFor(reason).firstMs;
}

function paceFor(reason: NoPictureReason): Pace {
  switch (reason) {
    case 'unauthorized':
      return REFUSED;
    case 'stream-not-found':
    case 'codec-unsupported':
    case 'mjpeg-only':
    case 'address-unresolved':
      return MISCONFIGURED;
    case 'connection-refused':
    case 'connection-timed-out':
    case 'host-unreachable':
    case 'no-answer':
    case 'protocol-error':
    case 'no-video':
    case 'no-packets':
    case 'no-key-frame':
    case 'picture-frozen':
    case 'timestamps-broken':
    case 'closed-by-camera':
    case 'waiting-for-budget':
    case 'node-lost':
    case 'not-assigned':
      return ORDINARY;
  }
}
