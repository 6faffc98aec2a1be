/**
 * Reads an H.264 or H.265 byte stream (ITU-T H.264 Annex B, H.265 Annex B) into access units.
 *
 *     00 00 00 01 | NAL unit | 00 00 01 | NAL unit | …
 *
 * The clips carry an access unit delimiter before every picture, so that grouping needs no slice header.
 */

/** The video codecs a clip can have. */
export type VideoCodec = 'h264' | 'h265';

/** One picture with the NAL units that belong to it, delimiters and parameter sets left out. */
export interface AccessUnit {
  readonly nalUnits: readonly Buffer[];
  readonly isKeyFrame: boolean;
}

/** A video byte stream, taken apart. `parameterSets` in the order VPS, SPS, PPS. */
export interface VideoStream {
  readonly codec: VideoCodec;
  readonly parameterSets: readonly Buffer[];
  readonly accessUnits: readonly AccessUnit[];
}

/** Splits a byte stream at its start codes. *Borrows*: the NAL units are views on `bytes`. */
export function splitNalUnits(bytes: Buffer): Buffer[] {
  const nalUnits: Buffer[] = [];
  let start = -1;
  for (let at = bytes.indexOf('000001', 0, 'hex'); at >= 0;) {
    if (start >= 0) nalUnits.push(withoutTrailingZeros(bytes.subarray(start, at)));
    start = at + 3;
    at = bytes.indexOf('000001', start, 'hex');
  }
  if (start >= 0) nalUnits.push(withoutTrailingZeros(bytes.subarray(start)));
  return nalUnits.filter((nalUnit) => nalUnit.length > 0);
}

/** Takes a clip's byte stream apart. Throws if it lacks parameter sets or begins without a key frame. */
export function parseVideoStream(codec: VideoCodec, bytes: Buffer): VideoStream {
  const parameterSets = new Map<number, Buffer>();
  const accessUnits: { nalUnits: Buffer[]; isKeyFrame: boolean }[] = [];
  for (const nalUnit of splitNalUnits(bytes)) {
    const type = nalUnitType(codec, nalUnit);
    const current = accessUnits.at(-1);
    switch (classify(codec, type)) {
      case 'delimiter':
        accessUnits.push({ nalUnits: [], isKeyFrame: false });
        break;
      case 'parameter-set':
        parameterSets.set(type, nalUnit);
        break;
      case 'key-slice':
        if (current !== undefined) current.isKeyFrame = true;
        current?.nalUnits.push(nalUnit);
        break;
      case 'other':
        current?.nalUnits.push(nalUnit);
        break;
    }
  }
  if (parameterSets.size < (codec === 'h264' ? 2 : 3)) throw new Error('the clip lacks parameter sets');
  if (accessUnits[0]?.isKeyFrame !== true) throw new Error('the clip does not begin with a key frame');
  const ordered = [...parameterSets].sort(([a], [b]) => a - b).map(([, nalUnit]) => nalUnit);
  return { codec, parameterSets: ordered, accessUnits };
}

/** `nal_unit_type`: H.264 §7.3.1, H.265 §7.3.1.2. */
export function nalUnitType(codec: VideoCodec, nalUnit: Buffer): number {
  const first = nalUnit[0] ?? 0;
  return codec === 'h264' ? first & 0x1f : (first >> 1) & 0x3f;
}

/** H.264 table 7-1; H.265 table 7-1. */
function classify(codec: VideoCodec, type: number): 'delimiter' | 'parameter-set' | 'key-slice' | 'other' {
  if (codec === 'h264') {
    if (type === 9) return 'delimiter';
    if (type === 7 || type === 8) return 'parameter-set';
    return type === 5 ? 'key-slice' : 'other';
  }
  if (type === 35) return 'delimiter';
  if (type >= 32 && type <= 34) return 'parameter-set';
  return type >= 16 && type <= 21 ? 'key-slice' : 'other';
}

/** Zero bytes before the next start code belong to it (`trailing_zero_8bits`, or the first of four). */
function withoutTrailingZeros(nalUnit: Buffer): Buffer {
  let end = nalUnit.length;
  while (end > 0 && nalUnit[end - 1] === 0) end--;
  return nalUnit.subarray(0, end);
}
