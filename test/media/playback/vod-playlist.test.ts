import { describe, it } from 'vitest';
import { formatVodPlaylist } from '../../../media/playback/vod-playlist.ts';
import { expectGolden } from '../../support/golden.ts';

const startMs = Date.UTC(2026, 4, 1, 8);

describe('formatVodPlaylist', () => {
  it('gives each file its init segment behind a discontinuity, true times, and the gaps', () => {
    const segment = (at: number, offset: number, durationSeconds = 4) => ({
      startOffset: offset,
      endOffset: offset + 5_000,
      durationSeconds,
      arrivedMs: startMs + at * 1_000,
    });
    const files = [
      { name: '20260501T080000.000Z', segments: [segment(0, 900), segment(4, 5_900, 5.6)] },
      { name: '20260501T080100.000Z', segments: [segment(60, 900, 3.2)] },
    ];
    const gaps = [{ fromMs: startMs + 9_600, toMs: startMs + 60_000 }];
    expectGolden('playback/two-files.m3u8', formatVodPlaylist(files, gaps, 'abc.def'));
  });
});
