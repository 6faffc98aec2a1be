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
  /** The camera sends sound, but no way that plays here carries it. `only`: the other stream, when only that has sound; null: the one that plays has. */
  | { readonly kind: 'none-here'; readonly codec: AudioCodec; readonly only: StreamRole | null }
  /** Silent. `by`: the way it would have to change to, null when the present one carries sound; `stream`: the stream it would change to. */
  | { readonly kind: 'off'; readonly codec: AudioCodec; readonly by: Transport | null; readonly stream: StreamRole | null }
  | { readonly kind: 'on'; readonly codec: AudioCodec }
  /** Asked for; the picture is being opened, perhaps by another way. */
  | { readonly kind: 'opening'; readonly codec: AudioCodec }
  /** Asked for, but the picture comes by a way, or from a stream, that does not carry it: those that do did not get through. */
  | {
      readonly kind: 'not-carried';
      readonly codec: AudioCodec;
      readonly by: Transport;
      readonly present: Transport;
      readonly stream: StreamRole | null;
    }
  /** The browser lets no page sound that nobody has touched. */
  | { readonly kind: 'blocked'; readonly codec: AudioCodec };

/** Where a tile stands. `playing` null while nothing plays. */
export function judgeSound(facts: {
  readonly isAsked: boolean;
  readonly isBlocked: boolean;
  readonly playing: PlayCandidate | null;
  readonly streams: readonly HeardStream[];
  /** Ways that may come to play and carry sound, best first; null while nothing is planned. */
  readonly soundWays: readonly PlayCandidate[] | null;
}): SoundState {
  const { streams, playing, isAsked, soundWays } = facts;
  const present = streams.find((stream) => stream.role === playing?.role);
  const best = soundWays?.[0] ?? null;
  const codecOf = (role: StreamRole | undefined) => streams.find((stream) => stream.role === role)?.audioCodec ?? null;
  const codec = present?.audioCodec ?? codecOf(best?.role) ?? streams.find((stream) => stream.audioCodec !== null)?.audioCodec ?? null;
  if (codec === null) return { kind: streams.some((stream) => stream.codec !== null) ? 'none' : 'unknown' };
  const isCarried = playing !== null && carriesSound(playing, streams);
  if (isCarried) return isAsked ? { kind: facts.isBlocked ? 'blocked' : 'on', codec } : { kind: 'off', codec, by: null, stream: null };
  if (soundWays !== null && best === null) {
    const only = streams.find((stream) => stream.audioCodec !== null && stream !== present)?.role ?? null;
    return { kind: 'none-here', codec, only: playing === null || present?.audioCodec === codec ? null : only };
  }
  if (playing === null || best === null) return isAsked ? { kind: 'opening', codec } : { kind: 'off', codec, by: null, stream: null };
  const way = soundWays?.find(({ role }) => role === playing.role) ?? best;
  const stream = way.role === playing.role ? null : way.role;
  if (!isAsked) return { kind: 'off', codec, by: way.transport, stream };
  return { kind: 'not-carried', codec, by: way.transport, present: playing.transport, stream };
}
