import { describe, expect, it } from 'vitest';
import { depacketize } from './depacketized.ts';
import type { Outcome, TestPacket } from './depacketized.ts';

const idr = '65888400ff';
/** P slices: first macroblock 0, types 5 (P) and 6 (B) as ue. */
const picture = '419a00ff';
const bPicture = '019e00ff';
const last = { hasMarker: true };

describe('H264Depacketizer', () => {
  const cases: [string, TestPacket[], Outcome[]][] = [
    ['a single NAL unit', [{ payload: idr, timestamp: 9, ...last }], [{ timestamp: 9, isKeyFrame: true, nalUnits: [idr] }]],
    ['a picture that is none for starting', [{ payload: picture, ...last }], [{ timestamp: 0, isKeyFrame: false, nalUnits: [picture] }]],
    ['a B slice', [{ payload: bPicture, ...last }], [{ timestamp: 0, isKeyFrame: false, nalUnits: [bPicture], isBidirectional: true }]],
    [
      'parameter sets and picture in one NAL unit with start codes between, whole or in fragments',
      [
        { payload: '67aabb' + '00000001' + '68cc' + '000001' + idr, timestamp: 1, ...last },
        { payload: '7c87aabb00', timestamp: 2 },
        { payload: '7c470000' + '0168cc' + '00000001' + idr, timestamp: 2, ...last },
      ],
      [
        { parameterSet: '67aabb' },
        { parameterSet: '68cc' },
        { timestamp: 1, isKeyFrame: true, nalUnits: [idr] },
        { parameterSet: '67aabb' },
        { parameterSet: '68cc' },
        { timestamp: 2, isKeyFrame: true, nalUnits: [idr] },
      ],
    ],
    [
      'several slices of one picture',
      [{ payload: idr }, { payload: '6541' }, { payload: '6542', ...last }],
      [{ timestamp: 0, isKeyFrame: true, nalUnits: [idr, '6541', '6542'] }],
    ],
    [
      'an aggregate: parameter sets and delimiters are taken out, SEI stays',
      [{ payload: '78' + '0002' + '09f0' + '0003' + '67aabb' + '0002' + '68cc' + '0003' + '0601ff' + '0005' + idr, ...last }],
      [{ parameterSet: '67aabb' }, { parameterSet: '68cc' }, { timestamp: 0, isKeyFrame: true, nalUnits: ['0601ff', idr] }],
    ],
    [
      'fragments',
      [{ payload: '7c85aabb' }, { payload: '7c05cc' }, { payload: '7c45ddee', ...last }],
      [{ timestamp: 0, isKeyFrame: true, nalUnits: ['65aabbccddee'] }],
    ],
    ['one fragment that is start and end at once', [{ payload: '7cc5aabb', ...last }], [{ timestamp: 0, isKeyFrame: true, nalUnits: ['65aabb'] }]],
    [
      'fragments without an end before the marker',
      [{ payload: '7c85aabb' }, { payload: '7c05cc', ...last }],
      [{ timestamp: 0, isKeyFrame: true, nalUnits: ['65aabbcc'] }],
    ],
    [
      'a parameter set in fragments',
      [{ payload: '7c87aa' }, { payload: '7c47bb' }, { payload: idr, ...last }],
      [{ parameterSet: '67aabb' }, { timestamp: 0, isKeyFrame: true, nalUnits: [idr] }],
    ],
    [
      'no markers at all: the timestamp ends pictures',
      [
        { payload: idr, timestamp: 1 },
        { payload: picture, timestamp: 2 },
        { payload: picture, timestamp: 3 },
      ],
      [
        { timestamp: 1, isKeyFrame: true, nalUnits: [idr] },
        { timestamp: 2, isKeyFrame: false, nalUnits: [picture] },
      ],
    ],
    [
      'a marker on parameter sets that precede their picture',
      [
        { payload: '67aabb', ...last },
        { payload: '68cc', ...last },
        { payload: idr, ...last },
      ],
      [{ parameterSet: '67aabb' }, { parameterSet: '68cc' }, { timestamp: 0, isKeyFrame: true, nalUnits: [idr] }],
    ],
    [
      'a marker on every slice: one picture is lost, then only the timestamp counts',
      [
        { payload: idr, timestamp: 1, ...last },
        { payload: '6541', timestamp: 1, ...last },
        { payload: picture, timestamp: 2, ...last },
        { payload: '4141', timestamp: 2, ...last },
        { payload: picture, timestamp: 3, ...last },
      ],
      [{ timestamp: 1, isKeyFrame: true, nalUnits: [idr] }, 'damaged', { timestamp: 2, isKeyFrame: false, nalUnits: [picture, '4141'] }],
    ],
    [
      'timestamps that repeat: each first slice is another picture',
      [
        { payload: idr, timestamp: 7, ...last },
        { payload: picture, timestamp: 7, ...last },
        { payload: picture, timestamp: 7 },
        { payload: '4141', timestamp: 7, ...last },
      ],
      [
        { timestamp: 7, isKeyFrame: true, nalUnits: [idr] },
        { timestamp: 7, isKeyFrame: false, nalUnits: [picture] },
        { timestamp: 7, isKeyFrame: false, nalUnits: [picture, '4141'] },
      ],
    ],
    [
      'a hole within a picture',
      [{ payload: '7c85aabb' }, null, { payload: '7c45ddee', ...last }, { payload: picture, timestamp: 1, ...last }],
      ['damaged', { timestamp: 1, isKeyFrame: false, nalUnits: [picture] }],
    ],
    [
      'a hole between pictures damages both sides',
      [{ payload: picture, timestamp: 1 }, null, { payload: picture, timestamp: 2, ...last }, { payload: idr, timestamp: 3, ...last }],
      ['damaged', 'damaged', { timestamp: 3, isKeyFrame: true, nalUnits: [idr] }],
    ],
    ['a fragment without beginning', [{ payload: '7c05cc' }, { payload: '7c45dd', ...last }], ['damaged']],
    ['an aggregate whose sizes do not add up', [{ payload: '78' + '00ff' + '6588', ...last }], ['damaged']],
    ['an aggregate with an empty entry', [{ payload: '78' + '0000' + '0002' + '6588', ...last }], ['damaged']],
    ['a payload type of the interleaved mode', [{ payload: '7900' + '00026588', ...last }], ['damaged']],
    ['a fragment too short to be one', [{ payload: '7c85', ...last }], ['damaged']],
    ['nothing but a marker', [{ payload: '', ...last }], []],
  ];
  it.each(cases)('%s', (_, packets, expected) => {
    expect(depacketize('h264', packets)).toEqual(expected);
  });

  it('gives up a picture that outgrows its bound, and goes on with the next', () => {
    const big = Buffer.concat([Buffer.from('7c05', 'hex'), Buffer.alloc(900)]);
    const packets = [
      { payload: '7c85aabb' },
      { payload: big },
      { payload: big },
      { payload: '7c45dd', ...last },
      { payload: idr, timestamp: 1, ...last },
    ];
    expect(depacketize('h264', packets, 1500)).toEqual(['damaged', { timestamp: 1, isKeyFrame: true, nalUnits: [idr] }]);
  });
});
