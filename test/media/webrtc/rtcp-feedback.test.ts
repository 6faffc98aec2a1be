import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtcpFeedback } from '../../../media/webrtc/rtcp-feedback.ts';

const pli = '81ce00020000000100000007';
const fir = '84ce0004000000010000000000000007010000000'.slice(0, 40);
const nack = '81cd000300000001000000070001ffff';
const receiverReport = '81c90007000000010000000740000000000000000000000000000000000000000'.slice(0, 64);
const senderReport = `81c8000c00000001${'00'.repeat(20)}0000000720${'00'.repeat(19)}`;

describe('parseRtcpFeedback', () => {
  it.each([
    ['PLI', pli, { wantsKeyFrame: true, fractionLost: null }],
    ['FIR', fir, { wantsKeyFrame: true, fractionLost: null }],
    ['NACK', nack, { wantsKeyFrame: false, fractionLost: null }],
    ['receiver report', receiverReport, { wantsKeyFrame: false, fractionLost: 0.25 }],
    ['sender report', senderReport, { wantsKeyFrame: false, fractionLost: 0.125 }],
    ['compound of a report and PLI', receiverReport + pli, { wantsKeyFrame: true, fractionLost: 0.25 }],
    ['compound cut in its second packet', receiverReport + pli.slice(0, 16), { wantsKeyFrame: false, fractionLost: 0.25 }],
    ['another version', `41${pli.slice(2)}`, { wantsKeyFrame: false, fractionLost: null }],
    ['nothing', '', { wantsKeyFrame: false, fractionLost: null }],
  ])('%s', (_name, hex, expected) => {
    expect(parseRtcpFeedback(Buffer.from(hex, 'hex'))).toEqual(expected);
  });

  it('ends for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { fractionLost } = parseRtcpFeedback(Buffer.from(bytes));
        return fractionLost === null || (fractionLost >= 0 && fractionLost < 1);
      }),
      { numRuns: 500 },
    );
  });
});
