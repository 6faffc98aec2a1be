import { describe, expect, it } from 'vitest';
import { parseInitSegment, videoTrackOf } from '../../../media/fmp4/init-parser.ts';
import { writeInitSegment } from '../../../media/fmp4/init-segment.ts';
import { dumpBoxes } from '../../support/box-dump.ts';
import { aacTrack, alawTrack, h264Track, h265Track, ulawTrack } from '../../support/fixed-tracks.ts';
import { expectGolden } from '../../support/golden.ts';

const cases = [
  { name: 'h264-aac', video: h264Track, audio: aacTrack, entries: ['avc1', 'mp4a'], timescales: [90_000, 16_000] },
  { name: 'h265', video: h265Track, audio: null, entries: ['hvc1'], timescales: [90_000] },
  { name: 'h264-alaw', video: h264Track, audio: alawTrack, entries: ['avc1', 'alaw'], timescales: [90_000, 8_000] },
  { name: 'h265-ulaw', video: h265Track, audio: ulawTrack, entries: ['hvc1', 'ulaw'], timescales: [90_000, 8_000] },
] as const;

describe('writeInitSegment', () => {
  for (const { name, video, audio, entries, timescales } of cases) {
    const init = writeInitSegment(video, audio);

    it(`writes ${name} box by box as reviewed`, () => {
      expectGolden(`fmp4/init-${name}.txt`, `${dumpBoxes(init)}\n`);
    });

    it(`is understood by our own parser: ${name}`, () => {
      const parsed = parseInitSegment(init);
      expect(parsed?.sizeBytes).toBe(init.length);
      expect(parsed?.tracks.map((track) => track.sampleEntry)).toEqual(entries);
      expect(parsed?.tracks.map((track) => track.timescale)).toEqual(timescales);
      expect(parsed?.tracks.map((track) => track.handler)).toEqual(['vide', 'soun'].slice(0, entries.length));
      expect(parsed === null ? null : videoTrackOf(parsed)?.trackId).toBe(1);
    });
  }
});
