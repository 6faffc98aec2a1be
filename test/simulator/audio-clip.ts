/**
 * Audio loops cut into what goes into one RTP packet: AAC frames from an ADTS file (ISO/IEC 13818-7 §6.2), 40 ms pieces
 * of G.711 from a raw A-law file.
 *
 *     ADTS header, 7 bytes (9 with CRC): sync 12 bits = FFF, …, protection_absent, profile 2, frequency index 4, …,
 *     channels 3, …, frame length 13 bits (header included), …
 */

/** The audio codecs a camera can have. */
export type AudioCodec = 'aac' | 'pcma' | 'pcmu';

/** A loop of audio: `units` of `samplesPerUnit` samples at `clockRateHz`, mono. */
export interface AudioClip {
  readonly codec: AudioCodec;
  readonly clockRateHz: number;
  readonly samplesPerUnit: number;
  readonly units: readonly Buffer[];
}

const G711_SAMPLES_PER_UNIT = 320;
const SAMPLING_FREQUENCIES_HZ = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000];

/** Reads an ADTS file. *Borrows*: units are views on `bytes`. Throws where the file is not ADTS. */
export function parseAdts(bytes: Buffer): AudioClip {
  const units: Buffer[] = [];
  let clockRateHz = 0;
  for (let at = 0; at + 7 <= bytes.length;) {
    const flags = bytes.readUInt16BE(at);
    if ((flags & 0xfff6) !== 0xfff0) throw new Error(`no ADTS header at byte ${at}`);
    const headerBytes = (flags & 1) === 1 ? 7 : 9;
    const sizeBytes = (bytes.readUInt32BE(at + 2) >> 5) & 0x1fff;
    if (sizeBytes <= headerBytes) throw new Error(`empty ADTS frame at byte ${at}`);
    clockRateHz = SAMPLING_FREQUENCIES_HZ[(bytes.readUInt8(at + 2) >> 2) & 0xf] ?? 0;
    units.push(bytes.subarray(at + headerBytes, at + sizeBytes));
    at += sizeBytes;
  }
  return { codec: 'aac', clockRateHz, samplesPerUnit: 1024, units };
}

/** Cuts raw A-law at 8 kHz into packets' worth, recoded to μ-law where that is wanted. */
export function cutG711(codec: 'pcma' | 'pcmu', alaw: Buffer): AudioClip {
  const samples = codec === 'pcma' ? alaw : alaw.map((sample) => linearToMulaw(alawToLinear(sample)));
  const units: Buffer[] = [];
  for (let at = 0; at + G711_SAMPLES_PER_UNIT <= samples.length; at += G711_SAMPLES_PER_UNIT) {
    units.push(Buffer.from(samples.subarray(at, at + G711_SAMPLES_PER_UNIT)));
  }
  return { codec, clockRateHz: 8000, samplesPerUnit: G711_SAMPLES_PER_UNIT, units };
}

/** ITU-T G.711 table 1: 8-bit A-law to a 16-bit linear sample. */
export function alawToLinear(sample: number): number {
  const bits = sample ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = segment === 0 ? mantissa : (mantissa + 0x100) << (segment - 1);
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
}

/** ITU-T G.711 table 2: 16-bit linear sample to 8-bit μ-law. */
export function linearToMulaw(linear: number): number {
  const biased = Math.min(Math.abs(linear), 32635) + 132;
  const segment = Math.floor(Math.log2(biased)) - 7;
  const mantissa = (biased >> (segment + 3)) & 0x0f;
  return ~((linear < 0 ? 0x80 : 0) | (segment << 4) | mantissa) & 0xff;
}
