import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAacConfig } from '../../../media/codec/aac-config.ts';
import { AacDepacketizer, PlainAudioDepacketizer } from '../../../media/codec/audio-depacketizer.ts';
import type { AudioDepacketizer } from '../../../media/codec/audio-depacketizer.ts';
import { RtpPacket } from '../../../media/rtp/rtp-packet.ts';
import { SlabPool } from '../../../media/stream/slab-pool.ts';
import { SlabWriter } from '../../../media/stream/slab-writer.ts';
import { packetizeAac } from '../../simulator/rtp-payload.ts';
import { buildRtpPacket } from '../rtp/rtp-builder.ts';

interface AudioPacket {
  readonly payload: Buffer | string;
  readonly timestamp?: number;
  readonly hasMarker?: boolean;
}

function run(kind: 'aac' | 'plain', packets: readonly (AudioPacket | null)[]): unknown[] {
  const out: unknown[] = [];
  const writer = new SlabWriter(new SlabPool(), 2000, 256);
  const listener = {
    onAudioFrame(rtpTimestamp: number) {
      out.push([rtpTimestamp, writer.slab.bytes.toString('hex', writer.unitStart, writer.unitEnd)]);
      writer.commitUnit();
    },
    onDamagedFrame: () => out.push('damaged'),
  };
  const depacketizer: AudioDepacketizer =
    kind === 'aac' ? new AacDepacketizer(writer, listener, 13, 3, 1024) : new PlainAudioDepacketizer(writer, listener);
  const packet = new RtpPacket();
  for (const each of packets) {
    if (each === null) {
      depacketizer.onLoss();
      continue;
    }
    const payload = typeof each.payload === 'string' ? Buffer.from(each.payload, 'hex') : each.payload;
    const bytes = buildRtpPacket({ payload, timestamp: each.timestamp ?? 0, hasMarker: each.hasMarker ?? false });
    packet.parse(bytes, 0, bytes.length);
    depacketizer.push(packet);
  }
  return out;
}

describe('AacDepacketizer', () => {
  it.each([
    ['one frame', [{ payload: '0010' + '0018' + 'aabbcc', timestamp: 5 }], [[5, 'aabbcc']]],
    [
      'several frames in a packet, each its own time later',
      [{ payload: '0030' + '0010' + '0018' + '0008' + 'aabb' + 'ccddee' + 'ff', timestamp: 0xffffff00 }],
      [
        [0xffffff00, 'aabb'],
        [0x300, 'ccddee'],
        [0x700, 'ff'],
      ],
    ],
    ['a frame of nothing, whose time passes all the same', [{ payload: '0020' + '0000' + '0008' + 'aa', timestamp: 5 }], [[1029, 'aa']]],
    [
      'one frame in two packets',
      [
        { payload: '0010' + '0020' + 'aabb', timestamp: 5 },
        { payload: '0010' + '0020' + 'ccdd', timestamp: 5, hasMarker: true },
      ],
      [[5, 'aabbccdd']],
    ],
    [
      'the second half lost, then a whole frame',
      [{ payload: '0010' + '0020' + 'aabb' }, null, { payload: '0010' + '0010' + 'eeff', timestamp: 9 }],
      ['damaged', [9, 'eeff']],
    ],
    ['sizes beyond the packet', [{ payload: '0020' + '0010' + '0018' + 'aabb' }], [[0, 'aabb'], 'damaged']],
    ['no header at all', [{ payload: '00' }, { payload: '0000' }], ['damaged', 'damaged']],
    ['headers longer than the packet', [{ payload: 'ffff' + 'aabb' }], ['damaged']],
  ] as [string, (AudioPacket | null)[], unknown[]][])('%s', (_, packets, expected) => {
    expect(run('aac', packets)).toEqual(expected);
  });

  it('takes what the simulator sends', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 1900 }), (frame) => {
        expect(run('aac', [{ payload: packetizeAac(Buffer.from(frame)), timestamp: 7, hasMarker: true }])).toEqual([
          [7, Buffer.from(frame).toString('hex')],
        ]);
      }),
    );
  });

  it('survives any payload', () => {
    const packet = fc.record({ payload: fc.uint8Array({ maxLength: 300 }).map((raw) => Buffer.from(raw)), hasMarker: fc.boolean() });
    fc.assert(fc.property(fc.array(fc.oneof(packet, fc.constant(null)), { maxLength: 60 }), (packets) => void run('aac', packets)));
  });
});

describe('PlainAudioDepacketizer', () => {
  it('takes each payload as a frame, and leaves out what is empty or too long', () => {
    expect(run('plain', [{ payload: 'd5d5', timestamp: 1 }, { payload: '' }, { payload: Buffer.alloc(3000) }])).toEqual([[1, 'd5d5'], 'damaged']);
  });
});

describe('parseAacConfig', () => {
  it.each([
    ['1408', { objectType: 2, sampleRateHz: 16_000, channels: 1, samplesPerFrame: 1024 }],
    ['1210', { objectType: 2, sampleRateHz: 44_100, channels: 2, samplesPerFrame: 1024 }],
    ['140c', { objectType: 2, sampleRateHz: 16_000, channels: 1, samplesPerFrame: 960 }],
    ['2b8a0800', { objectType: 5, sampleRateHz: 22_050, channels: 1, samplesPerFrame: 1024 }],
    ['1780 1f4008'.replace(' ', ''), { objectType: 2, sampleRateHz: 16_000, channels: 1, samplesPerFrame: 1024 }],
  ])('%s', (hex, expected) => {
    expect(parseAacConfig(Buffer.from(hex, 'hex'))).toEqual(expected);
  });

  it.each(['', '14', 'ffff', '1680'])('refuses %j', (hex) => {
    expect(parseAacConfig(Buffer.from(hex, 'hex'))).toBeNull();
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 20 }), (raw) => void parseAacConfig(Buffer.from(raw))));
  });
});
