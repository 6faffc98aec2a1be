/**
 * Which ways of playing carry a camera's sound, and where a tile stands with it. WebRTC has no AAC; fragmented MP4 (WebSocket, HLS)
 * has no G.711 in any browser, and Opus not in all: nodes leave both out there.
 */
import type { CameraStreamState } from '../../server/contract/cameras.ts';
import type { PlayCandidate, StreamRole, Transport } from '../player/stream-plan.ts';

export type AudioCodec = NonNullable<CameraStreamState['audioCodec']>;

/** What is known of a stream; `codec` null: nothing was measured yet, and `audioCodec` null says nothing either. */
export interface HeardStream {
  readonly role: StreamRole;
  readonly codec: CameraStreamState['codec'];
  readonly audioCodec: CameraStreamState['audioCodec'];
}

const carriers: Readonly<Record<AudioCodec, readonly Transport[]>> = {
  aac: ['websocket', 'hls'],
  pcma: ['webrtc'],
  pcmu: ['webrtc'],
  opus: ['webrtc'],
};

/** Names as people in the trade write them. */
export const audioCodecWords: Readonly<Record<AudioCodec, string>> = { aac: 'AAC', pcma: 'G.711A', pcmu: 'G.711µ', opus: 'Opus' };

/** The ways that carry a codec, best first. */
export function carriersOf(codec: AudioCodec): readonly Transport[] {
  return carriers[codec];
}

/** Whether a way of playing carries the sound of its stream; false when that has none, or none is known. */
export function carriesSound(way: PlayCandidate, streams: readonly HeardStream[]): boolean {
  const codec = streams.find((stream) => stream.role === way.role)?.audioCodec ?? null;
  return codec !== null && carriers[codec].includes(way.transport);
}

export type SoundState =
  /** The camera sends no sound. */
  | { readonly kind: 'none' }
  /** Not known yet: nothing of the camera was measured. */
  | { readonly kind: 'unknown' }
  /** Silent. `by`: the way it would have to change to; null when the present one carries sound. */
  | { readonly kind: 'off'; readonly codec: AudioCodec; readonly by: Transport | null }
  | { readonly kind: 'on'; readonly codec: AudioCodec }
  /** Asked for; the picture is being opened, perhaps by another way. */
  | { readonly kind: 'opening'; readonly codec: AudioCodec }
  /** Asked for, but the picture comes by a way that does not carry it: those that do did not get through. */
  | { readonly kind: 'not-carried'; readonly codec: AudioCodec; readonly by: Transport; readonly present: Transport }
  /** The browser lets no page sound that nobody has touched. */
  | { readonly kind: 'blocked'; readonly codec: AudioCodec };

/** Where a tile stands. `playing` null while nothing plays. */
export function judgeSound(facts: {
  readonly isAsked: boolean;
  readonly isBlocked: boolean;
  readonly playing: PlayCandidate | null;
  readonly streams: readonly HeardStream[];
}): SoundState {
  const { streams, playing, isAsked } = facts;
  const present = streams.find((stream) => stream.role === playing?.role);
  const codec = present?.audioCodec ?? streams.find((stream) => stream.audioCodec !== null)?.audioCodec ?? null;
  if (codec === null) return { kind: streams.some((stream) => stream.codec !== null) ? 'none' : 'unknown' };
  const isCarried = playing !== null && carriesSound(playing, streams);
  const by = carriers[codec][0] ?? 'webrtc';
  if (!isAsked) return { kind: 'off', codec, by: playing === null || isCarried ? null : by };
  if (playing === null) return { kind: 'opening', codec };
  if (!isCarried) return { kind: 'not-carried', codec, by, present: playing.transport };
  return facts.isBlocked ? { kind: 'blocked', codec } : { kind: 'on', codec };
}
