/**
 * The time line of a camera's recordings: what can be played, and for every gap why not. Pure.
 *
 * Files follow one another with holes of milliseconds, so a gap counts from 2 s on. A gap is cut where its reason changes; the
 * first rule that holds gives the reason:
 *
 * | stretch                                        | reason                                  |
 * |------------------------------------------------|-----------------------------------------|
 * | after now                                      | in-the-future                           |
 * | older than the days of retention               | expired                                 |
 * | never recorded, and not to be recorded         | not-recorded                            |
 * | camera offline, degraded or connecting         | its measured reason                     |
 * | unknown                                        | node-lost or not-assigned               |
 * | before the oldest recording there ever was     | before-first-recording                  |
 * | before the oldest recording that is still kept | expired: the quota took it              |
 * | recording is switched off                      | not-recorded                            |
 * | anything else                                  | unexplained                             |
 */
import type { RecordingGapReason, StatusInterval } from '../contract/cameras.ts';
import { createStatusSearch } from './status-search.ts';
import type { StatusSearch } from './status-search.ts';

/** A recorded file, ms since 1970. */
export interface RecordedSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly sizeBytes: number;
  readonly isOpen: boolean;
}

/** A stretch of status; `toMs` null while it lasts. */
export interface PastStatus {
  readonly status: StatusInterval['status'];
  readonly reason: StatusInterval['reason'];
  readonly fromMs: number;
  readonly toMs: number | null;
}

export interface TimelineFacts {
  readonly fromMs: number;
  readonly toMs: number;
  readonly files: readonly RecordedSpan[];
  readonly statuses: readonly PastStatus[];
  readonly isRecorded: boolean;
  readonly retentionDays: number;
  /** Begin of the oldest recording ever known of this camera, or null when there was none. */
  readonly firstRecordedAtMs: number | null;
  /** Begin of the oldest recording that is still there, or null when none is. */
  readonly oldestKeptAtMs: number | null;
}

export interface TimelineSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly sizeBytes: number;
}

export interface TimelineGap {
  readonly fromMs: number;
  readonly toMs: number;
  readonly reason: RecordingGapReason;
}

/** A shorter hole is the seam between two files. */
export const SHORTEST_GAP_MS = 2_000;

/** The node tells the growth of an open file only every few seconds; until then its end is not a gap. */
export const OPEN_FILE_LAG_MS = 15_000;

/**
 * Pictures stop some seconds before the status says why (packets are missed for 4 s first), and a recording goes on at the key frame
 * after the status is good again. An unexplained piece up to here beside an explained one has the same cause.
 */
export const LONGEST_TRANSITION_MS = 10_000;

/** Spans and gaps between `fromMs` and `toMs`, in the order of time; together they cover all of it but seams below 2 s. */
export function buildTimeline(
  facts: TimelineFacts,
  nowMs: number,
): { readonly spans: readonly TimelineSpan[]; readonly gaps: readonly TimelineGap[] } {
  const spans = mergeFiles(facts);
  const gaps: TimelineGap[] = [];
  let coveredToMs = facts.fromMs;
  const liveEdgeMs = liveEdge(facts, nowMs);
  const search = createStatusSearch(facts.statuses);
  for (const span of [...spans, { fromMs: facts.toMs, toMs: facts.toMs, sizeBytes: 0 }]) {
    // What an open file has not reported yet is neither span nor gap.
    const fromMs = coveredToMs === spans.at(-1)?.toMs && liveEdgeMs !== null ? Math.max(coveredToMs, Math.min(liveEdgeMs, facts.toMs)) : coveredToMs;
    if (span.fromMs - fromMs >= SHORTEST_GAP_MS) gaps.push(...explainGap(fromMs, span.fromMs, facts, search, nowMs));
    coveredToMs = Math.max(coveredToMs, span.toMs);
  }
  return { spans, gaps };
}

/** Now, when the newest file is still being written; null when nothing is. */
function liveEdge(facts: TimelineFacts, nowMs: number): number | null {
  return facts.files.some((file) => file.isOpen && nowMs - file.toMs <= OPEN_FILE_LAG_MS) ? nowMs : null;
}

/** Files cut to the question and joined across seams. A cut file counts the share of its bytes that its share of time has. */
function mergeFiles(facts: TimelineFacts): readonly TimelineSpan[] {
  const spans: TimelineSpan[] = [];
  for (const file of facts.files.toSorted((a, b) => a.fromMs - b.fromMs || a.toMs - b.toMs)) {
    const fromMs = Math.max(file.fromMs, facts.fromMs);
    const toMs = Math.min(file.toMs, facts.toMs);
    if (toMs <= fromMs) continue;
    const sizeBytes = Math.round((file.sizeBytes * (toMs - fromMs)) / (file.toMs - file.fromMs));
    const last = spans.at(-1);
    if (last !== undefined && fromMs - last.toMs < SHORTEST_GAP_MS) {
      spans[spans.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, toMs), sizeBytes: last.sizeBytes + sizeBytes };
    } else {
      spans.push({ fromMs, toMs, sizeBytes });
    }
  }
  return spans;
}

function explainGap(fromMs: number, toMs: number, facts: TimelineFacts, search: StatusSearch<PastStatus>, nowMs: number): readonly TimelineGap[] {
  const expiredToMs = nowMs - facts.retentionDays * 86_400_000;
  const cuts = [fromMs, toMs, nowMs, expiredToMs];
  for (const edgeMs of [facts.firstRecordedAtMs, facts.oldestKeptAtMs]) if (edgeMs !== null) cuts.push(edgeMs);
  for (const status of search.touching(fromMs, toMs)) {
    cuts.push(status.fromMs);
    if (status.toMs !== null) cuts.push(status.toMs);
  }
  const edges = [...new Set(cuts)].filter((cut) => cut >= fromMs && cut <= toMs).toSorted((a, b) => a - b);
  const gaps: TimelineGap[] = [];
  for (const [index, startMs] of edges.entries()) {
    const endMs = edges[index + 1];
    if (endMs === undefined) break;
    const reason = reasonAt(startMs, endMs, facts, search, nowMs, expiredToMs);
    const last = gaps.at(-1);
    // A piece below 2 s is the moment in which one state became another: it belongs to its neighbour.
    if (last !== undefined && (last.reason === reason || endMs - startMs < SHORTEST_GAP_MS)) gaps[gaps.length - 1] = { ...last, toMs: endMs };
    else if (last !== undefined && last.toMs - last.fromMs < SHORTEST_GAP_MS) gaps[gaps.length - 1] = { fromMs: last.fromMs, toMs: endMs, reason };
    else gaps.push({ fromMs: startMs, toMs: endMs, reason });
  }
  return joinTransitions(gaps);
}

function joinTransitions(gaps: readonly TimelineGap[]): readonly TimelineGap[] {
  const joined: TimelineGap[] = [];
  for (const [index, gap] of gaps.entries()) {
    const isTransition = gap.reason === 'unexplained' && gap.toMs - gap.fromMs <= LONGEST_TRANSITION_MS;
    const cause = isTransition ? [gaps[index + 1], gaps[index - 1]].find((other) => other !== undefined && isTrouble(other.reason)) : undefined;
    const told = cause === undefined ? gap : { ...gap, reason: cause.reason };
    const last = joined.at(-1);
    if (last?.reason === told.reason) joined[joined.length - 1] = { ...last, toMs: told.toMs };
    else joined.push(told);
  }
  return joined;
}

/** A reason that was measured, not one that follows from rules. */
function isTrouble(reason: RecordingGapReason): boolean {
  return !['not-recorded', 'before-first-recording', 'expired', 'in-the-future', 'unexplained'].includes(reason);
}

function reasonAt(
  startMs: number,
  endMs: number,
  facts: TimelineFacts,
  search: StatusSearch<PastStatus>,
  nowMs: number,
  expiredToMs: number,
): RecordingGapReason {
  if (startMs >= nowMs) return 'in-the-future';
  if (endMs <= expiredToMs) return 'expired';
  if (facts.firstRecordedAtMs === null && !facts.isRecorded) return 'not-recorded';
  const status = search.touching(startMs, endMs).find((past) => past.fromMs <= startMs && (past.toMs ?? Number.POSITIVE_INFINITY) >= endMs);
  const isTroubled = status !== undefined && status.status !== 'online' && status.status !== 'idle';
  if (isTroubled && status.reason !== null) return status.reason;
  if (facts.firstRecordedAtMs === null || endMs <= facts.firstRecordedAtMs) return 'before-first-recording';
  if (facts.oldestKeptAtMs !== null && endMs <= facts.oldestKeptAtMs) return 'expired';
  return facts.isRecorded ? 'unexplained' : 'not-recorded';
}
