/**
 * When a playlist request is answered (RFC 8216bis §6.2.5.2): pure policy.
 *
 *     no `_HLS_msn`                       at once; with `_HLS_part` alone it is malformed
 *     `_HLS_msn` alone                    once that whole segment is listed
 *     `_HLS_msn` and `_HLS_part`          once that part is listed; beyond the last part of a whole segment: the first of the next one
 *     too far ahead                       never: refused at once
 */

/** What a playlist lists at the moment. */
export interface ListedMedia {
  /** Whole segments. */
  readonly segmentCount: number;
  /** Sequence number of the segment that grows, or of the one to come. */
  readonly nextSequence: number;
  /** Parts of the last whole segment, and of the one that grows. */
  readonly lastPartCount: number;
  readonly openPartCount: number;
  /** Null until the first part has set it. */
  readonly partTargetMs: number | null;
}

export type ReloadDecision = 'answer' | 'wait' | 'part-without-segment' | 'too-far-ahead';

/** A request may ask for the segment after the next one at most. */
const advanceSegmentLimit = 2;

/** Decides about `_HLS_msn` and `_HLS_part`; null: absent. Before anything is listed nobody knows what is too far ahead. */
export function decideReload(listed: ListedMedia, msn: number | null, part: number | null): ReloadDecision {
  if (msn === null) {
    if (part !== null) return 'part-without-segment';
    return listed.segmentCount > 0 ? 'answer' : 'wait';
  }
  if (listed.partTargetMs !== null && isTooFarAhead(listed, msn, part, listed.partTargetMs)) return 'too-far-ahead';
  return listed.segmentCount > 0 && isListed(listed, msn, part) ? 'answer' : 'wait';
}

function isListed({ nextSequence, lastPartCount, openPartCount }: ListedMedia, msn: number, part: number | null): boolean {
  if (part === null || msn < nextSequence - 1) return msn < nextSequence;
  if (msn === nextSequence - 1) return part < lastPartCount || openPartCount > 0;
  return msn === nextSequence && part < openPartCount;
}

function isTooFarAhead({ nextSequence, openPartCount }: ListedMedia, msn: number, part: number | null, partTargetMs: number): boolean {
  const lastSequence = nextSequence - 1;
  if (msn > lastSequence + advanceSegmentLimit) return true;
  if (part === null || msn < nextSequence) return false;
  const lastPart = msn === nextSequence ? openPartCount - 1 : -1;
  return part - lastPart > advancePartLimit(partTargetMs);
}

/** Three seconds in parts; of parts that last a second or longer, three. */
function advancePartLimit(partTargetMs: number): number {
  return partTargetMs < 1000 ? Math.ceil(3000 / partTargetMs) : 3;
}
