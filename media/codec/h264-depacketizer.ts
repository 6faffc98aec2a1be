/**
 * Hot. H.264 from RTP (RFC 6184): single NAL units (§5.6), STAP-A (§5.7.1), FU-A (§5.8).
 *
 *     NAL header      |F|NRI|  Type   |
 *     STAP-A (24)     header · { size 16 · NAL unit }…
 *     FU-A (28)       |F|NRI|   28    | |S|E|R|  Type   | fragment
 */
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { SlabWriter } from '../stream/slab-writer.ts';
import { AccessUnitAssembler } from './access-unit-assembler.ts';
import type { NalClassifier, NalRole } from './access-unit-assembler.ts';
import type { AccessUnitListener, VideoDepacketizer } from './access-unit.ts';
import { isH264BSlice } from './h264-parameter-sets.ts';

const TYPE_MASK = 0x1f;
const NAL_IDR = 5;
const NAL_SPS = 7;
const NAL_PPS = 8;
const NAL_ACCESS_UNIT_DELIMITER = 9;
/** End of sequence (10), end of stream (11), filler (12): nothing a player misses. */
const NAL_FILLER = 12;
const STAP_A = 24;
const FU_A = 28;
const FU_START = 0x80;
const FU_END = 0x40;

const CLASSIFIER: NalClassifier = {
  nalTypeOf: (firstByte) => firstByte & TYPE_MASK,
  roleOf(nalType: number): NalRole {
    if (nalType === NAL_IDR) return 'key-picture';
    if (nalType >= 1 && nalType < NAL_IDR) return 'picture';
    if (nalType === NAL_SPS || nalType === NAL_PPS) return 'parameter-set';
    return nalType >= NAL_ACCESS_UNIT_DELIMITER && nalType <= NAL_FILLER ? 'left-out' : 'kept';
  },
  // first_mb_in_slice is 0, a single bit 1 as ue(v) (ITU-T H.264 §7.3.3).
  startsPicture: (nalUnit) => nalUnit.length > 1 && nalUnit[1]! >= 0x80,
  isBSlice: isH264BSlice,
};

/** Depacketizer of one H.264 track. */
export class H264Depacketizer implements VideoDepacketizer {
  readonly #assembler: AccessUnitAssembler;

  /** Writes into `writer`; what comes out of it is told to `listener`. */
  constructor(writer: SlabWriter, listener: AccessUnitListener) {
    this.#assembler = new AccessUnitAssembler(writer, listener, CLASSIFIER);
  }

  push(packet: RtpPacket): void {
    const { bytes, payloadStart, payloadEnd } = packet;
    if (payloadStart === payloadEnd) return;
    const assembler = this.#assembler;
    assembler.beginPacket(packet.timestamp);
    const type = bytes[payloadStart]! & TYPE_MASK;
    if (type === FU_A) this.#pushFragment(bytes, payloadStart, payloadEnd);
    else if (type === STAP_A) this.#pushAggregate(bytes, payloadStart + 1, payloadEnd);
    else if (type >= 1 && type < STAP_A) this.#pushWhole(bytes, payloadStart, payloadEnd);
    else assembler.damage();
    assembler.endPacket(packet.hasMarker);
  }

  onLoss(): void {
    this.#assembler.onLoss();
  }

  checkInvariants(): void {
    this.#assembler.checkInvariants();
  }

  #pushWhole(bytes: Buffer, start: number, end: number): void {
    this.#assembler.beginNal(bytes[start]! & TYPE_MASK);
    this.#assembler.append(bytes, start, end);
    this.#assembler.endNal();
  }

  #pushAggregate(bytes: Buffer, from: number, end: number): void {
    let start = from;
    while (end - start > 2) {
      const nalEnd = start + 2 + ((bytes[start]! << 8) | bytes[start + 1]!);
      if (nalEnd > end || nalEnd === start + 2) break;
      this.#pushWhole(bytes, start + 2, nalEnd);
      start = nalEnd;
    }
    if (start !== end) this.#assembler.damage();
  }

  #pushFragment(bytes: Buffer, start: number, end: number): void {
    const assembler = this.#assembler;
    if (end - start < 3) {
      assembler.damage();
      return;
    }
    const header = bytes[start + 1]!;
    if ((header & FU_START) !== 0) {
      assembler.beginNal(header & TYPE_MASK);
      assembler.appendByte((bytes[start]! & 0xe0) | (header & TYPE_MASK));
    } else if (!assembler.hasOpenNal) {
      assembler.damage();
      return;
    }
    assembler.append(bytes, start + 2, end);
    if ((header & FU_END) !== 0) assembler.endNal();
  }
}
