/**
 * Reads H.264 out of an FLV stream as ffmpeg writes it (Adobe Flash Video File Format 10.1, annex E). Big-endian:
 *
 *     header   "FLV" · u8 version · u8 flags · u32 header size 9 · u32 0
 *     tag      u8 type (9 video) · u24 size · u24 time ms · u8 time bits 24–31 · u24 0 · body · u32 size of the tag
 *     video    u4 frame type (1 key) · u4 codec 7 · u8 packet (0 configuration, 1 picture) · u24 composition offset · data
 *
 * The configuration is an `AVCDecoderConfigurationRecord`, a picture NAL units behind their 4-byte lengths (ISO/IEC 14496-15 §5.3.3).
 */
import { ByteReader } from '../bytes/byte-reader.ts';

export interface FlvListener {
  /** Parameter sets of the pictures that follow, raw NAL units (copies). */
  onConfiguration(sps: readonly Buffer[], pps: readonly Buffer[]): void;
  /** Borrows `bytes[start, end)`: NAL units behind their lengths. `timeMs`: presentation time. */
  onPicture(bytes: Buffer, start: number, end: number, timeMs: number, isKeyFrame: boolean): void;
}

const headerBytes = 13;
const tagHeadBytes = 11;
const tagTailBytes = 4;
const videoHeadBytes = 5;
const typeVideo = 9;
const typeScript = 18;
const codecH264 = 7;
/** As an access unit is bounded. */
const maxTagBytes = 8 * 1024 * 1024;

/** Of one stream. */
export class FlvReader {
  readonly #listener: FlvListener;
  #rest: Buffer = Buffer.alloc(0);
  #hasHeader = false;
  #isBroken = false;

  constructor(listener: FlvListener) {
    this.#listener = listener;
  }

  /** Takes what came (copies what it needs later). False: this is no FLV with H.264, now or since. */
  push(chunk: Buffer): boolean {
    if (this.#isBroken) return false;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const position = this.#read(bytes);
    if (position === null) {
      this.#isBroken = true;
      this.#rest = Buffer.alloc(0);
      return false;
    }
    this.#rest = Buffer.from(bytes.subarray(position));
    return true;
  }

  /** Position of the first byte not used; null when it makes no sense. */
  #read(bytes: Buffer): number | null {
    let position = 0;
    if (!this.#hasHeader) {
      if (bytes.length < headerBytes) return 0;
      if (bytes.toString('latin1', 0, 3) !== 'FLV') return null;
      this.#hasHeader = true;
      position = headerBytes;
    }
    while (position + tagHeadBytes <= bytes.length) {
      const type = bytes[position];
      const sizeBytes = bytes.readUIntBE(position + 1, 3);
      if ((type !== typeVideo && type !== typeScript) || sizeBytes > maxTagBytes) return null;
      const start = position + tagHeadBytes;
      const end = start + sizeBytes;
      if (end + tagTailBytes > bytes.length) return position;
      const decodeMs = bytes.readUIntBE(position + 4, 3) + (bytes[position + 7] ?? 0) * 2 ** 24;
      if (type === typeVideo && !this.#readVideo(bytes, start, end, decodeMs)) return null;
      position = end + tagTailBytes;
    }
    return position;
  }

  #readVideo(bytes: Buffer, start: number, end: number, decodeMs: number): boolean {
    if (end - start < videoHeadBytes) return false;
    const first = bytes[start] ?? 0;
    if ((first & 0x0f) !== codecH264) return false;
    const kind = bytes[start + 1];
    if (kind === 0) return this.#readConfiguration(bytes.subarray(start + videoHeadBytes, end));
    const compositionMs = bytes.readIntBE(start + 2, 3);
    // 2 marks the end of the sequence, which has no picture.
    if (kind === 1) this.#listener.onPicture(bytes, start + videoHeadBytes, end, decodeMs + compositionMs, first >> 4 === 1);
    return true;
  }

  #readConfiguration(record: Buffer): boolean {
    const reader = new ByteReader(record);
    reader.skip(5);
    const readSets = (count: number): Buffer[] => Array.from({ length: count }, () => Buffer.from(reader.view(reader.u16())));
    const sps = readSets(reader.u8() & 0x1f);
    const pps = readSets(reader.u8());
    if (reader.isFailed || sps.length === 0 || pps.length === 0) return false;
    this.#listener.onConfiguration(sps, pps);
    return true;
  }
}
