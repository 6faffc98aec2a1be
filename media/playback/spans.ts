/** Where there are recordings and where there are none: pure. */
import type { RecordedFile } from '../contract/recordings.ts';

/** What is missing between two files counts as a gap from so much on; below, it is the time of changing files. */
export const gapFromMs = 2_000;

/** Wall clock, ms since 1970; `toMs` exclusive. */
export interface RecordedSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface SpansAndGaps {
  readonly spans: readonly RecordedSpan[];
  /** Complement of the spans within the time asked for. */
  readonly gaps: readonly RecordedSpan[];
}

/**
 * Spans and gaps of one camera within `fromMs..toMs`. Files may come in any order and overlap (after the clock was set
 * back). Interruptions shorter than {@link gapFromMs}, also at the edges, belong to the span beside them; a time without any
 * file is one gap, however short.
 */
export function spansAndGaps(files: Iterable<Pick<RecordedFile, 'fromMs' | 'toMs'>>, fromMs: number, toMs: number): SpansAndGaps {
  const inside = [...files].filter((file) => file.toMs > fromMs && file.fromMs < toMs && file.toMs > file.fromMs).sort((a, b) => a.fromMs - b.fromMs);
  const spans: { fromMs: number; toMs: number }[] = [];
  for (const file of inside) {
    const last = spans.at(-1);
    const startMs = Math.max(fromMs, file.fromMs);
    const endMs = Math.min(toMs, file.toMs);
    if (last !== undefined && startMs - last.toMs < gapFromMs) last.toMs = Math.max(last.toMs, endMs);
    else spans.push({ fromMs: startMs, toMs: endMs });
  }
  const first = spans[0];
  const last = spans.at(-1);
  if (first !== undefined && first.fromMs - fromMs < gapFromMs) first.fromMs = fromMs;
  if (last !== undefined && toMs - last.toMs < gapFromMs) last.toMs = toMs;
  return { spans, gaps: complement(spans, fromMs, toMs) };
}

function complement(spans: readonly RecordedSpan[], fromMs: number, toMs: number): RecordedSpan[] {
  const gaps: RecordedSpan[] = [];
  let atMs = fromMs;
  for (const span of spans) {
    if (span.fromMs > atMs) gaps.push({ fromMs: atMs, toMs: span.fromMs });
    atMs = Math.max(atMs, span.toMs);
  }
  if (atMs < toMs) gaps.push({ fromMs: atMs, toMs });
  return gaps;
}
