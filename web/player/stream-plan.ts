/**
 * Which stream of a camera to play and how: the wanted stream by WebRTC, then over the page's WebSocket, then by HLS, then the
 * camera's other stream the same way. A way that did not get through lately comes last. H.265 plays only where the browser can
 * decode it; what is known not to play is never tried. Only when no stream plays as the camera sends it, the node is asked to
 * transcode, which costs it a core. Where the tile is to be heard, ways that carry the sound come first.
 */
import type { CameraStream, CameraStreamState } from '../../server/contract/cameras.ts';
import { carriesSound } from '../sound/sound-carriage.ts';

export type StreamRole = CameraStream['role'];
export type Transport = 'webrtc' | 'websocket' | 'hls';

/** Best first: by the age of the picture. */
export const transports: readonly Transport[] = ['webrtc', 'websocket', 'hls'];

/** One way to get a picture. */
export interface PlayCandidate {
  readonly role: StreamRole;
  readonly transport: Transport;
  /** Transcoded by the node, or null as the camera sends it. */
  readonly video: 'h264' | null;
}

/** A stream of the camera; `codec` null until the node has measured it. */
export interface PlannedStream {
  readonly role: StreamRole;
  readonly codec: CameraStreamState['codec'];
  /** Null: none, or with `codec` null not measured. */
  readonly audioCodec: CameraStreamState['audioCodec'];
}

/** What this browser decodes, by way of delivery. */
export interface BrowserCodecs {
  readonly webrtc: { readonly h264: boolean; readonly h265: boolean };
  readonly websocket: { readonly h264: boolean; readonly h265: boolean };
  readonly hls: { readonly h264: boolean; readonly h265: boolean };
}

export interface PlanRequest {
  readonly wantedRole: StreamRole;
  /** Set when the person chose one; null lets the plan choose. */
  readonly pinnedTransport: Transport | null;
  readonly streams: readonly PlannedStream[];
  readonly browser: BrowserCodecs;
  /** Ways that did not get through lately. */
  readonly avoided: readonly Transport[];
  /** The person asked for sound after choosing a transport, so it outweighs that choice where the two cannot agree. */
  readonly isSoundWanted: boolean;
}

/** Best first. Empty `candidates` say why in `unplayable`; `fellBack` tells that the wanted stream cannot be decoded here. */
export type StreamPlan =
  | { readonly candidates: readonly PlayCandidate[]; readonly fellBack: 'h265' | null }
  | { readonly candidates: readonly []; readonly unplayable: 'no-stream' | 'h265' };

/** Plans by facts alone; the same facts give the same plan. */
export function planStreams(request: PlanRequest): StreamPlan {
  const { wantedRole, streams } = request;
  if (streams.length === 0) return { candidates: [], unplayable: 'no-stream' };
  const wanted = streams.find((stream) => stream.role === wantedRole);
  const inOrder = [...(wanted ? [wanted] : []), ...streams.filter((stream) => stream !== wanted)];
  const isAvoided = (transport: Transport) => request.avoided.includes(transport);
  const ordered = [...transports.filter((transport) => !isAvoided(transport)), ...transports.filter(isAvoided)];
  const { browser } = request;
  const native = inOrder.flatMap((stream) =>
    ordered.filter((transport) => isPlayable(stream, transport, browser)).map((transport) => ({ role: stream.role, transport, video: null })),
  );
  const playable = native.length > 0 ? native : planTranscodes(inOrder, ordered, browser);
  const allowed = request.pinnedTransport ? playable.filter(({ transport }) => transport === request.pinnedTransport) : playable;
  const candidates = request.isSoundWanted ? withSoundFirst(allowed, playable, streams) : allowed;
  if (candidates.length === 0) return { candidates: [], unplayable: 'h265' };
  const fellBack = wanted?.codec === 'h265' && candidates[0]?.role !== wanted.role ? 'h265' : null;
  return { candidates, fellBack };
}

/** Ways that carry sound before those that do not; where no allowed one does, any that does comes first. */
function withSoundFirst(allowed: readonly PlayCandidate[], playable: readonly PlayCandidate[], streams: readonly PlannedStream[]): PlayCandidate[] {
  const isHeard = (way: PlayCandidate) => carriesSound(way, streams);
  const heard = allowed.some(isHeard) ? allowed.filter(isHeard) : playable.filter(isHeard);
  return [...heard, ...allowed.filter((way) => !isHeard(way))];
}

/** H.265 as H.264. */
function planTranscodes(streams: readonly PlannedStream[], allowed: readonly Transport[], browser: BrowserCodecs): PlayCandidate[] {
  const ways = allowed.filter((transport) => browser[transport].h264);
  return streams
    .filter(({ codec }) => codec === 'h265')
    .flatMap(({ role }) => ways.map((transport) => ({ role, transport, video: 'h264' as const })));
}

/** Same way of playing? */
export function isSameCandidate(a: PlayCandidate, b: PlayCandidate): boolean {
  return a.role === b.role && a.transport === b.transport && a.video === b.video;
}

function isPlayable(stream: PlannedStream, transport: Transport, browser: BrowserCodecs): boolean {
  // Not measured yet, as with an idle on-demand stream: most cameras speak H.264, and a refusal strikes the candidate out.
  return browser[transport][stream.codec ?? 'h264'];
}

/** Picture width from which the main stream is worth its cost, device pixels; the sub streams of most cameras have 640 or 704. */
const mainFromWidthPx = 1000;
/** Going back to the sub stream needs this much less, so that a dragged border does not switch to and fro. */
const hysteresisPx = 120;

/** The stream for a picture of this size on screen. `current` is the role in use, for hysteresis. */
export function chooseRoleBySize(widthPx: number, devicePixelRatio: number, current: StreamRole | null): StreamRole {
  const threshold = current === 'main' ? mainFromWidthPx - hysteresisPx : mainFromWidthPx;
  return widthPx * devicePixelRatio >= threshold ? 'main' : 'sub';
}
