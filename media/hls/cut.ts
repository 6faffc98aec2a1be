/**
 * Where the packager cuts: pure policy.
 *
 *     segment  at a key frame, as soon as it is {@link minSegmentMs} long; a longer group of pictures is cut in its middle,
 *              and the next key frame then begins a segment whatever the length
 *              the first segment of all already at {@link minFirstSegmentMs}
 *     part     when one more frame would exceed the part target
 *
 * A group of pictures between 1.25 s and 2.49 s long becomes one segment, shorter ones are put together, so that only
 * groups longer than 2.49 s give segments that do not begin with a key frame. Cameras keep the length of their groups: a long one
 * is cut into equal segments by the length of the one before, otherwise at {@link maxSegmentMs}. What the standard asks is in
 * `low-latency.md`.
 */

/** `EXT-X-TARGETDURATION`. Never changes (RFC 8216bis §4.4.3.1): a camera whose groups become longer keeps its playlist. */
export const targetDurationSeconds = 2;

/** Rounded, a segment may not exceed the target duration: 2.49 s still rounds to 2. */
export const maxSegmentMs = 2490;

/** Half of the longest segment: two groups that are each shorter always fit into one segment. */
export const minSegmentMs = maxSegmentMs / 2;

/**
 * Players want one whole segment before they begin (hls.js calls a playlist without one empty). The very first is therefore
 * short: with the cached group of pictures of a running stream it is there at once.
 */
const minFirstSegmentMs = 750;

/** A frame that lasts longer is a gap in the stream: it cannot be part of any segment of the target duration. */
export const maxFrameMs = 2000;

/** Aim of a part: three of them, the usual distance from the live edge, make 1.2 s. */
export const aimedPartMs = 400;

/** Least part target; a part this short still costs a request per viewer five times a second. */
const minPartTargetMs = 200;

/** A part must be at least so much of the part target, unless it begins with a key frame or is the last of its segment (RFC 8216bis §4.4.4.9). */
export const minPartFraction = 0.85;

/**
 * Frames of an uneven camera last a little longer or shorter; with this margin the number of frames in a part stays the same. It
 * lies in the middle of what the standard leaves: parts may be 8 % longer or shorter than the first.
 */
const partTargetMargin = 2 / (1 + minPartFraction);

export type Cut = 'none' | 'part' | 'segment';

/** Durations in ms. */
export interface CutFacts {
  readonly segmentMs: number;
  readonly partMs: number;
  /** Duration of the frame that would come next. */
  readonly frameMs: number;
  readonly isKeyFrameNext: boolean;
  readonly startsWithKeyFrame: boolean;
  /** The same of the part. */
  readonly startsPartWithKeyFrame: boolean;
  /** No segment is in the playlist yet: somebody may be waiting for the first picture. */
  readonly isFirstSegment: boolean;
  /** Null until the first part has set it. */
  readonly partTargetMs: number | null;
  /** Length of the last whole group of pictures, null before there was one. */
  readonly groupMs: number | null;
}

/** Decides whether part or segment end before the next frame. */
export function decideCut(facts: CutFacts): Cut {
  // A frame may turn out so long that the segment has to end before it, though its last part has ended already.
  if (facts.partMs === 0) return facts.segmentMs > 0 && facts.segmentMs + facts.frameMs > maxSegmentMs ? 'segment' : 'none';
  if (facts.isKeyFrameNext && (facts.segmentMs >= minSegmentMs || !facts.startsWithKeyFrame)) return 'segment';
  if (facts.segmentMs + facts.frameMs > longestSegmentMs(facts.groupMs, facts.frameMs)) return 'segment';
  const isPartFull =
    facts.partTargetMs === null ? facts.partMs + facts.frameMs / 2 >= aimedPartMs : facts.partMs + facts.frameMs > facts.partTargetMs;
  if (!isPartFull) return 'none';
  if (facts.isFirstSegment && facts.segmentMs >= minFirstSegmentMs) return 'segment';
  // The last part of a segment may be short. Sooner, segments would become as many as parts: then a short one is the lesser evil.
  const isPartShort = facts.partTargetMs !== null && facts.partMs < facts.partTargetMs * minPartFraction;
  return isPartShort && !facts.startsPartWithKeyFrame && facts.segmentMs >= minSegmentMs ? 'segment' : 'part';
}

/**
 * How long a segment in the middle of a group may get: with groups of 10 s all five segments last 2 s, rather than four of them
 * 2.49 s and the last one a frame. One frame more, so that rounding leaves no rest at the end of the group.
 */
function longestSegmentMs(groupMs: number | null, frameMs: number): number {
  if (groupMs === null || groupMs <= maxSegmentMs) return maxSegmentMs;
  return Math.min(maxSegmentMs, groupMs / Math.ceil(groupMs / maxSegmentMs) + frameMs);
}

/**
 * The part target that the first part of a stream sets for good, in whole ms: a fixed number could not promise
 * {@link minPartFraction} for every frame rate.
 */
export function partTargetFor(firstPartMs: number): number {
  return Math.ceil(Math.max(minPartTargetMs, firstPartMs) * partTargetMargin);
}
