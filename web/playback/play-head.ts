/**
 * Where the shared play head goes next. One camera leads: its video is the clock, the others follow. A video jumps over
 * its own gaps; the play head does so only when no other camera has a picture in between.
 */

/** A camera as the play head sees it. */
export interface Follower {
  readonly cameraId: string;
  /** True time of the picture it shows; null while it has none (loading, or outside its recordings). */
  readonly shownMs: number | null;
  /** Has a recording at the play head. */
  readonly isRecordedNow: boolean;
}

export interface PlayHeadStep {
  readonly atMs: number;
  readonly leaderId: string | null;
  /** Set when the play head jumped over a gap. */
  readonly jumpedFromMs: number | null;
}

/** Larger steps of the leader's clock than this (at speed 1, per look) are a jump over a gap. */
const jumpMs = 3000;

/** `speed` scales what counts as a jump. Without a leader the play head stands. */
export function nextPlayHead(atMs: number, leaderId: string | null, followers: readonly Follower[], speed: number): PlayHeadStep {
  const leader = followers.find((one) => one.cameraId === leaderId);
  if (leader && leader.shownMs !== null) {
    const stepMs = leader.shownMs - atMs;
    const isJump = stepMs > jumpMs * Math.max(1, speed);
    if (!isJump) return { atMs: leader.shownMs, leaderId: leader.cameraId, jumpedFromMs: null };
    const other = followers.find(
      (one) => one !== leader && one.isRecordedNow && one.shownMs !== null && one.shownMs - atMs <= jumpMs * Math.max(1, speed),
    );
    if (!other) return { atMs: leader.shownMs, leaderId: leader.cameraId, jumpedFromMs: atMs };
    return { atMs: Math.max(atMs, other.shownMs ?? atMs), leaderId: other.cameraId, jumpedFromMs: null };
  }
  const next = followers.find((one) => one.isRecordedNow && one.shownMs !== null) ?? followers.find((one) => one.shownMs !== null);
  return { atMs, leaderId: next?.cameraId ?? null, jumpedFromMs: null };
}

/** What a follower does to stay with the play head: nothing, wait, or seek. */
export function follow(shownMs: number | null, atMs: number, speed: number): 'stay' | 'wait' | 'seek' {
  if (shownMs === null) return 'seek';
  const aheadMs = shownMs - atMs;
  const toleranceMs = 400 * Math.max(1, speed);
  if (Math.abs(aheadMs) <= toleranceMs) return 'stay';
  // Ahead, as after its own gap: it waits until the play head comes; far ahead it was left behind by a seek.
  return aheadMs > 0 && aheadMs < 60_000 ? 'wait' : 'seek';
}
