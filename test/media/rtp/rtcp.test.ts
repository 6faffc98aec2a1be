import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtcp, writeReceiverReport } from '../../../media/rtp/rtcp.ts';

/** 2026-03-01T00:00:00.5Z, RTP time 0x01020304, of SSRC 0xaabbccdd. */
function senderReport(): Buffer {
  const bytes = Buffer.alloc(28);
  bytes.writeUInt32BE(0x80c80006, 0);
  bytes.writeUInt32BE(0xaabbccdd, 4);
  bytes.writeUInt32BE(Date.UTC(2026, 2, 1) / 1000 + 2_208_988_800, 8);
  bytes.writeUInt32BE(0x80000000, 12);
  bytes.writeUInt32BE(0x01020304, 16);
  return bytes;
}

const bye = Buffer.from('81cb0001aabbccdd', 'hex');

describe('parseRtcp', () => {
  it('reads the sender report of a compound packet', () => {
    const bytes = Buffer.concat([senderReport(), bye]);
    const ntpSeconds = Date.UTC(2026, 2, 1) / 1000 + 2_208_988_800;
    expect(parseRtcp(bytes, 0, bytes.length)).toEqual({
      senderReport: {
        ssrc: 0xaabbccdd,
        ntpMs: ntpSeconds * 1000 + 500,
        rtpTimestamp: 0x01020304,
        lastReportNtp: (((ntpSeconds & 0xffff) << 16) | 0x8000) >>> 0,
      },
      hasBye: true,
    });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a cut report', senderReport().subarray(0, 20)],
    ['another version', senderReport().fill(0x40, 0, 1)],
  ])('finds no report in %s', (_, bytes) => {
    expect(parseRtcp(bytes, 0, bytes.length)).toEqual({ senderReport: null, hasBye: false });
  });

  it('leaves it to others what a camera without a clock means (NTP time 0)', () => {
    const bytes = senderReport().fill(0, 8, 16);
    expect(parseRtcp(bytes, 0, bytes.length).senderReport).toMatchObject({ ntpMs: 0, rtpTimestamp: 0x01020304, lastReportNtp: 0 });
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (raw) => void parseRtcp(Buffer.from(raw), 0, raw.length)));
  });
});

describe('writeReceiverReport', () => {
  it('writes report and description word by word', () => {
    const bytes = writeReceiverReport({
      receiverSsrc: 0x11111111,
      senderSsrc: 0x22222222,
      fractionLost: 0x80,
      lostPackets: 0x123456,
      extendedHighestSequence: 0x0001ffff,
      jitterTicks: 0x44,
      lastReportNtp: 0x33333333,
      delaySinceLastReport: 0x10000,
    });
    expect(bytes.toString('hex').match(/.{8}/g)).toEqual([
      '81c90007',
      '11111111',
      '22222222',
      '80123456',
      '0001ffff',
      '00000044',
      '33333333',
      '00010000',
      '81ca0003',
      '11111111',
      '01057969',
      '6c616e00',
    ]);
    expect(parseRtcp(bytes, 0, bytes.length)).toEqual({ senderReport: null, hasBye: false });
  });

  it('clamps the count of lost packets to its 24 bits', () => {
    const summary = {
      receiverSsrc: 1,
      senderSsrc: 2,
      fractionLost: 0,
      extendedHighestSequence: 0,
      jitterTicks: 0,
      lastReportNtp: 0,
      delaySinceLastReport: 0,
    };
    expect(writeReceiverReport({ ...summary, lostPackets: 1e9 }).readUIntBE(13, 3)).toBe(0x7fffff);
  });
});
