/** Decides which media of a description are pulled, and with which formats. */
import type { AudioTrack } from '../stream/frame.ts';
import type { MediaDescription, PayloadFormat, SessionDescription } from './session-description.ts';

/** The video that is pulled. */
export interface PlannedVideo {
  readonly codec: 'h264' | 'h265';
  readonly payloadType: number;
  readonly clockRateHz: number;
  readonly control: string | null;
  /** NAL units of parameter sets from the description; may be empty, wrong, or replaced in band. */
  readonly parameterSets: readonly Buffer[];
}

/** The audio that is pulled beside it. */
export interface PlannedAudio {
  readonly codec: AudioTrack['codec'];
  readonly payloadType: number;
  readonly clockRateHz: number;
  readonly channels: number;
  readonly control: string | null;
  /** AAC: AudioSpecificConfig and the field widths of the AU headers (RFC 3640 §4.1). */
  readonly config: Buffer;
  readonly sizeLengthBits: number;
  readonly indexLengthBits: number;
}

export type TrackPlan =
  | { readonly ok: true; readonly video: PlannedVideo; readonly audio: PlannedAudio | null }
  | { readonly ok: false; readonly reason: 'no-video' | 'codec-unsupported' | 'mjpeg-only'; readonly detail: string };

/** Takes the first video we can carry, and the first such audio if there is one; a camera's metadata and back channels are left alone. */
export function planTracks(description: SessionDescription): TrackPlan {
  const videos = description.media.filter((media) => media.kind === 'video');
  const video = first(videos, planVideo);
  if (video === null) {
    const encodings = videos.flatMap((media) => media.formats.map((format) => format.encoding.slice(0, 20)));
    if (videos.length === 0) return { ok: false, reason: 'no-video', detail: 'the description has no video' };
    const isJpeg = encodings.length > 0 && encodings.every((encoding) => encoding === 'JPEG');
    const detail = `video is ${encodings.join(', ').slice(0, 100) || 'not named'}`;
    return { ok: false, reason: isJpeg ? 'mjpeg-only' : 'codec-unsupported', detail };
  }
  const audio = first(
    description.media.filter((media) => media.kind === 'audio' && !media.isBackChannel),
    planAudio,
  );
  return { ok: true, video, audio };
}

function first<T>(media: readonly MediaDescription[], plan: (format: PayloadFormat, control: string | null) => T | null): T | null {
  for (const { formats, control } of media) {
    for (const format of formats) {
      const planned = plan(format, control);
      if (planned !== null) return planned;
    }
  }
  return null;
}

function planVideo(format: PayloadFormat, control: string | null): PlannedVideo | null {
  const codec = format.encoding === 'H264' ? 'h264' : format.encoding === 'H265' || format.encoding === 'HEVC' ? 'h265' : null;
  if (codec === null) return null;
  const names = codec === 'h264' ? ['sprop-parameter-sets'] : ['sprop-vps', 'sprop-sps', 'sprop-pps'];
  const parameterSets = names
    .flatMap((name) => (format.parameters.get(name) ?? '').split(','))
    .map((text) => withoutStartCode(Buffer.from(text.trim(), 'base64')))
    .filter((nalUnit) => nalUnit.length > 0);
  return { codec, payloadType: format.payloadType, clockRateHz: format.clockRateHz || 90_000, control, parameterSets };
}

/** Quirk: parameter sets with the start code of a byte stream in front of them. */
function withoutStartCode(nalUnit: Buffer): Buffer {
  let zeros = 0;
  while (nalUnit[zeros] === 0) zeros += 1;
  return zeros >= 2 && nalUnit[zeros] === 1 ? nalUnit.subarray(zeros + 1) : nalUnit;
}

function planAudio(format: PayloadFormat, control: string | null): PlannedAudio | null {
  const { payloadType, clockRateHz, channels, parameters } = format;
  if (clockRateHz === 0) return null;
  const plain = { payloadType, clockRateHz, channels, control, config: Buffer.alloc(0), sizeLengthBits: 0, indexLengthBits: 0 };
  switch (format.encoding) {
    case 'PCMA':
      return { ...plain, codec: 'pcma' };
    case 'PCMU':
      return { ...plain, codec: 'pcmu' };
    case 'OPUS':
      return { ...plain, codec: 'opus' };
    case 'MPEG4-GENERIC': {
      const config = Buffer.from(parameters.get('config') ?? '', 'hex');
      const sizeLengthBits = Number(parameters.get('sizelength') ?? '13');
      const indexLengthBits = Number(parameters.get('indexlength') ?? '3');
      const isSound = config.length >= 2 && config.length <= 64 && isWidth(sizeLengthBits) && isWidth(indexLengthBits) && sizeLengthBits > 0;
      return isSound ? { ...plain, codec: 'aac', config, sizeLengthBits, indexLengthBits } : null;
    }
    default:
      return null;
  }
}

function isWidth(bits: number): boolean {
  return Number.isInteger(bits) && bits >= 0 && bits <= 16;
}
