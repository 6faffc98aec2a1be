/** AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1), as far as tracks need it. */
import { BitReader } from '../bytes/bit-reader.ts';

const SAMPLE_RATES_HZ = [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350] as const;
const EXPLICIT_RATE = 15;
const ESCAPED_OBJECT_TYPE = 31;
const SPECTRAL_BAND_REPLICATION = 5;
const PARAMETRIC_STEREO = 29;

export interface AacConfig {
  readonly objectType: number;
  /** Of the core coder: half the output rate with spectral band replication. */
  readonly sampleRateHz: number;
  readonly channels: number;
  /** Samples per frame at the core's rate. */
  readonly samplesPerFrame: 1024 | 960;
}

/** Parses the configuration; null when it is unsound. */
export function parseAacConfig(config: Buffer): AacConfig | null {
  const reader = new BitReader(config);
  const objectType = readObjectType(reader);
  const sampleRateHz = readSampleRate(reader);
  const channelConfiguration = reader.bits(4);
  let coreType = objectType;
  if (objectType === SPECTRAL_BAND_REPLICATION || objectType === PARAMETRIC_STEREO) {
    readSampleRate(reader);
    coreType = readObjectType(reader);
  }
  const hasShortFrames = reader.flag();
  if (reader.isFailed || sampleRateHz === 0 || coreType === 0 || channelConfiguration > 7) return null;
  const channels = channelConfiguration === 7 ? 8 : Math.max(1, channelConfiguration);
  return { objectType, sampleRateHz, channels, samplesPerFrame: hasShortFrames ? 960 : 1024 };
}

function readObjectType(reader: BitReader): number {
  const type = reader.bits(5);
  return type === ESCAPED_OBJECT_TYPE ? 32 + reader.bits(6) : type;
}

function readSampleRate(reader: BitReader): number {
  const index = reader.bits(4);
  return index === EXPLICIT_RATE ? reader.bits(24) : (SAMPLE_RATES_HZ[index] ?? 0);
}
