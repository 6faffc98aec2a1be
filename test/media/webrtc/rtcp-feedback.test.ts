import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtcpFeedback } from '../../../media/webrtc/rtcp-feedback.ts';

const pli = '81ce00020000000100000007';
const fir = '84ce0004000000010000000000000007010000000'.slice(0, 40);
const nack = '81cd000300000001000000070001ffff';
const receiverReport = `81c90007000000010000000740fffffe0001ffff${'00'.repeat(12)}`;
const reportOfAnother = `81c90007000000010000000840fffffe0001ffff${'00'.repeat(12)}`;
const senderReport = `81c8000c00000001${'00'.repeat(20)}0000000720000005000000ff${'00'.repeat(12)}`;

describe('parseRtcpFeedback', () => {
  it.each([
    ['PLI', pli, { wantsKeyFrame: true, reception: null }],
    ['FIR', fir, { wantsKeyFrame: true, reception: null }],
    ['NACK', nack, { wantsKeyFrame: false, reception: null }],
    ['receiver report', receiverReport, { wantsKeyFrame: false, reception: { lostPackets: -2, highestSequence: 0x1ffff } }],
    ['receiver report about another source', reportOfAnother, { wantsKeyFrame: false, reception: null }],
    ['sender report', senderReport, { wantsKeyFrame: false, reception: { lostPackets: 5, highestSequence: 255 } }],
    ['compound of a report and PLI', receiverReport + pli, { wantsKeyFrame: true, reception: { lostPackets: -2, highestSequence: 0x1ffff } }],
    [
      'compound cut in its second packet',
      receiverReport + pli.slice(0, 16),
      { wantsKeyFrame: false, reception: { lostPackets: -2, highestSequence: 0x1ffff } },
    ],
    ['another version', `41${pli.slice(2)}`, { wantsKeyFrame: false, reception: null }],
    ['nothing', '', { wantsKeyFrame: false, reception: null }],
  ])('%s', (_name, hex, expected) => {
    expect(parseRtcpFeedback(Buffer.from(hex, 'hex'), 7)).toEqual(expected);
  });

  it('ends for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { reception } = parseRtcpFeedback(Buffer.from(bytes), 0);
        return reception === null || (reception.highestSequence >= 0 && Math.abs(reception.lostPackets) <= 2 ** 23);
      }),
      { numRuns: 500 },
    );
  });
});
