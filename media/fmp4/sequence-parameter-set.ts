/**
 * The few fields of H.264 and H.265 sequence parameter sets that `avcC` and `hvcC` repeat.
 *
 *     H.264 (ITU-T H.264 §7.3.2.1.1): nal(8) profile_idc(8) constraints(8) level_idc(8) sps_id ue
 *                                     [high profiles: chroma_format_idc ue, [separate_colour_plane(1)], bit_depth_luma ue, bit_depth_chroma ue]
 *     H.265 (ITU-T H.265 §7.3.2.2.1): nal(16) vps_id(4) max_sub_layers_minus1(3) nesting(1)
 *                                     general profile, tier, level(96) [sub-layers] sps_id ue chroma_format_idc ue
 *                                     [separate_colour_plane(1)] width ue height ue window(1)[4 × ue] bit_depth_luma ue bit_depth_chroma ue
 */

/** Chroma format and bit depths. */
export interface SampleFormat {
  readonly chromaFormat: number;
  readonly bitDepthLuma: number;
  readonly bitDepthChroma: number;
}

/** Fields of an H.265 sequence parameter set. `generalProfileTierLevel` is 12 bytes as `hvcC` has them. */
export interface H265Format extends SampleFormat {
  readonly generalProfileTierLevel: Buffer;
  readonly temporalLayers: number;
  readonly isTemporalIdNested: boolean;
}

/** Profiles whose parameter sets (and `avcC`) carry the sample format (H.264 §7.3.2.1.1). */
const highProfiles: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);

/** Bytes looked at: all fields above lie within, even with eight sub-layers. Keeps a hostile parameter set from costing time. */
const maxBytes = 256;

/** Null for profiles without these fields, where `avcC` leaves them out. Damaged sets read as 4:2:0 with 8 bits. */
export function parseH264SampleFormat(sps: Buffer): SampleFormat | null {
  const bits = new BitCursor(withoutEmulationPrevention(sps));
  bits.skip(8);
  const profile = bits.read(8);
  if (!highProfiles.has(profile)) return null;
  bits.skip(16);
  bits.readUe();
  const chromaFormat = bits.readUe();
  if (chromaFormat === 3) bits.skip(1);
  return sampleFormat(bits, chromaFormat);
}

/** Damaged sets give the defaults of the main profile. */
export function parseH265Format(sps: Buffer): H265Format {
  const bytes = withoutEmulationPrevention(sps);
  const generalProfileTierLevel = Buffer.alloc(12);
  generalProfileTierLevel.set(bytes.subarray(3, 15));
  const bits = new BitCursor(bytes);
  bits.skip(20);
  const subLayersMinus1 = bits.read(3);
  const isTemporalIdNested = bits.read(1) === 1;
  bits.skip(96);
  skipSubLayers(bits, subLayersMinus1);
  bits.readUe();
  const chromaFormat = bits.readUe();
  if (chromaFormat === 3) bits.skip(1);
  bits.readUe();
  bits.readUe();
  if (bits.read(1) === 1) for (let edge = 0; edge < 4; edge++) bits.readUe();
  return { ...sampleFormat(bits, chromaFormat), generalProfileTierLevel, temporalLayers: Math.min(7, subLayersMinus1 + 1), isTemporalIdNested };
}

/** Removes emulation prevention bytes (00 00 03 → 00 00) from the beginning of a NAL unit. *Copies*. */
function withoutEmulationPrevention(nalUnit: Buffer): Buffer {
  const source = nalUnit.subarray(0, maxBytes);
  const result = Buffer.alloc(source.length);
  let length = 0;
  let zeros = 0;
  for (const byte of source) {
    if (zeros >= 2 && byte === 3) {
      zeros = 0;
      continue;
    }
    zeros = byte === 0 ? zeros + 1 : 0;
    result[length++] = byte;
  }
  return result.subarray(0, length);
}

function skipSubLayers(bits: BitCursor, subLayersMinus1: number): void {
  if (subLayersMinus1 === 0) return;
  let skipped = 0;
  for (let layer = 0; layer < 8; layer++) {
    const hasProfile = bits.read(1) === 1;
    const hasLevel = bits.read(1) === 1;
    if (layer < subLayersMinus1) skipped += (hasProfile ? 88 : 0) + (hasLevel ? 8 : 0);
  }
  bits.skip(skipped);
}

function sampleFormat(bits: BitCursor, chromaFormat: number): SampleFormat {
  const bitDepthLuma = 8 + bits.readUe();
  const bitDepthChroma = 8 + bits.readUe();
  const isSane = !bits.isPastEnd && chromaFormat <= 3 && bitDepthLuma <= 15 && bitDepthChroma <= 15;
  return isSane ? { chromaFormat, bitDepthLuma, bitDepthChroma } : { chromaFormat: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
}

/** Reads bits; beyond the end it reads zeros and remembers. */
class BitCursor {
  isPastEnd = false;
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(count: number): void {
    this.#position += count;
  }

  read(count: number): number {
    let value = 0;
    for (let bit = 0; bit < count; bit++) {
      const byte = this.#bytes[this.#position >> 3];
      if (byte === undefined) this.isPastEnd = true;
      value = value * 2 + (((byte ?? 0) >> (7 - (this.#position & 7))) & 1);
      this.#position++;
    }
    return value;
  }

  /** Exp-Golomb code (H.264 §9.1); more than 32 leading zeros cannot be one. */
  readUe(): number {
    let zeros = 0;
    while (!this.isPastEnd && zeros <= 32 && this.read(1) === 0) zeros++;
    if (zeros > 32) this.isPastEnd = true;
    return this.isPastEnd ? 0 : 2 ** zeros - 1 + this.read(zeros);
  }
}
