/**
 * The SDP that DESCRIBE answers with (RFC 4566), with the formats of RFC 6184 §8.2.1, RFC 7798 §7.1 and RFC 3640 §4.1.
 */
import type { AudioClip } from './audio-clip.ts';
import type { CameraConfig } from './camera-config.ts';
import { PAYLOAD_TYPES } from './clip-catalogue.ts';
import type { AudioTrack, VideoTrack } from './clip-catalogue.ts';

/** What a description is made from. */
export interface DescribedStream {
  readonly title: string;
  /** The stream's URL as the client named it, without a trailing slash. */
  readonly url: string;
  readonly config: Pick<CameraConfig, 'controlStyle' | 'parameterSets'>;
  readonly video: VideoTrack;
  readonly audio: AudioTrack | null;
}

/** Writes the session description. */
export function formatSessionDescription(stream: DescribedStream): string {
  const { video, audio } = stream;
  const codecName = video.file.codec === 'h264' ? 'H264' : 'H265';
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    `s=${stream.title}`,
    'c=IN IP4 0.0.0.0',
    't=0 0',
    ...(stream.config.controlStyle === 'absolute' ? [`a=control:${stream.url}`] : ['a=control:*']),
    'a=range:npt=now-',
    `m=video 0 RTP/AVP ${PAYLOAD_TYPES.video}`,
    `a=rtpmap:${PAYLOAD_TYPES.video} ${codecName}/90000`,
    ...videoFormat(video, stream.config.parameterSets !== 'in-band'),
    `a=framerate:${video.fps}`,
    `a=control:${control(stream, 0)}`,
  ];
  if (audio !== null) {
    const payloadType = PAYLOAD_TYPES[audio.clip.codec];
    lines.push(`m=audio 0 RTP/AVP ${payloadType}`, ...audioFormat(audio.clip, payloadType), `a=control:${control(stream, 1)}`);
  }
  return `${lines.join('\r\n')}\r\n`;
}

function control({ url, config }: DescribedStream, track: number): string {
  switch (config.controlStyle) {
    case 'relative':
    case 'query':
      return `trackID=${track}`;
    case 'absolute':
      return `${url}/trackID=${track}`;
    case 'absolute-path':
      return `${new URL(url).pathname}/trackID=${track}`;
  }
}

function videoFormat(video: VideoTrack, withParameterSets: boolean): string[] {
  const base64 = video.parameterSets.map((nalUnit) => nalUnit.toString('base64'));
  const parameters: string[] = [];
  if (video.file.codec === 'h264') {
    parameters.push('packetization-mode=1');
    const [sps] = video.parameterSets;
    if (sps !== undefined && withParameterSets) {
      parameters.push(`profile-level-id=${sps.toString('hex', 1, 4).toUpperCase()}`);
      parameters.push(`sprop-parameter-sets=${base64.join(',')}`);
    }
  } else if (withParameterSets) {
    ['vps', 'sps', 'pps'].forEach((name, index) => parameters.push(`sprop-${name}=${base64[index] ?? ''}`));
  }
  return parameters.length === 0 ? [] : [`a=fmtp:${PAYLOAD_TYPES.video} ${parameters.join('; ')}`];
}

function audioFormat(clip: AudioClip, payloadType: number): string[] {
  if (clip.codec !== 'aac') {
    return [`a=rtpmap:${payloadType} ${clip.codec.toUpperCase()}/${clip.clockRateHz}/1`];
  }
  // AudioSpecificConfig, ISO/IEC 14496-3 §1.6.2.1: AAC-LC (2) in 5 bits, frequency index in 4, one channel in 4.
  const frequencyIndex = clip.clockRateHz === 16_000 ? 8 : 11;
  const config = ((2 << 11) | (frequencyIndex << 7) | (1 << 3)).toString(16).padStart(4, '0');
  return [
    `a=rtpmap:${payloadType} MPEG4-GENERIC/${clip.clockRateHz}/1`,
    `a=fmtp:${payloadType} streamtype=5; profile-level-id=15; mode=AAC-hbr; config=${config}; ` + 'sizeLength=13; indexLength=3; indexDeltaLength=3',
  ];
}
