import { describe, expect, it } from 'vitest';
import { formatMediaPlaylist, withTicket } from '../../../media/hls/playlist.ts';
import type { MediaPlaylist, PlaylistSegment } from '../../../media/hls/playlist.ts';
import { expectGolden } from '../../support/golden.ts';

const startMs = Date.UTC(2026, 4, 1, 8, 0, 0, 120);

function segment(sequence: number, changes: Partial<PlaylistSegment> = {}): PlaylistSegment {
  const parts = [0, 1, 2, 3, 4].map((part) => ({ durationMs: 400, isIndependent: part === 0 }));
  return {
    sequence,
    durationMs: 2_000,
    programDateTimeMs: startMs + (sequence - 40) * 2_000,
    hasDiscontinuity: false,
    initNumber: 40,
    parts,
    ...changes,
  };
}

const running: MediaPlaylist = {
  targetDurationSeconds: 2,
  partTargetMs: 416,
  discontinuitySequence: 3,
  segments: [40, 41, 42, 43, 44, 45, 46].map((sequence) => segment(sequence)),
  open: segment(47, {
    durationMs: 800,
    parts: [
      { durationMs: 400, isIndependent: true },
      { durationMs: 400, isIndependent: false },
    ],
  }),
  nextSequence: 47,
};

describe('formatMediaPlaylist', () => {
  it('lists segments, and parts near the live edge', () => {
    expectGolden('hls/running.m3u8', withTicket(formatMediaPlaylist(running, false), 'abc.def'));
  });

  it('leaves out what lies behind the skip boundary in a delta update', () => {
    expectGolden('hls/delta.m3u8', withTicket(formatMediaPlaylist(running, true), 'abc.def'));
  });

  it('announces new parameters behind a discontinuity', () => {
    const changed = {
      ...running,
      segments: [segment(40), segment(41), segment(42, { hasDiscontinuity: true, initNumber: 42 }), segment(43, { initNumber: 42 })],
      open: null,
      nextSequence: 44,
    };
    expectGolden('hls/changed-parameters.m3u8', withTicket(formatMediaPlaylist(changed, false), 'abc.def'));
  });

  it('answers a delta update in full while there is nothing to skip', () => {
    const short = { ...running, segments: running.segments.slice(0, 4) };
    expect(formatMediaPlaylist(short, true)).toBe(formatMediaPlaylist(short, false));
  });

  it('repeats the ticket in every URI, in a form that ends no attribute and no line', () => {
    const text = withTicket(formatMediaPlaylist(running, false), 'a"b\n&c');
    const uris = [...text.matchAll(/URI="([^"]*)"|^([^#\s].*)$/gm)].map((match) => match[1] ?? match[2]);
    expect(uris.length).toBeGreaterThan(20);
    for (const uri of uris) expect(uri).toMatch(/\?ticket=a%22b%0A%26c$/);
  });
});
