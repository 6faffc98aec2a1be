import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseH264SampleFormat, parseH265Format } from '../../../media/fmp4/sequence-parameter-set.ts';
import { parseVideoStream } from '../../simulator/annex-b.ts';

function spsOf(codec: 'h264' | 'h265'): Buffer {
  const clip = readFileSync(new URL(`../../simulator/clips/test-card.main.${codec}`, import.meta.url));
  return parseVideoStream(codec, clip).parameterSets.at(-2) ?? Buffer.alloc(0);
}

describe('sequence parameter sets', () => {
  it('gives the sample format of high profile H.264, and none for baseline', () => {
    expect(parseH264SampleFormat(Buffer.from('6764001facd9405005bb011000000300100000030320f1831960', 'hex'))).toEqual({
      chromaFormat: 1,
      bitDepthLuma: 8,
      bitDepthChroma: 8,
    });
    expect(parseH264SampleFormat(Buffer.from('6742c01fda014016e9b808080a', 'hex'))).toBeNull();
  });

  it('reads profile, tier, level and format of H.265', () => {
    const format = parseH265Format(spsOf('h265'));
    expect(format).toMatchObject({ chromaFormat: 1, bitDepthLuma: 8, bitDepthChroma: 8, temporalLayers: 1, isTemporalIdNested: true });
    // main profile (1), compatible with main and main 10; level_idc is 30 × the level
    expect(format.generalProfileTierLevel.subarray(0, 5).toString('hex')).toBe('0160000000');
    expect((format.generalProfileTierLevel[11] ?? 1) % 3).toBe(0);
  });

  it('survives anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        const format = parseH265Format(Buffer.from(bytes));
        expect(format.generalProfileTierLevel.length).toBe(12);
        expect(format.chromaFormat).toBeLessThanOrEqual(3);
        expect(format.bitDepthLuma).toBeLessThanOrEqual(15);
        const h264 = parseH264SampleFormat(Buffer.from(bytes));
        if (h264 !== null) expect(h264.bitDepthChroma).toBeLessThanOrEqual(15);
      }),
    );
  });
});
