/** Tells from measurements why a connected camera shows no picture, or a flawed one. Pure. */
import type { NoPictureReason } from '../contract/streams.ts';

/** What is known of a running source; moments in monotonic ms, null: never. */
export interface PictureEvidence {
  readonly playingSinceMs: number | null;
  readonly lastVideoPacketMs: number | null;
  readonly lastAudioPacketMs: number | null;
  readonly lastFrameMs: number | null;
  readonly lastKeyFrameMs: number | null;
  readonly areTimestampsBroken: boolean;
}

export interface PictureVerdict {
  /** Null: nothing wrong, or too early to tell. */
  readonly reason: NoPictureReason | null;
  /** The connection is not worth keeping. */
  readonly isHopeless: boolean;
}

/** A tile older than this is visibly not live, so this is when a reason is due. */
const QUIET_AFTER_MS = 3000;
/** Silence that a reconnect may cure: long enough for a camera that restarts its encoder. */
const HOPELESS_AFTER_MS = 10_000;
/** Key frames come every 1 to 4 s, with smart codecs up to 10 s. */
const KEY_FRAME_OVERDUE_MS = 12_000;
/** Packets without a whole picture: a reconnect makes most cameras send a key frame. */
const HOPELESS_WITHOUT_KEY_FRAME_MS = 30_000;

/** The verdict at a moment. */
export function judgePicture(evidence: PictureEvidence, nowMs: number): PictureVerdict {
  const { playingSinceMs, lastFrameMs, lastKeyFrameMs, lastVideoPacketMs, lastAudioPacketMs } = evidence;
  if (playingSinceMs === null) return { reason: null, isHopeless: false };
  const quietMs = nowMs - (lastFrameMs ?? playingSinceMs);
  if (quietMs >= QUIET_AFTER_MS) {
    if (isRecent(lastVideoPacketMs, nowMs)) {
      // Packets come, pictures do not: at first that may be the wait for the first key frame.
      const isOverdue = lastFrameMs !== null || quietMs >= KEY_FRAME_OVERDUE_MS;
      return { reason: isOverdue ? 'no-key-frame' : null, isHopeless: quietMs >= HOPELESS_WITHOUT_KEY_FRAME_MS };
    }
    const reason = isRecent(lastAudioPacketMs, nowMs) ? 'no-video' : 'no-packets';
    return { reason, isHopeless: quietMs >= HOPELESS_AFTER_MS };
  }
  if (lastKeyFrameMs !== null && nowMs - lastKeyFrameMs >= KEY_FRAME_OVERDUE_MS) return { reason: 'no-key-frame', isHopeless: false };
  return { reason: evidence.areTimestampsBroken ? 'timestamps-broken' : null, isHopeless: false };
}

function isRecent(momentMs: number | null, nowMs: number): boolean {
  return momentMs !== null && nowMs - momentMs < QUIET_AFTER_MS;
}
