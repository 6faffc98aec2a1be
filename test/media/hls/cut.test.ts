import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCut, maxFrameMs, maxSegmentMs, partTargetFor } from '../../../media/hls/cut.ts';
import type { CutFacts } from '../../../media/hls/cut.ts';

const middle: CutFacts = {
  segmentMs: 800,
  partMs: 200,
  frameMs: 40,
  isKeyFrameNext: false,
  startsWithKeyFrame: true,
  startsPartWithKeyFrame: false,
  isFirstSegment: false,
  partTargetMs: 416,
  groupMs: null,
};

describe('decideCut', () => {
  it.each<[string, Partial<CutFacts>, string]>([
    ['goes on in the middle of a part', {}, 'none'],
    ['ends a part that one more frame would make too long', { partMs: 400 }, 'part'],
    ['keeps a frame that just fits', { partMs: 376 }, 'none'],
    ['ends the segment at a key frame', { segmentMs: 2_000, isKeyFrameNext: true }, 'segment'],
    ['puts short groups together', { segmentMs: 1_000, isKeyFrameNext: true }, 'none'],
    ['cuts a long group in its middle', { segmentMs: 2_480 }, 'segment'],
    [
      'begins a segment at the next key frame after a cut in the middle',
      { segmentMs: 300, isKeyFrameNext: true, startsWithKeyFrame: false },
      'segment',
    ],
    ['never ends an empty part', { partMs: 0, segmentMs: 2_400, isKeyFrameNext: true }, 'none'],
    ['ends a segment whose next frame turns out too long for it', { partMs: 0, segmentMs: 2_000, frameMs: 500 }, 'segment'],
    ['lets a frame be as long as a segment', { partMs: 0, segmentMs: 0, frameMs: 2_480 }, 'none'],
    ['divides a long group by the length of the one before', { segmentMs: 2_040, partMs: 400, groupMs: 10_000 }, 'segment'],
    ['but not before its share is full', { segmentMs: 2_000, partMs: 200, groupMs: 10_000 }, 'none'],
    ['ends the segment with a part that is too short', { segmentMs: 1_300, partMs: 300, frameMs: 120 }, 'segment'],
    ['but does not make segments of parts', { segmentMs: 900, partMs: 300, frameMs: 120 }, 'part'],
    ['nor minds a short part with a key frame', { segmentMs: 1_300, partMs: 300, frameMs: 120, startsPartWithKeyFrame: true }, 'part'],
    ['ends the first segment of all early, with a whole part', { segmentMs: 800, partMs: 400, isFirstSegment: true }, 'segment'],
    ['but not with half a part', { segmentMs: 800, isFirstSegment: true }, 'none'],
    ['lets the first part come near to 400 ms', { partTargetMs: null, partMs: 360 }, 'none'],
    ['ends the first part near 400 ms', { partTargetMs: null, partMs: 400 }, 'part'],
    ['ends the first part of a slow camera after a frame', { partTargetMs: null, partMs: 500, frameMs: 500 }, 'part'],
  ])('%s', (_, facts, expected) => {
    expect(decideCut({ ...middle, ...facts })).toBe(expected);
  });

  it('keeps segments within the target duration and parts between 85 % and 100 % of the part target, for any even frame rate', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 60 }), fc.integer({ min: 1, max: 300 }), (framesPerSecond, groupFrames) => {
        const { segments, partTargetMs } = cutStream(1000 / framesPerSecond, groupFrames, 600);
        for (const segment of segments.slice(0, -1)) {
          expect(segment.parts.reduce((sum, part) => sum + part, 0)).toBeLessThanOrEqual(maxSegmentMs + 1e-6);
          for (const [index, partMs] of segment.parts.entries()) {
            expect(partMs).toBeLessThanOrEqual(partTargetMs + 1e-6);
            if (index < segment.parts.length - 1) expect(partMs).toBeGreaterThanOrEqual(partTargetMs * 0.85);
          }
        }
        const groupMs = (groupFrames * 1000) / framesPerSecond;
        if (groupMs < maxSegmentMs) expect(segments.filter((segment, at) => at !== 1 && !segment.startsWithKeyFrame)).toEqual([]);
      }),
    );
  });

  it('sets a part target that suits the frame rate', () => {
    expect([partTargetFor(400), partTargetFor(500), partTargetFor(66)]).toEqual([433, 541, 217]);
  });

  it('takes as a gap what no segment of the target duration could hold', () => {
    expect(maxFrameMs).toBeLessThan(maxSegmentMs);
  });
});

/** Cuts an even stream of frames, as the packager does. */
function cutStream(frameMs: number, groupFrames: number, frames: number) {
  const segments: { parts: number[]; startsWithKeyFrame: boolean }[] = [];
  let segment = { parts: [] as number[], startsWithKeyFrame: true };
  let partMs = 0;
  let partTargetMs: number | null = null;
  for (let frame = 1; frame <= frames; frame++) {
    partMs += frameMs;
    const isKeyFrameNext = frame % groupFrames === 0;
    const segmentMs = segment.parts.reduce((sum, part) => sum + part, 0) + partMs;
    const cut = decideCut({
      segmentMs,
      partMs,
      frameMs,
      isKeyFrameNext,
      startsPartWithKeyFrame: segment.parts.length === 0 && segment.startsWithKeyFrame,
      startsWithKeyFrame: segment.startsWithKeyFrame,
      isFirstSegment: segments.length === 0,
      partTargetMs,
      groupMs: frame > groupFrames ? groupFrames * frameMs : null,
    });
    if (cut === 'none') continue;
    segment.parts.push(partMs);
    partTargetMs ??= partTargetFor(partMs);
    partMs = 0;
    if (cut === 'part') continue;
    segments.push(segment);
    segment = { parts: [], startsWithKeyFrame: isKeyFrameNext };
  }
  return { segments, partTargetMs: partTargetMs ?? 0 };
}
