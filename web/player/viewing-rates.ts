/** How a picture comes in and is shown, from what was counted at two moments: bit rate, frames per second, loss. */
import type { ReceivedTotals } from './driver.ts';

/** Counts at one moment; `atMs` monotonic. */
export interface ViewingCount {
  readonly atMs: number;
  readonly received: ReceivedTotals | null;
  /** Frames the browser decoded and dropped since the picture was opened. */
  readonly frames: { readonly total: number; readonly dropped: number };
}

export interface ViewingRates {
  readonly bitrateBps: number | null;
  readonly framesPerSecond: number | null;
  /** Share of packets lost on the way from the node, 0–1; null where TCP repeats them. */
  readonly lostShare: number | null;
  readonly lostPackets: number | null;
  /** Frames this browser was too slow to show. */
  readonly droppedFrames: number;
  readonly roundTripMs: number | null;
}

/** Null when the counts are of different pictures: then numbers go back. */
export function ratesBetween(before: ViewingCount, now: ViewingCount): ViewingRates | null {
  const seconds = (now.atMs - before.atMs) / 1000;
  const frames = now.frames.total - before.frames.total;
  if (seconds <= 0 || frames < 0) return null;
  const bytes = before.received === null || now.received === null ? null : now.received.bytes - before.received.bytes;
  if (bytes !== null && bytes < 0) return null;
  const packets = now.received?.packets ?? null;
  return {
    bitrateBps: bytes === null ? null : (bytes * 8) / seconds,
    framesPerSecond: frames / seconds,
    lostShare:
      packets === null
        ? null
        : shareOf(packets.lost - (before.received?.packets?.lost ?? 0), packets.received - (before.received?.packets?.received ?? 0)),
    lostPackets: packets?.lost ?? null,
    droppedFrames: Math.max(0, now.frames.dropped - before.frames.dropped),
    roundTripMs: now.received?.roundTripMs ?? null,
  };
}

function shareOf(lost: number, received: number): number {
  const expected = Math.max(0, lost) + Math.max(0, received);
  return expected === 0 ? 0 : Math.max(0, lost) / expected;
}
