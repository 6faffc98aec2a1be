import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpPacket } from '../../../media/rtp/rtp-packet.ts';
import { buildRtpPacket } from './rtp-builder.ts';
import type { RtpPacketFields } from './rtp-builder.ts';

function parse(bytes: Buffer, start = 0, end = bytes.length): object | null {
  const packet = new RtpPacket();
  if (!packet.parse(bytes, start, end)) return null;
  const { payloadType, hasMarker, sequenceNumber, timestamp, ssrc, payloadStart, payloadEnd } = packet;
  return { payloadType, hasMarker, sequenceNumber, timestamp, ssrc, payload: bytes.subarray(payloadStart, payloadEnd).toString('hex') };
}

describe('RtpPacket', () => {
  const cases: [string, Partial<RtpPacketFields>][] = [
    ['plain', {}],
    ['marker', { hasMarker: true }],
    ['padding', { paddingBytes: 4 }],
    ['contributing sources', { csrcs: [1, 2, 3] }],
    ['header extension', { extension: Buffer.alloc(8, 0xbe) }],
    ['empty extension', { extension: Buffer.alloc(0) }],
    ['everything', { hasMarker: true, paddingBytes: 255, csrcs: [7], extension: Buffer.alloc(4) }],
    ['empty payload', { payload: Buffer.alloc(0) }],
  ];
  it.each(cases)('%s', (_, fields) => {
    const payload = fields.payload ?? Buffer.from('abcdef', 'hex');
    const bytes = buildRtpPacket({ payload, sequenceNumber: 0xfffe, timestamp: 0xfffffffe, ssrc: 0xfedcba98, payloadType: 127, ...fields });
    const expected = { payloadType: 127, hasMarker: fields.hasMarker ?? false, sequenceNumber: 0xfffe, timestamp: 0xfffffffe, ssrc: 0xfedcba98 };
    expect(parse(bytes)).toEqual({ ...expected, payload: payload.toString('hex') });
    // In the middle of a buffer, as the socket has it.
    const around = Buffer.concat([Buffer.alloc(5, 0xff), bytes, Buffer.alloc(5, 0xff)]);
    expect(parse(around, 5, 5 + bytes.length)).toEqual({ ...expected, payload: payload.toString('hex') });
  });

  it.each([
    ['too short', Buffer.alloc(11, 0x80)],
    ['another version', buildRtpPacket({ payload: Buffer.alloc(4) }).fill(0x40, 0, 1)],
    ['sources beyond the end', buildRtpPacket({ payload: Buffer.alloc(4) }).fill(0x8f, 0, 1)],
    ['an extension beyond the end', buildRtpPacket({ payload: Buffer.alloc(4, 0xff) }).fill(0x90, 0, 1)],
    ['padding beyond the payload', buildRtpPacket({ payload: Buffer.alloc(4, 0xff) }).fill(0xa0, 0, 1)],
    ['padding of nothing', buildRtpPacket({ payload: Buffer.alloc(4, 0) }).fill(0xa0, 0, 1)],
  ])('refuses %s', (_, bytes) => {
    expect(parse(bytes)).toBeNull();
  });

  it('stays within its range for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: -2, max: 90 }), fc.integer({ min: -2, max: 90 }), (raw, start, end) => {
        const packet = new RtpPacket();
        if (!packet.parse(Buffer.from(raw), start, end)) return;
        expect(packet.payloadStart).toBeGreaterThanOrEqual(start + 12);
        expect(packet.payloadEnd).toBeLessThanOrEqual(end);
        expect(packet.payloadStart).toBeLessThanOrEqual(packet.payloadEnd);
      }),
    );
  });
});
