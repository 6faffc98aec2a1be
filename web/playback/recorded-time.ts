/** What is recorded and what is not, as questions a player asks. */
import type { RecordingGapReason, RecordingTimeline } from '../../server/contract/cameras.ts';

export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Gap extends Stretch {
  readonly reason: RecordingGapReason;
}

/** A camera's time line with its moments as numbers, in order. */
export interface RecordedTime {
  readonly spans: readonly Stretch[];
  readonly gaps: readonly Gap[];
}

export const nothingRecorded: RecordedTime = { spans: [], gaps: [] };

export function parseTimeline(timeline: RecordingTimeline): RecordedTime {
  const inOrder = <Item extends Stretch>(items: readonly Item[]) => items.toSorted((a, b) => a.fromMs - b.fromMs);
  return {
    spans: inOrder(timeline.spans.map(({ from, to }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to) }))),
    gaps: inOrder(timeline.gaps.map(({ from, to, reason }) => ({ fromMs: Date.parse(from), toMs: Date.parse(to), reason }))),
  };
}

export function isRecordedAt(recorded: RecordedTime, atMs: number): boolean {
  return recorded.spans.some((span) => atMs >= span.fromMs && atMs < span.toMs);
}

/** The gap a moment lies in, or null. */
export function gapAt(recorded: RecordedTime, atMs: number): Gap | null {
  return recorded.gaps.find((gap) => atMs >= gap.fromMs && atMs < gap.toMs) ?? null;
}

/** First moment from `atMs` on at which any of the cameras has a picture; null when there is none left. */
export function nextRecordedMoment(all: readonly RecordedTime[], atMs: number): number | null {
  let next: number | null = null;
  for (const { spans } of all) {
    const span = spans.find((one) => one.toMs > atMs);
    if (!span) continue;
    const moment = Math.max(atMs, span.fromMs);
    if (next === null || moment < next) next = moment;
  }
  return next;
}
