/**
 * What must be remembered of a stream between two reports of its node to judge it: the newest failure, when the picture was
 * lost, and the share of packets lost lately. Pure: a new memory from the old one and a report.
 */
import type { NoPictureReason, ObservedStream } from '../../media/contract/streams.ts';
import { LOSS_RATIO_DEGRADED, type StreamFacts } from './camera-status.ts';

export interface StreamMemory {
  readonly facts: StreamFacts;
  /** Start of the loss window: counter and moment. */
  readonly lossWindow: { readonly atMs: number; readonly lostPackets: number };
}

/** Losses are counted over windows of this length, so that one lost packet degrades nothing. */
export const LOSS_WINDOW_MS = 10_000;

/** A picture this old is none, however the node still calls the stream; as long as the node itself waits before it gives a reason. */
const STILL_AFTER_MS = 3_000;

/** A packet carries about 1,200 bytes of video; the node reports bits per second and lost packets, not received ones. */
const BITS_PER_PACKET = 9_600;

/**
 * @param nodeAheadMs node clock − server clock; the reported instants are converted by it.
 */
export function nextStreamMemory(before: StreamMemory | null, observed: ObservedStream, nodeAheadMs: number, nowMs: number): StreamMemory {
  const lossWindow = nextLossWindow(before, observed, nowMs);
  const lossRatio = nextLossRatio(before, observed, lossWindow, nowMs);
  const previous = before?.facts ?? null;
  const isShowing = observed.phase === 'streaming' && !isStill(observed, nowMs + nodeAheadMs);
  const isSound = isShowing && observed.reason === null && lossRatio < LOSS_RATIO_DEGRADED;
  return {
    facts: {
      phase: observed.phase,
      reason: observed.reason,
      lastFailure: nextFailure(previous, observed, isShowing),
      pictureLostAtMs: nextPictureLost(previous, observed, isShowing, nodeAheadMs, nowMs),
      soundSinceMs: isSound ? (previous?.soundSinceMs ?? Math.min(nowMs, observed.sinceMs - nodeAheadMs)) : null,
      lossRatio,
    },
    lossWindow,
  };
}

/**
 * An open connection over which no picture comes. The node keeps it for some seconds more, because a camera that restarts its
 * encoder goes on over the same one; whoever watches sees nothing meanwhile. `nodeNowMs` by the clock of the node.
 */
function isStill({ phase, reason, lastFrameAtMs }: ObservedStream, nodeNowMs: number): boolean {
  return phase === 'streaming' && reason !== null && lastFrameAtMs !== null && nodeNowMs - lastFrameAtMs >= STILL_AFTER_MS;
}

function nextFailure(previous: StreamFacts | null, observed: ObservedStream, isShowing: boolean): NoPictureReason | null {
  if (observed.phase === 'idle' || isShowing) return null;
  // Waiting for a turn is our own thrift; it says nothing about the camera and must not hide what was measured.
  const measured = observed.reason === 'waiting-for-budget' ? null : observed.reason;
  return measured ?? previous?.lastFailure ?? null;
}

function nextPictureLost(
  previous: StreamFacts | null,
  observed: ObservedStream,
  isShowing: boolean,
  nodeAheadMs: number,
  nowMs: number,
): number | null {
  if (observed.phase === 'idle' || isShowing) return null;
  if (previous?.pictureLostAtMs != null) return previous.pictureLostAtMs;
  const lostAtMs = (observed.lastFrameAtMs ?? observed.sinceMs) - nodeAheadMs;
  // A picture from before an idle time is not what was lost now.
  const earliestMs = previous?.phase === 'idle' ? observed.sinceMs - nodeAheadMs : lostAtMs;
  return Math.min(nowMs, Math.max(lostAtMs, earliestMs));
}

function nextLossWindow(before: StreamMemory | null, observed: ObservedStream, nowMs: number): StreamMemory['lossWindow'] {
  const isNewConnection = before !== null && observed.lostPackets < before.lossWindow.lostPackets;
  if (before === null || isNewConnection || nowMs - before.lossWindow.atMs >= LOSS_WINDOW_MS)
    return { atMs: nowMs, lostPackets: observed.lostPackets };
  return before.lossWindow;
}

/** The ratio of the last whole window stands until the next one is whole. */
function nextLossRatio(before: StreamMemory | null, observed: ObservedStream, window: StreamMemory['lossWindow'], nowMs: number): number {
  if (before === null || observed.phase !== 'streaming') return 0;
  const isWindowWhole = window !== before.lossWindow && observed.lostPackets >= before.lossWindow.lostPackets;
  if (!isWindowWhole) return before.facts.lossRatio;
  const lost = observed.lostPackets - before.lossWindow.lostPackets;
  if (lost === 0 || observed.bitrateBps === null) return 0;
  const received = (observed.bitrateBps * ((nowMs - before.lossWindow.atMs) / 1000)) / BITS_PER_PACKET;
  return lost / (lost + received);
}
