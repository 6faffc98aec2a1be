/**
 * What a camera's state is, from what its node measures. Pure.
 *
 * | link of the node | speaking stream                    | before          | status                                   |
 * |------------------|------------------------------------|-----------------|------------------------------------------|
 * | none             | any                                | any             | unknown (not-assigned)                   |
 * | lost             | any                                | any             | unknown (node-lost)                      |
 * | linked           | idle, camera on demand             | any             | idle                                     |
 * | linked           | idle, camera always · not reported | offline         | offline, reason kept                     |
 * | linked           | idle, camera always · not reported | other           | connecting                               |
 * | linked           | connecting · waiting · still       | offline         | offline, newest measured reason          |
 * | linked           | connecting · waiting · still, < 4 s| other           | connecting                               |
 * | linked           | connecting, first attempt          | other           | connecting                               |
 * | linked           | connecting · waiting · still, ≥ 4 s| other           | offline, newest measured reason          |
 * | linked           | streaming, flawed or losing        | any             | degraded (reason; null for losses)       |
 * | linked           | streaming, sound < 3 s             | degraded        | degraded, reason kept                    |
 * | linked           | streaming, sound                   | any             | online                                   |
 *
 * *Still* is a stream whose connection is open and whose last picture is older than 3 s. The main stream speaks; while it is idle the sub stream does, if that one is in use. Hysteresis: once offline, a camera is
 * offline until a picture arrives, however often it is tried; once degraded, it is online after 3 s without the flaw.
 */
import type { NoPictureReason, PullMode, StreamPhase } from '../../media/contract/streams.ts';
import type { CameraStatus } from '../contract/cameras.ts';

/** One stream as measured, in the server's wall clock. */
export interface StreamFacts {
  readonly phase: StreamPhase;
  readonly reason: NoPictureReason | null;
  /** Newest failure measured since the last picture; kept while the next attempt runs. */
  readonly lastFailure: NoPictureReason | null;
  /** Last picture before the trouble, or the first attempt when there never was one; null while idle or while pictures come. */
  readonly pictureLostAtMs: number | null;
  /** Since when the picture is without flaw and loss; null while it is not. */
  readonly soundSinceMs: number | null;
  /** Share of packets lost lately, 0–1. */
  readonly lossRatio: number;
}

export interface CameraFacts {
  readonly link: 'not-assigned' | 'node-lost' | 'linked';
  readonly mode: PullMode;
  readonly main: StreamFacts | null;
  readonly sub: StreamFacts | null;
  readonly before: { readonly status: CameraStatus; readonly reason: NoPictureReason | null };
}

export interface CameraVerdict {
  readonly status: CameraStatus;
  readonly reason: NoPictureReason | null;
  /** When the picture was lost, of an offline camera; else null. */
  readonly pictureLostAtMs: number | null;
  /** When time alone may change the verdict; null when only news can. */
  readonly reviewAtMs: number | null;
}

/**
 * How long after the last picture a camera counts as connecting. A camera that reopens its session is back within 2 s;
 * a wall must say "offline" within 5 s, and measuring and telling take part of those.
 */
export const RECONNECT_GRACE_MS = 4_000;

/** A flaw that comes and goes every second is one flaw. */
export const SOUND_AGAIN_MS = 3_000;

/** One packet in a hundred lost shows as torn pictures; below half of that it does not. */
export const LOSS_RATIO_DEGRADED = 0.01;

/** Decides status and reason at `nowMs` (wall clock of the server). */
export function decideCameraStatus(facts: CameraFacts, nowMs: number): CameraVerdict {
  switch (facts.link) {
    case 'not-assigned':
      return verdict('unknown', 'not-assigned');
    case 'node-lost':
      return verdict('unknown', 'node-lost');
    case 'linked':
      return decideLinked(facts, nowMs);
  }
}

function decideLinked(facts: CameraFacts, nowMs: number): CameraVerdict {
  const stream = speakingStream(facts);
  if (stream === null || stream.phase === 'idle') {
    if (stream !== null && facts.mode === 'on-demand') return verdict('idle', null);
    return facts.before.status === 'offline' ? verdict('offline', facts.before.reason) : verdict('connecting', null);
  }
  const isShowing = stream.phase === 'streaming' && stream.pictureLostAtMs === null;
  return isShowing ? decideStreaming(stream, facts, nowMs) : decideWithoutPicture(stream, facts, nowMs);
}

function decideStreaming(stream: StreamFacts, facts: CameraFacts, nowMs: number): CameraVerdict {
  if (stream.reason !== null) return verdict('degraded', stream.reason);
  if (stream.lossRatio >= LOSS_RATIO_DEGRADED) return verdict('degraded', null);
  if (facts.before.status !== 'degraded') return verdict('online', null);
  const soundAtMs = (stream.soundSinceMs ?? nowMs) + SOUND_AGAIN_MS;
  return nowMs >= soundAtMs ? verdict('online', null) : { ...verdict('degraded', facts.before.reason), reviewAtMs: soundAtMs };
}

function decideWithoutPicture(stream: StreamFacts, facts: CameraFacts, nowMs: number): CameraVerdict {
  const reason = stream.lastFailure ?? (facts.before.status === 'offline' ? facts.before.reason : null);
  const offline: CameraVerdict = { status: 'offline', reason, pictureLostAtMs: stream.pictureLostAtMs, reviewAtMs: null };
  if (facts.before.status === 'offline') return offline;
  // A first attempt has failed at nothing yet; the node's own time-outs end it.
  if (stream.lastFailure === null) return verdict('connecting', null);
  const offlineAtMs = (stream.pictureLostAtMs ?? nowMs) + RECONNECT_GRACE_MS;
  return nowMs >= offlineAtMs ? offline : { ...verdict('connecting', stream.lastFailure), reviewAtMs: offlineAtMs };
}

function speakingStream(facts: CameraFacts): StreamFacts | null {
  const isMainInUse = facts.main !== null && facts.main.phase !== 'idle';
  return isMainInUse || facts.sub === null || facts.sub.phase === 'idle' || facts.mode === 'always' ? facts.main : facts.sub;
}

function verdict(status: CameraStatus, reason: NoPictureReason | null): CameraVerdict {
  return { status, reason, pictureLostAtMs: null, reviewAtMs: null };
}
