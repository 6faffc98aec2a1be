import { describe, expect, it } from 'vitest';
import { depacketize } from './depacketized.ts';
import type { Outcome, TestPacket } from './depacketized.ts';

/** IDR_W_RADL (19) and TRAIL_R (1). */
const idr = '2601afff';
const picture = '0201d0ff';
const last = { hasMarker: true };

describe('H265Depacketizer', () => {
  const cases: [string, TestPacket[], Outcome[]][] = [
    ['a single NAL unit', [{ payload: idr, timestamp: 9, ...last }], [{ timestamp: 9, isKeyFrame: true, nalUnits: [idr] }]],
    ['a clean random access picture', [{ payload: '2a01aa', ...last }], [{ timestamp: 0, isKeyFrame: true, nalUnits: ['2a01aa'] }]],
    [
      'an aggregate: parameter sets and delimiters are taken out, SEI stays',
      [
        {
          payload: '6001' + '0003' + '460150' + '0003' + '4001aa' + '0003' + '4201bb' + '0003' + '4401cc' + '0003' + '4e01dd' + '0004' + idr,
          ...last,
        },
      ],
      [
        { parameterSet: '4001aa' },
        { parameterSet: '4201bb' },
        { parameterSet: '4401cc' },
        { timestamp: 0, isKeyFrame: true, nalUnits: ['4e01dd', idr] },
      ],
    ],
    [
      'fragments; layer and temporal id of the payload header are kept',
      [{ payload: '620393aabb' }, { payload: '620313cc' }, { payload: '620353dd', ...last }],
      [{ timestamp: 0, isKeyFrame: true, nalUnits: ['2603aabbccdd'] }],
    ],
    [
      'no markers at all',
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
      'timestamps that repeat: each first slice is another picture',
      [
        { payload: idr, timestamp: 7, ...last },
        { payload: picture, timestamp: 7, ...last },
      ],
      [
        { timestamp: 7, isKeyFrame: true, nalUnits: [idr] },
        { timestamp: 7, isKeyFrame: false, nalUnits: [picture] },
      ],
    ],
    ['a hole', [{ payload: '620193aabb' }, null, { payload: '620153dd', ...last }], ['damaged']],
    ['a fragment without beginning', [{ payload: '620113cc', ...last }], ['damaged']],
    ['an aggregate whose sizes do not add up', [{ payload: '6001' + '00ff' + '2601', ...last }], ['damaged']],
    ['a PACI packet, which cameras do not send', [{ payload: '640100', ...last }], ['damaged']],
    ['a fragment too short to be one', [{ payload: '620193', ...last }], ['damaged']],
  ];
  it.each(cases)('%s', (_, packets, expected) => {
    expect(depacketize('h265', packets)).toEqual(expected);
  });
});
