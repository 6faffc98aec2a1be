import { describe, expect, it } from 'vitest';

import { alawToLinear, cutG711, linearToMulaw, parseAdts } from './audio-clip.ts';

describe('G.711', () => {
  it.each([
    [0xd5, 8],
    [0x55, -8],
    [0xaa, 32256],
    [0x2a, -32256],
  ])('A-law %i is %i', (sample, linear) => {
    expect(alawToLinear(sample)).toBe(linear);
  });

  it.each([
    [0, 0xff],
    [32256, 0x80],
    [-32256, 0x00],
  ])('linear %i in μ-law', (linear, sample) => {
    expect(linearToMulaw(linear)).toBe(sample);
  });

  it('is cut into 40 ms, without a rest', () => {
    const clip = cutG711('pcmu', Buffer.alloc(1000, 0xd5));
    expect(clip.units.map((unit) => unit.length)).toEqual([320, 320, 320]);
  });
});

describe('ADTS', () => {
  const header = 'fff160400120fc';

  it('gives frames without their headers', () => {
    const clip = parseAdts(Buffer.from(`${header}aabb${header}ccdd`, 'hex'));
    expect(clip.clockRateHz).toBe(16_000);
    expect(clip.units.map((unit) => unit.toString('hex'))).toEqual(['aabb', 'ccdd']);
  });

  it('is refused where no header is', () => {
    expect(() => parseAdts(Buffer.from(`${header}aabb00000000000000`, 'hex'))).toThrow('byte 9');
  });
});
