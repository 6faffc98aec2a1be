import { describe, expect, it } from 'vitest';

import { parseVideoStream, splitNalUnits } from './annex-b.ts';

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

describe('a byte stream', () => {
  it('splits at start codes of three and four bytes', () => {
    const nalUnits = splitNalUnits(bytes('00000001 09f0 000001 6742 00000001 68ce 000000'));
    expect(nalUnits.map((nalUnit) => nalUnit.toString('hex'))).toEqual(['09f0', '6742', '68ce']);
  });

  it('becomes access units without delimiters and parameter sets', () => {
    const stream = parseVideoStream('h264', bytes('000001 09f0 000001 6742 000001 68ce 000001 6588 000001 6511 000001 09f0 000001 419a'));
    expect(stream.parameterSets.map((nalUnit) => nalUnit.toString('hex'))).toEqual(['6742', '68ce']);
    expect(stream.accessUnits.map(({ nalUnits, isKeyFrame }) => [nalUnits.map((n) => n.toString('hex')), isKeyFrame])).toEqual([
      [['6588', '6511'], true],
      [['419a'], false],
    ]);
  });

  it('is refused without parameter sets or with another picture first', () => {
    expect(() => parseVideoStream('h264', bytes('000001 09f0 000001 6588'))).toThrow('parameter sets');
    expect(() => parseVideoStream('h264', bytes('000001 6742 000001 68ce 000001 09f0 000001 419a'))).toThrow('key frame');
  });
});
