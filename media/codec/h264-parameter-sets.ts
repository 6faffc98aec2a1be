/**
 * H.264 sequence parameter sets, as far as tracks need them (ITU-T H.264 §7.3.2.1.1, VUI §E.1.1), and ids of both kinds of sets.
 *
 *     SPS: NAL header 8 · profile 8 · constraints 8 · level 8 · id ue · [chroma, depths, scaling lists] · POC · references
 *          · size in macroblocks · cropping · [VUI … timing … bitstream restriction]
 */
import { BitReader, unescapeNalUnit } from '../bytes/bit-reader.ts';

/** What a sequence parameter set says. */
export interface H264Sps {
  readonly id: number;
  /** Cropped size in pixels. */
  readonly width: number;
  readonly height: number;
  /** RFC 6381 §3.3, such as `avc1.64001F`. */
  readonly codecString: string;
  /** Nominal, from VUI timing; null when absent. */
  readonly framesPerSecond: number | null;
  /** Frames that may precede another in decoding order and follow it in output; null when the set does not tell. */
  readonly maxReorderFrames: number | null;
}

/** Profiles whose SPS carries chroma format and scaling lists (§7.3.2.1.1). */
const HIGH_PROFILES = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135]);
const EXTENDED_SAR = 255;
/** 8192 × 8192; beyond lies nonsense. */
const MAX_MACROBLOCKS_PER_SIDE = 512;
/** §A.3.1: no level holds more frames than this. */
const MAX_REORDER_FRAMES = 16;

/** Parses a NAL unit of type 7 (with header, without start code); null when it is unsound. */
export function parseH264Sps(nalUnit: Buffer): H264Sps | null {
  if (nalUnit.length < 5) return null;
  const reader = new BitReader(unescapeNalUnit(nalUnit));
  reader.skip(8);
  const profile = reader.bits(8);
  const constraints = reader.bits(8);
  const level = reader.bits(8);
  const id = reader.ue();
  let chromaFormat = 1;
  if (HIGH_PROFILES.has(profile)) {
    chromaFormat = reader.ue();
    if (chromaFormat === 3) reader.skip(1);
    reader.ue();
    reader.ue();
    reader.skip(1);
    if (reader.flag()) skipScalingMatrices(reader, chromaFormat === 3 ? 12 : 8);
  }
  reader.ue();
  const pictureOrderType = reader.ue();
  skipPictureOrder(reader, pictureOrderType);
  reader.ue();
  reader.skip(1);
  const widthMacroblocks = reader.ue() + 1;
  const heightMapUnits = reader.ue() + 1;
  const isFrameOnly = reader.flag();
  if (!isFrameOnly) reader.skip(1);
  reader.skip(1);
  const crop = reader.flag() ? [reader.ue(), reader.ue(), reader.ue(), reader.ue()] : [0, 0, 0, 0];
  const [left = 0, right = 0, top = 0, bottom = 0] = crop;
  const frameFactor = isFrameOnly ? 1 : 2;
  const cropUnitX = chromaFormat === 1 || chromaFormat === 2 ? 2 : 1;
  const cropUnitY = (chromaFormat === 1 ? 2 : 1) * frameFactor;
  const width = widthMacroblocks * 16 - (left + right) * cropUnitX;
  const height = heightMapUnits * 16 * frameFactor - (top + bottom) * cropUnitY;
  const isOversized = widthMacroblocks > MAX_MACROBLOCKS_PER_SIDE || heightMapUnits * frameFactor > MAX_MACROBLOCKS_PER_SIDE;
  if (reader.isFailed || id > 31 || isOversized || width <= 0 || height <= 0) return null;
  const vui = reader.flag() ? parseVui(reader) : { framesPerSecond: null, maxReorderFrames: null };
  const codecString = `avc1.${[profile, constraints, level].map((value) => value.toString(16).padStart(2, '0').toUpperCase()).join('')}`;
  // Baseline has no B slices (§A.2.1), and picture order type 2 forbids reordering (§8.2.1.3).
  const cannotReorder = profile === 66 || pictureOrderType === 2;
  return { id, width, height, codecString, ...vui, maxReorderFrames: cannotReorder ? 0 : vui.maxReorderFrames };
}

/** Id of an SPS or PPS from the bytes behind its fixed head; null when it is cut or out of range. */
export function h264ParameterSetId(nalUnit: Buffer): number | null {
  const isSps = (nalUnit[0] ?? 0) % 32 === 7;
  // 16 bytes hold any id; no need to unescape a long set.
  const reader = new BitReader(unescapeNalUnit(nalUnit.subarray(0, 16)));
  reader.skip(isSps ? 32 : 8);
  const id = reader.ue();
  return reader.isFailed || id > (isSps ? 31 : 255) ? null : id;
}

/** True when a slice is of type B (§7.4.3); `nalUnit` may be cut after its first bytes. */
export function isH264BSlice(nalUnit: Buffer): boolean {
  const reader = new BitReader(unescapeNalUnit(nalUnit.subarray(1, 12)));
  reader.ue();
  const sliceType = reader.ue();
  return !reader.isFailed && sliceType % 5 === 1;
}

function skipScalingMatrices(reader: BitReader, count: number): void {
  for (let list = 0; list < count && !reader.isFailed; list += 1) {
    if (!reader.flag()) continue;
    let last = 8;
    let next = 8;
    for (let entry = 0; entry < (list < 6 ? 16 : 64) && next !== 0; entry += 1) {
      next = (last + reader.se() + 256) % 256;
      last = next === 0 ? last : next;
    }
  }
}

function skipPictureOrder(reader: BitReader, type: number): void {
  if (type === 0) {
    reader.ue();
  } else if (type === 1) {
    reader.skip(1);
    reader.se();
    reader.se();
    const count = Math.min(255, reader.ue());
    for (let index = 0; index < count && !reader.isFailed; index += 1) reader.se();
  }
}

function parseVui(reader: BitReader): Pick<H264Sps, 'framesPerSecond' | 'maxReorderFrames'> {
  if (reader.flag() && reader.bits(8) === EXTENDED_SAR) reader.skip(32);
  if (reader.flag()) reader.skip(1);
  if (reader.flag()) {
    reader.skip(4);
    if (reader.flag()) reader.skip(24);
  }
  if (reader.flag()) {
    reader.ue();
    reader.ue();
  }
  let framesPerSecond: number | null = null;
  if (reader.flag()) {
    const unitsInTick = reader.bits(32);
    const timeScale = reader.bits(32);
    const fps = timeScale / (2 * unitsInTick);
    reader.skip(1);
    if (Number.isFinite(fps) && fps > 0 && fps <= 1000) framesPerSecond = fps;
  }
  const hasNalHrd = reader.flag();
  if (hasNalHrd) skipHrd(reader);
  const hasVclHrd = reader.flag();
  if (hasVclHrd) skipHrd(reader);
  if (hasNalHrd || hasVclHrd) reader.skip(1);
  reader.skip(1);
  let maxReorderFrames: number | null = null;
  if (reader.flag()) {
    reader.skip(1);
    for (let field = 0; field < 4; field += 1) reader.ue();
    const reorder = reader.ue();
    if (reorder <= MAX_REORDER_FRAMES) maxReorderFrames = reorder;
  }
  // Quirk: some encoders cut their VUI short; what was read before still counts, the restriction does not.
  return reader.isFailed ? { framesPerSecond: null, maxReorderFrames: null } : { framesPerSecond, maxReorderFrames };
}

function skipHrd(reader: BitReader): void {
  const count = Math.min(32, reader.ue() + 1);
  reader.skip(8);
  for (let index = 0; index < count && !reader.isFailed; index += 1) {
    reader.ue();
    reader.ue();
    reader.skip(1);
  }
  reader.skip(20);
}
