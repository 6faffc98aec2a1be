/**
 * H.265 sequence parameter sets, as far as tracks need them (ITU-T H.265 §7.3.2.2), and ids of all kinds of sets.
 *
 *     SPS: NAL header 16 · vps id 4 · sub-layers − 1 3 · nesting 1 · profile, tier, level · id ue · chroma · size
 *          · conformance window · bit depths · POC · per sub-layer { buffering, reorder, latency } …
 */
import { BitReader, unescapeNalUnit } from '../bytes/bit-reader.ts';

/** What a sequence parameter set says. */
export interface H265Sps {
  readonly id: number;
  /** Cropped size in pixels. */
  readonly width: number;
  readonly height: number;
  /** ISO/IEC 14496-15 §E.3, such as `hvc1.1.6.L93.B0`. */
  readonly codecString: string;
  readonly maxReorderFrames: number;
  /** The VUI that might tell lies behind fields not worth reading: the rate is measured instead. */
  readonly framesPerSecond: null;
}

const MAX_SIDE_PIXELS = 16_384;
const MAX_REORDER_FRAMES = 16;
const NAL_VPS = 32;
const NAL_SPS = 33;

/** Parses a NAL unit of type 33 (with header, without start code); null when it is unsound. */
export function parseH265Sps(nalUnit: Buffer): H265Sps | null {
  const reader = new BitReader(unescapeNalUnit(nalUnit));
  reader.skip(16 + 4);
  const subLayers = reader.bits(3);
  reader.skip(1);
  const codecString = readProfileTierLevel(reader, subLayers);
  const id = reader.ue();
  const chromaFormat = reader.ue();
  if (chromaFormat === 3) reader.skip(1);
  const codedWidth = reader.ue();
  const codedHeight = reader.ue();
  const [left = 0, right = 0, top = 0, bottom = 0] = reader.flag() ? [reader.ue(), reader.ue(), reader.ue(), reader.ue()] : [];
  const width = codedWidth - (left + right) * (chromaFormat === 1 || chromaFormat === 2 ? 2 : 1);
  const height = codedHeight - (top + bottom) * (chromaFormat === 1 ? 2 : 1);
  reader.ue();
  reader.ue();
  reader.ue();
  const hasEverySubLayer = reader.flag();
  let maxReorderFrames = 0;
  for (let layer = hasEverySubLayer ? 0 : subLayers; layer <= subLayers; layer += 1) {
    reader.ue();
    maxReorderFrames = reader.ue();
    reader.ue();
  }
  const isOversized = codedWidth > MAX_SIDE_PIXELS || codedHeight > MAX_SIDE_PIXELS;
  if (reader.isFailed || id > 15 || isOversized || width <= 0 || height <= 0 || maxReorderFrames > MAX_REORDER_FRAMES) return null;
  return { id, width, height, codecString, maxReorderFrames, framesPerSecond: null };
}

/** Id of a VPS, SPS or PPS; null when it is cut or out of range. */
export function h265ParameterSetId(nalUnit: Buffer): number | null {
  const type = ((nalUnit[0] ?? 0) >> 1) & 0x3f;
  if (type === NAL_SPS) return parseH265Sps(nalUnit)?.id ?? null;
  const reader = new BitReader(unescapeNalUnit(nalUnit.subarray(0, 16)));
  reader.skip(16);
  const id = type === NAL_VPS ? reader.bits(4) : reader.ue();
  return reader.isFailed || id > 63 ? null : id;
}

/** profile_tier_level() (§7.3.3) as the codecs parameter; leaves the reader behind it. */
function readProfileTierLevel(reader: BitReader, subLayers: number): string {
  const profileSpace = reader.bits(2);
  const tier = reader.flag() ? 'H' : 'L';
  const profile = reader.bits(5);
  let compatibility = 0;
  for (let bit = 0; bit < 32; bit += 1) compatibility += reader.bits(1) * 2 ** bit;
  const constraints = Array.from({ length: 6 }, () => reader.bits(8));
  const level = reader.bits(8);
  const present = Array.from({ length: subLayers }, () => ({ hasProfile: reader.flag(), hasLevel: reader.flag() }));
  if (subLayers > 0) reader.skip(2 * (8 - subLayers));
  for (const { hasProfile, hasLevel } of present) reader.skip((hasProfile ? 88 : 0) + (hasLevel ? 8 : 0));
  while (constraints.at(-1) === 0) constraints.pop();
  const parts = [
    'hvc1',
    `${['', 'A', 'B', 'C'][profileSpace] ?? ''}${profile}`,
    compatibility.toString(16).toUpperCase(),
    `${tier}${level}`,
    ...constraints.map((byte) => byte.toString(16).toUpperCase()),
  ];
  return parts.join('.');
}
