import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { h264ParameterSetId, isH264BSlice, parseH264Sps } from '../../../media/codec/h264-parameter-sets.ts';
import { h265ParameterSetId, parseH265Sps } from '../../../media/codec/h265-parameter-sets.ts';
import { VideoParameters } from '../../../media/codec/video-parameters.ts';
import { parseVideoStream } from '../../simulator/annex-b.ts';

function clipSets(clip: string, codec: 'h264' | 'h265'): Buffer[] {
  return [...parseVideoStream(codec, readFileSync(new URL(`../../simulator/clips/${clip}.${codec}`, import.meta.url))).parameterSets];
}

describe('parseH264Sps', () => {
  it.each([
    // RFC 6184 §8.2.1's example of sprop-parameter-sets is Baseline; the others were written by the encoders named.
    ['baseline, 320 × 240 (x264)', '6742c00ddA0507EC0440000003004000000C83C50AA8', 320, 240, 'avc1.42C00D', 25, 0],
    [
      'high, cropped to 1080 lines, reordering of 2 (x264)',
      '67640028acd940780227e5c05a808080a0000003002000000651e30632c0',
      1920,
      1080,
      'avc1.640028',
      25,
      2,
    ],
  ])('%s', (_, hex, width, height, codecString, framesPerSecond, maxReorderFrames) => {
    expect(parseH264Sps(Buffer.from(hex, 'hex'))).toEqual({ id: 0, width, height, codecString, framesPerSecond, maxReorderFrames });
  });

  it('reads what the simulator’s clips were encoded with', () => {
    const [sps, pps] = clipSets('test-card.sub', 'h264');
    expect(parseH264Sps(sps ?? Buffer.alloc(0))).toMatchObject({ width: 640, height: 360, framesPerSecond: 15, maxReorderFrames: 0 });
    expect([h264ParameterSetId(sps ?? Buffer.alloc(0)), h264ParameterSetId(pps ?? Buffer.alloc(0))]).toEqual([0, 0]);
  });

  it('reads an SPS with bytes behind its end, as Reolink sends it in band', () => {
    const [told, sent] = ['67640033ac1514a0a03d90', '67640033ac1514a0a03da1000004f6000063380404'].map((hex) => parseH264Sps(Buffer.from(hex, 'hex')));
    expect(sent).toMatchObject({ width: told?.width, height: told?.height });
    expect(sent?.width).toBe(640);
  });

  it('keeps the size of a VUI that is cut short, and claims nothing of its reordering', () => {
    const sps = Buffer.from('67640028acd940780227e5c05a808080a0000003002000000651e30632c0', 'hex');
    expect(parseH264Sps(sps.subarray(0, 20))).toMatchObject({ width: 1920, height: 1080, maxReorderFrames: null, framesPerSecond: null });
  });

  it('refuses what is cut, anywhere before its end', () => {
    const sps = Buffer.from('67640028acd940780227e5c05a808080a0000003002000000651e30632c0', 'hex');
    for (let length = 0; length < 9; length += 1) expect(parseH264Sps(sps.subarray(0, length))).toBeNull();
  });

  it('knows B slices', () => {
    expect(['419a00', '019e00', '65888400', '41', ''].map((hex) => isH264BSlice(Buffer.from(hex, 'hex')))).toEqual([
      false,
      true,
      false,
      false,
      false,
    ]);
  });
});

describe('parseH265Sps', () => {
  it('reads what the simulator’s clips were encoded with', () => {
    const [vps, sps, pps] = clipSets('test-card.sub', 'h265');
    expect(parseH265Sps(sps ?? Buffer.alloc(0))).toMatchObject({ id: 0, width: 640, height: 360, maxReorderFrames: 0 });
    expect(parseH265Sps(sps ?? Buffer.alloc(0))?.codecString).toMatch(/^hvc1\.1\.6\.L\d+\.9\w$/);
    for (const set of [vps, sps, pps]) expect(h265ParameterSetId(set ?? Buffer.alloc(0))).toBe(0);
  });

  it('refuses what is cut', () => {
    const sps = clipSets('test-card.sub', 'h265')[1] ?? Buffer.alloc(0);
    for (let length = 0; length < 18; length += 1) expect(parseH265Sps(sps.subarray(0, length))).toBeNull();
  });
});

describe('hostile parameter sets', () => {
  const seeds = [...clipSets('test-card.main', 'h264'), ...clipSets('test-card.main', 'h265')];
  const mutated = fc
    .tuple(fc.constantFrom(...seeds), fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 8 }), fc.nat(100))
    .map(([seed, changes, length]) => {
      const bytes = Buffer.from(seed);
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      return bytes.subarray(0, length);
    });
  const random = fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw));

  it('give null or something in bounds', () => {
    fc.assert(
      fc.property(fc.oneof(mutated, random), (nalUnit) => {
        for (const sps of [parseH264Sps(nalUnit), parseH265Sps(nalUnit)]) {
          if (sps === null) continue;
          expect(sps.width).toBeGreaterThan(0);
          expect(sps.height).toBeGreaterThan(0);
          expect(Math.max(sps.width, sps.height)).toBeLessThanOrEqual(16_384);
          expect(sps.maxReorderFrames ?? 0).toBeLessThanOrEqual(16);
          expect(sps.codecString).toMatch(/^(avc1|hvc1)\.[A-Za-z0-9.]+$/);
        }
        h264ParameterSetId(nalUnit);
        h265ParameterSetId(nalUnit);
      }),
      { numRuns: 2000 },
    );
  });

  it('do not fill the memory', () => {
    fc.assert(
      fc.property(fc.constantFrom('h264' as const, 'h265' as const), fc.array(fc.oneof(mutated, random), { maxLength: 200 }), (codec, nalUnits) => {
        const parameters = new VideoParameters(codec, 90_000);
        for (const nalUnit of nalUnits) parameters.put(nalUnit);
        const track = parameters.describe(() => false)?.track;
        if (track === undefined) return;
        expect(track.vps.length + track.sps.length + track.pps.length).toBeLessThanOrEqual(3 * 16);
      }),
    );
  });
});

describe('VideoParameters', () => {
  const small = clipSets('test-card.sub', 'h264');
  const large = clipSets('test-card.main', 'h264');

  it('describes the track once all sets are there, and again when they change', () => {
    const parameters = new VideoParameters('h264', 90_000);
    expect(parameters.put(small[0] ?? Buffer.alloc(0))).toBe(true);
    expect(parameters.describe(() => false)).toBeNull();
    parameters.put(small[1] ?? Buffer.alloc(0));
    expect(parameters.describe((depth) => depth === 0)).toMatchObject({
      track: { codec: 'h264', width: 640, height: 360, hasReordering: true, vps: [], sps: [small[0]], pps: [small[1]] },
      maxReorderFrames: 0,
    });
    const { version } = parameters;
    for (const set of small) parameters.put(set);
    expect(parameters.version).toBe(version);
    for (const set of large) parameters.put(set);
    expect(parameters.version).toBeGreaterThan(version);
    expect(parameters.describe(() => false)?.track.width).toBeGreaterThan(640);
  });

  it('refuses other kinds of NAL units, and sets that are too large', () => {
    const parameters = new VideoParameters('h264', 90_000);
    const bloated = Buffer.concat([small[0] ?? Buffer.alloc(0), Buffer.alloc(5000)]);
    expect([parameters.put(Buffer.from('65', 'hex')), parameters.put(Buffer.alloc(0)), parameters.put(bloated), parameters.version]).toEqual([
      false,
      false,
      false,
      0,
    ]);
  });
});
