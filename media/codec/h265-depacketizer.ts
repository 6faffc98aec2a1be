/**
 * Hot. H.265 from RTP (RFC 7798): single NAL units (§4.4.1), aggregation packets (§4.4.2), fragmentation units (§4.4.3).
 * Decoding order numbers (sprop-max-don-diff > 0) are not used by cameras and not read.
 *
 *     NAL header      |F|   Type    |  LayerId  | TID |
 *     AP (48)         header 16 · { size 16 · NAL unit }…
 *     FU (49)         header 16 · |S|E|  Type     | fragment
 */
import type { RtpPacket } from '../rtp/rtp-packet.ts';
import type { SlabWriter } from '../stream/slab-writer.ts';
import { AccessUnitAssembler } from './access-unit-assembler.ts';
import type { NalClassifier, NalRole } from './access-unit-assembler.ts';
import type { AccessUnitListener, VideoDepacketizer } from './access-unit.ts';

const TYPE_MASK = 0x3f;
/** Types up to 31 are slices; 16 (BLA_W_LP) to 23 are random access points (ITU-T H.265 Table 7-1). */
const FIRST_RANDOM_ACCESS_TYPE = 16;
const LAST_RANDOM_ACCESS_TYPE = 23;
const LAST_PICTURE_TYPE = 31;
const NAL_VPS = 32;
const NAL_PPS = 34;
const NAL_ACCESS_UNIT_DELIMITER = 35;
/** End of sequence (36), end of bitstream (37), filler (38). */
const NAL_FILLER = 38;
const AGGREGATION_PACKET = 48;
const FRAGMENTATION_UNIT = 49;
const NAL_HEADER_BYTES = 2;
const FU_START = 0x80;
const FU_END = 0x40;

const CLASSIFIER: NalClassifier = {
  nalTypeOf: (firstByte) => (firstByte >> 1) & TYPE_MASK,
  roleOf(nalType: number): NalRole {
    if (nalType >= FIRST_RANDOM_ACCESS_TYPE && nalType <= LAST_RANDOM_ACCESS_TYPE) return 'key-picture';
    if (nalType <= LAST_PICTURE_TYPE) return 'picture';
    if (nalType <= NAL_PPS && nalType >= NAL_VPS) return 'parameter-set';
    return nalType >= NAL_ACCESS_UNIT_DELIMITER && nalType <= NAL_FILLER ? 'left-out' : 'kept';
  },
  // first_slice_segment_in_pic_flag (ITU-T H.265 §7.3.6.1).
  startsPicture: (nalUnit) => nalUnit.length > 2 && nalUnit[2]! >= 0x80,
  // The SPS of H.265 always says how much is reordered, so nobody needs to know.
  isBSlice: () => false,
};

/** Depacketizer of one H.265 track. */
export class H265Depacketizer implements VideoDepacketizer {
  readonly #assembler: AccessUnitAssembler;

  /** Writes into `writer`; what comes out of it is told to `listener`. */
  constructor(writer: SlabWriter, listener: AccessUnitListener) {
    this.#assembler = new AccessUnitAssembler(writer, listener, CLASSIFIER);
  }

  push(packet: RtpPacket): void {
    const { bytes, payloadStart, payloadEnd } = packet;
    if (payloadEnd - payloadStart < NAL_HEADER_BYTES) return;
    const assembler = this.#assembler;
    assembler.beginPacket(packet.timestamp);
    const type = (bytes[payloadStart]! >> 1) & TYPE_MASK;
    if (type === FRAGMENTATION_UNIT) this.#pushFragment(bytes, payloadStart, payloadEnd);
    else if (type === AGGREGATION_PACKET) this.#pushAggregate(bytes, payloadStart + NAL_HEADER_BYTES, payloadEnd);
    else if (type < AGGREGATION_PACKET) this.#pushWhole(bytes, payloadStart, payloadEnd);
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
    this.#assembler.beginNal((bytes[start]! >> 1) & TYPE_MASK);
    this.#assembler.append(bytes, start, end);
    this.#assembler.endNal();
  }

  #pushAggregate(bytes: Buffer, from: number, end: number): void {
    let start = from;
    while (end - start > 2) {
      const nalEnd = start + 2 + ((bytes[start]! << 8) | bytes[start + 1]!);
      if (nalEnd > end || nalEnd < start + 2 + NAL_HEADER_BYTES) break;
      this.#pushWhole(bytes, start + 2, nalEnd);
      start = nalEnd;
    }
    if (start !== end) this.#assembler.damage();
  }

  #pushFragment(bytes: Buffer, start: number, end: number): void {
    const assembler = this.#assembler;
    if (end - start < NAL_HEADER_BYTES + 2) {
      assembler.damage();
      return;
    }
    const header = bytes[start + NAL_HEADER_BYTES]!;
    if ((header & FU_START) !== 0) {
      assembler.beginNal(header & TYPE_MASK);
      assembler.appendByte((bytes[start]! & 0x81) | ((header & TYPE_MASK) << 1));
      assembler.appendByte(bytes[start + 1]!);
    } else if (!assembler.hasOpenNal) {
      assembler.damage();
      return;
    }
    assembler.append(bytes, start + NAL_HEADER_BYTES + 1, end);
    if ((header & FU_END) !== 0) assembler.endNal();
  }
}
