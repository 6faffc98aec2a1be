import { describe, expect, it } from 'vitest';
import { SlabViews } from '../../../media/fmp4/slab-views.ts';
import { SegmentWindow } from '../../../media/hls/segment-window.ts';

/** Fills a window with segments of 2 s and so many bytes; what the bodies still hold is counted. */
function fill(segments: number, segmentBytes: number) {
  const window = new SegmentWindow(14_000, 0);
  let most = 0;
  let held = 0;
  for (let index = 0; index < segments; index++) {
    const body = new SlabViews();
    body.release = () => void held--;
    held++;
    window.begin({ programDateTimeMs: 0, hasDiscontinuity: false, initNumber: 0 });
    const common = { startTicks: 0, durationTicks: 180_000, arrivedWallClockMs: 0, startsWithKeyFrame: true };
    window.addPart({ header: Buffer.alloc(0), body, sizeBytes: segmentBytes, ...common }, 2000);
    window.end(index * 2000);
    window.prune(index * 2000);
    most = Math.max(most, window.heldBytes);
  }
  return { window, most, held: () => held };
}

describe('SegmentWindow', () => {
  it('keeps what the playlist obliges to keep while that is within the bound', () => {
    const { window, held } = fill(60, 1_000_000);
    expect(window.segments).toHaveLength(7);
    // Seven listed, and for as long again those that a slow player may still ask for.
    expect(held()).toBe(15);
  });

  it('holds at most 128 MB of a camera that sends all it may, and still lists four segments', () => {
    const { window, most, held } = fill(60, 25_000_000);
    expect(most).toBeLessThanOrEqual(128 * 1024 * 1024);
    expect(window.segments.length).toBeGreaterThanOrEqual(4);
    expect(window.segments.every(({ sequence }) => window.leaseSegment(sequence) !== null)).toBe(true);
    window.clear();
    expect([held(), window.heldBytes]).toEqual([0, 0]);
  });
});
