/**
 * The few fields of H.264 and H.265 sequence parameter sets that `avcC` and `hvcC` repeat.
 *
 *     H.264 (ITU-T H.264 §7.3.2.1.1): nal(8) profile_idc(8) constraints(8) level_idc(8) sps_id ue
 *                                     [high profiles: chroma_format_idc ue, [separate_colour_plane(1)], bit_depth_luma ue, bit_depth_chroma ue]
 *     H.265 (ITU-T H.265 §7.3.2.2.1): nal(16) vps_id(4) max_sub_layers_minus1(3) nesting(1)
 *                                     general profile, tier, level(96) [sub-layers] sps_id ue chroma_format_idc ue
 *                                     [separate_colour_plane(1)] width ue height ue window(1)[4 × ue] bit_depth_luma ue bit_depth_chroma ue
 */
import { BitReader, unescapeNalUnit } from '../bytes/bit-reader.ts';

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
  const reader = new BitReader(unescapeNalUnit(sps.subarray(0, maxBytes)));
  reader.skip(8);
  const profile = reader.bits(8);
  if (!highProfiles.has(profile)) return null;
  reader.skip(16);
  reader.ue();
  const chromaFormat = reader.ue();
  if (chromaFormat === 3) reader.skip(1);
  return sampleFormat(reader, chromaFormat);
}

/** Damaged sets give the defaults of the main profile. */
export function parseH265Format(sps: Buffer): H265Format {
  const bytes = unescapeNalUnit(sps.subarray(0, maxBytes));
  const generalProfileTierLevel = Buffer.alloc(12);
  generalProfileTierLevel.set(bytes.subarray(3, 15));
  const reader = new BitReader(bytes);
  reader.skip(20);
  const subLayersMinus1 = reader.bits(3);
  const isTemporalIdNested = reader.flag();
  reader.skip(96);
  skipSubLayers(reader, subLayersMinus1);
  reader.ue();
  const chromaFormat = reader.ue();
  if (chromaFormat === 3) reader.skip(1);
  reader.ue();
  reader.ue();
  if (reader.flag()) for (let edge = 0; edge < 4; edge++) reader.ue();
  return { ...sampleFormat(reader, chromaFormat), generalProfileTierLevel, temporalLayers: Math.min(7, subLayersMinus1 + 1), isTemporalIdNested };
}

function skipSubLayers(reader: BitReader, subLayersMinus1: number): void {
  if (subLayersMinus1 === 0) return;
  let skipped = 0;
  for (let layer = 0; layer < 8; layer++) {
    const hasProfile = reader.flag();
    const hasLevel = reader.flag();
    if (layer < subLayersMinus1) skipped += (hasProfile ? 88 : 0) + (hasLevel ? 8 : 0);
  }
  reader.skip(skipped);
}

function sampleFormat(reader: BitReader, chromaFormat: number): SampleFormat {
  const bitDepthLuma = 8 + reader.ue();
  const bitDepthChroma = 8 + reader.ue();
  const isSane = !reader.isFailed && chromaFormat <= 3 && bitDepthLuma <= 15 && bitDepthChroma <= 15;
  return isSane ? { chromaFormat, bitDepthLuma, bitDepthChroma } : { chromaFormat: 1, bitDepthLuma: 8, bitDepthChroma: 8 };
}
