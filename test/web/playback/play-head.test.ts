import { describe, expect, it } from 'vitest';
import { follow, nextPlayHead } from '../../../web/playback/play-head.ts';
import type { Follower } from '../../../web/playback/play-head.ts';

const camera = (cameraId: string, shownMs: number | null, isRecordedNow = true): Follower => ({ cameraId, shownMs, isRecordedNow });

describe('the play head', () => {
  it("moves with the leader's video", () => {
    expect(nextPlayHead(1000, 'a', [camera('a', 1200), camera('b', 900)], 1)).toEqual({ atMs: 1200, leaderId: 'a', jumpedFromMs: null });
  });

  it('finds a leader among the cameras that have a picture', () => {
    expect(nextPlayHead(1000, null, [camera('a', null), camera('b', 1000)], 1).leaderId).toBe('b');
  });

  it('stands while nobody has a picture', () => {
    expect(nextPlayHead(1000, 'a', [camera('a', null)], 1)).toEqual({ atMs: 1000, leaderId: null, jumpedFromMs: null });
  });

  it('tells of a gap it jumps over', () => {
    expect(nextPlayHead(1000, 'a', [camera('a', 61_000)], 1)).toEqual({ atMs: 61_000, leaderId: 'a', jumpedFromMs: 1000 });
  });

  it('does not jump while another camera has a picture of that time', () => {
    expect(nextPlayHead(1000, 'a', [camera('a', 61_000), camera('b', 1100)], 1)).toEqual({ atMs: 1100, leaderId: 'b', jumpedFromMs: null });
  });

  it('does not take fast playing for a jump', () => {
    expect(nextPlayHead(0, 'a', [camera('a', 10_000)], 8).jumpedFromMs).toBeNull();
  });
});

it.each([
  [1000, 1300, 1, 'stay'],
  [2000, 1000, 1, 'wait'],
  [1000, 3000, 1, 'seek'],
  [90_000, 1000, 1, 'seek'],
  [3000, 1000, 8, 'stay'],
  [null, 1000, 1, 'seek'],
] as const)('a follower at %s with the head at %d and speed %d: %s', (shownMs, atMs, speed, expected) => {
  expect(follow(shownMs, atMs, speed)).toBe(expected);
});
