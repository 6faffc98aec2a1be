import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Frame, VideoTrack } from '../../../media/stream/frame.ts';
import { packetizeAudio } from '../../../media/webrtc/audio-packetizer.ts';
import { packetizeH264 } from '../../../media/webrtc/h264-packetizer.ts';
import { packetizeH265 } from '../../../media/webrtc/h265-packetizer.ts';
import { maxPayloadBytes, RtpPacketBatch, rtpHeaderBytes, writeRtpHeader } from '../../../media/webrtc/rtp-packet-batch.ts';
import { joinNals, plainSlab } from '../../support/clip-hub.ts';
import { reassembleH264, reassembleH265 } from '../../support/rtp-reassembly.ts';

function frameOf(bytes: Buffer, changes: Partial<Frame> = {}): Frame {
  // Surrounded by other frames' bytes, as in a slab.
  const slab = plainSlab(Buffer.concat([Buffer.alloc(7, 0xee), bytes, Buffer.alloc(9, 0xdd)]));
  return {
    kind: 'video',
    slab,
    start: 7,
    end: 7 + bytes.length,
    isKeyFrame: false,
    decodeTicks: 0,
    compositionOffsetTicks: 0,
    arrivedMonotonicMs: 0,
    arrivedWallClockMs: 0,
    generation: 1,
    ...changes,
  };
}

function payloadsOf(batch: RtpPacketBatch): Buffer[] {
  return batch.packets().map((packet) => packet.subarray(rtpHeaderBytes));
}

const track = (changes: Partial<VideoTrack> = {}): VideoTrack => ({
  codec: 'h264',
  clockRateHz: 90_000,
  width: 1,
  height: 1,
  codecString: 'avc1.64001F',
  vps: [],
  sps: [Buffer.from([0x67, 1, 2, 3])],
  pps: [Buffer.from([0x68, 4]), Buffer.from([0x68, 5])],
  hasReordering: false,
  ...changes,
});
const h265Sets = {
  codec: 'h265' as const,
  vps: [Buffer.from([0x40, 1, 9])],
  sps: [Buffer.from([0x42, 1, 8])],
  pps: [Buffer.from([0x44, 1, 7])],
};

/** Sizes around every boundary, and large ones. */
const nalSizes = fc.oneof(
  fc.integer({ min: 2, max: 40 }),
  fc.integer({ min: maxPayloadBytes - 3, max: maxPayloadBytes + 3 }),
  fc.integer({ min: 2 * (maxPayloadBytes - 3) - 4, max: 2 * (maxPayloadBytes - 2) + 4 }),
  fc.integer({ min: 2, max: 30_000 }),
);
const h264Nal = fc.tuple(fc.constantFrom(0x41, 0x61, 0x65, 0x06, 0x01), nalSizes, fc.nat(255)).map(([header, sizeBytes, fill]) => {
  const nal = Buffer.alloc(sizeBytes, fill);
  nal[0] = header;
  return nal;
});
const h265Nal = fc.tuple(fc.constantFrom(0x02, 0x26, 0x4e), nalSizes, fc.nat(255)).map(([header, sizeBytes, fill]) => {
  const nal = Buffer.alloc(sizeBytes, fill);
  nal[0] = header;
  nal[1] = 1;
  return nal;
});

describe('packetizeH264', () => {
  it('reassembles to the same units, in payloads of at most 1,200 bytes', () => {
    const batch = new RtpPacketBatch();
    fc.assert(
      fc.property(fc.array(h264Nal, { minLength: 1, maxLength: 6 }), fc.boolean(), (nals, isKeyFrame) => {
        const made = track();
        expect(packetizeH264(frameOf(joinNals(nals), { isKeyFrame }), made, batch)).toBe(true);
        const payloads = payloadsOf(batch);
        expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(maxPayloadBytes);
        expect(reassembleH264(payloads)).toEqual([...(isKeyFrame ? [...made.sps, ...made.pps] : []), ...nals]);
      }),
      { numRuns: 150 },
    );
  });

  it('puts parameter sets into one STAP-A with the highest importance among them', () => {
    const batch = new RtpPacketBatch();
    const slice = Buffer.from([0x65, 9]);
    packetizeH264(frameOf(joinNals([slice]), { isKeyFrame: true }), track({ pps: [Buffer.from([0x48, 4])] }), batch);
    expect(payloadsOf(batch)).toEqual([Buffer.from([0x78, 0, 4, 0x67, 1, 2, 3, 0, 2, 0x48, 4]), slice]);
  });

  it('sends parameter sets too large for one packet alone', () => {
    const batch = new RtpPacketBatch();
    const sps = Buffer.alloc(1150, 0x67);
    const pps = Buffer.alloc(1400, 0x68);
    const slice = Buffer.from([0x65, 9]);
    packetizeH264(frameOf(joinNals([slice]), { isKeyFrame: true }), track({ sps: [sps], pps: [pps] }), batch);
    expect(reassembleH264(payloadsOf(batch))).toEqual([sps, pps, slice]);
  });

  it.each([
    ['a length beyond the frame', Buffer.from([0, 0, 0, 9, 0x41, 1])],
    ['a length cut off', Buffer.from([0, 0, 0, 2, 0x41, 1, 0, 0])],
    ['a huge length', Buffer.from([0xff, 0xff, 0xff, 0xff, 0x41])],
    ['only empty units', Buffer.from([0, 0, 0, 0])],
    ['nothing', Buffer.alloc(0)],
  ])('refuses a frame with %s', (_case, bytes) => {
    expect(packetizeH264(frameOf(bytes), track(), new RtpPacketBatch())).toBe(false);
  });

  it('takes frames of any bytes without throwing', () => {
    const batch = new RtpPacketBatch();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.boolean(), (bytes, isKeyFrame) => {
        packetizeH264(frameOf(Buffer.from(bytes), { isKeyFrame }), track(), batch);
        packetizeH265(frameOf(Buffer.from(bytes), { isKeyFrame }), track(h265Sets), batch);
      }),
      { numRuns: 500 },
    );
  });
});

describe('packetizeH265', () => {
  it('reassembles to the same units, in payloads of at most 1,200 bytes', () => {
    const batch = new RtpPacketBatch();
    fc.assert(
      fc.property(fc.array(h265Nal, { minLength: 1, maxLength: 6 }), fc.boolean(), (nals, isKeyFrame) => {
        const made = track(h265Sets);
        expect(packetizeH265(frameOf(joinNals(nals), { isKeyFrame }), made, batch)).toBe(true);
        const payloads = payloadsOf(batch);
        expect(Math.max(...payloads.map((payload) => payload.length))).toBeLessThanOrEqual(maxPayloadBytes);
        expect(reassembleH265(payloads)).toEqual([...(isKeyFrame ? [...made.vps, ...made.sps, ...made.pps] : []), ...nals]);
      }),
      { numRuns: 150 },
    );
  });
});

describe('packetizeAudio', () => {
  it('carries a frame in one packet, and refuses what no packet holds', () => {
    const batch = new RtpPacketBatch();
    const samples = Buffer.alloc(160, 0x55);
    expect(packetizeAudio(frameOf(samples, { kind: 'audio' }), batch)).toBe(true);
    expect(payloadsOf(batch)).toEqual([samples]);
    expect(packetizeAudio(frameOf(Buffer.alloc(0), { kind: 'audio' }), batch)).toBe(false);
    expect(packetizeAudio(frameOf(Buffer.alloc(maxPayloadBytes + 1), { kind: 'audio' }), batch)).toBe(false);
  });
});

describe('writeRtpHeader', () => {
  it('writes marker, payload type, number, time and source', () => {
    const batch = new RtpPacketBatch();
    batch.begin();
    batch.addPacket(1);
    const [packet] = batch.packets();
    if (packet === undefined) throw new Error('no packet');
    writeRtpHeader(packet, true, 102, 0x1_fffe, 2 ** 32 + 5, 0xdeadbeef);
    expect(packet.subarray(0, rtpHeaderBytes).toString('hex')).toBe('80e6fffe00000005deadbeef');
  });
});
