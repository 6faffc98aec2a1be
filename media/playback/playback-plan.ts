/** Which fragments of a file a span needs, and how they are grouped into segments: pure. */
import { fragmentEndMs } from '../recorder/file-index.ts';
import type { FileIndex, IndexedFragment } from '../recorder/file-index.ts';

/** A segment is closed at the first entry point after so much video: few requests, and still quick to seek. */
const minSegmentSeconds = 4;

/** Groups of pictures longer than this are cut in their middle: a bound for the memory of one request. */
const maxSegmentSeconds = 12;

/** Fragments served as one segment: a byte range of the file. */
export interface PlannedSegment {
  readonly startOffset: number;
  readonly endOffset: number;
  readonly durationSeconds: number;
  /** Arrival of the first frame; wall clock, ms since 1970. */
  readonly arrivedMs: number;
}

/**
 * The fragments that show `fromMs..toMs`, from the last entry point before it. Empty when the file lies outside.
 */
export function fragmentsWithin(index: FileIndex, fromMs: number, toMs: number): readonly IndexedFragment[] {
  const { fragments, timescale } = index;
  let first = fragments.findIndex((fragment) => fragmentEndMs(fragment, timescale) > fromMs);
  if (first < 0) return [];
  let end = fragments.length;
  while (end > first && fragments[end - 1]!.arrivedMs >= toMs) end--;
  if (end === first) return [];
  while (first > 0 && !fragments[first]!.startsWithKeyFrame) first--;
  return fragments.slice(first, end);
}

/** Groups fragments that lie one after another. */
export function planSegments(fragments: readonly IndexedFragment[], timescale: number): PlannedSegment[] {
  const segments: PlannedSegment[] = [];
  let group: IndexedFragment[] = [];
  let ticks = 0;
  for (const fragment of fragments) {
    const seconds = ticks / timescale;
    const isEnd = seconds >= minSegmentSeconds && fragment.startsWithKeyFrame;
    if (isEnd || (ticks + fragment.durationTicks) / timescale > maxSegmentSeconds) {
      pushGroup(segments, group, seconds);
      group = [];
      ticks = 0;
    }
    group.push(fragment);
    ticks += fragment.durationTicks;
  }
  pushGroup(segments, group, ticks / timescale);
  return segments;
}

function pushGroup(segments: PlannedSegment[], group: readonly IndexedFragment[], durationSeconds: number): void {
  const first = group[0];
  const last = group.at(-1);
  if (first === undefined || last === undefined) return;
  segments.push({ startOffset: first.offset, endOffset: last.offset + last.sizeBytes, durationSeconds, arrivedMs: first.arrivedMs });
}
