/** Runs depacketizers in tests: packets in, access units out as plain values. */
import type { AccessUnitListener, VideoDepacketizer } from '../../../media/codec/access-unit.ts';
import { H264Depacketizer } from '../../../media/codec/h264-depacketizer.ts';
import { H265Depacketizer } from '../../../media/codec/h265-depacketizer.ts';
import { RtpPacket } from '../../../media/rtp/rtp-packet.ts';
import { SlabPool } from '../../../media/stream/slab-pool.ts';
import { SlabWriter } from '../../../media/stream/slab-writer.ts';
import { buildRtpPacket } from '../rtp/rtp-builder.ts';

/** A packet as tests write it; null stands for packets that were lost. */
export type TestPacket = { readonly payload: Buffer | string; readonly timestamp?: number; readonly hasMarker?: boolean } | null;

/** What came out, in order. */
export type Outcome =
  | { readonly timestamp: number; readonly isKeyFrame: boolean; readonly nalUnits: readonly string[]; readonly isBidirectional?: true }
  | { readonly parameterSet: string }
  | 'damaged';

/** Collects what a depacketizer yields. */
export class DepacketizerProbe implements AccessUnitListener {
  readonly outcomes: Outcome[] = [];
  readonly pool = new SlabPool();
  readonly writer: SlabWriter;
  readonly #depacketizer: VideoDepacketizer;
  readonly #packet = new RtpPacket();

  constructor(codec: 'h264' | 'h265', maxUnitBytes = 1_000_000) {
    this.writer = new SlabWriter(this.pool, maxUnitBytes, 1024);
    this.#depacketizer = codec === 'h264' ? new H264Depacketizer(this.writer, this) : new H265Depacketizer(this.writer, this);
  }

  push(packet: TestPacket): void {
    if (packet === null) {
      this.#depacketizer.onLoss();
      this.#depacketizer.checkInvariants();
      return;
    }
    const { payload, timestamp = 0, hasMarker = false } = packet;
    const bytes = buildRtpPacket({ payload: typeof payload === 'string' ? Buffer.from(payload, 'hex') : payload, timestamp, hasMarker });
    if (!this.#packet.parse(bytes, 0, bytes.length)) throw new Error('test packet is unsound');
    this.#depacketizer.push(this.#packet);
    this.#depacketizer.checkInvariants();
  }

  onAccessUnit(rtpTimestamp: number, isKeyFrame: boolean, isBidirectional: boolean): void {
    const { slab, unitStart, unitEnd } = this.writer;
    const nalUnits: string[] = [];
    for (let at = unitStart; at < unitEnd;) {
      const end = at + 4 + slab.bytes.readUInt32BE(at);
      if (end > unitEnd) throw new Error('a NAL unit is longer than its access unit');
      nalUnits.push(slab.bytes.toString('hex', at + 4, end));
      at = end;
    }
    this.writer.commitUnit();
    this.outcomes.push({ timestamp: rtpTimestamp, isKeyFrame, nalUnits, ...(isBidirectional ? { isBidirectional } : {}) });
  }

  onDamagedUnit(): void {
    this.outcomes.push('damaged');
  }

  onParameterSet(nalUnit: Buffer): void {
    this.outcomes.push({ parameterSet: nalUnit.toString('hex') });
  }
}

/** Everything that comes out of a row of packets. */
export function depacketize(codec: 'h264' | 'h265', packets: readonly TestPacket[], maxUnitBytes?: number): Outcome[] {
  const probe = new DepacketizerProbe(codec, maxUnitBytes);
  for (const packet of packets) probe.push(packet);
  return probe.outcomes;
}
