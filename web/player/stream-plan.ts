/**
 * Which stream of a camera to play and how: the wanted stream by WebRTC, then over the page's WebSocket, then by HLS, then the
 * camera's other stream the same way. A way that did not get through lately comes last. H.265 plays only where the browser can
 * decode it; what is known not to play is never tried. Last of all the node may be asked to transcode, which costs it a core.
 * Where the tile is to be heard, ways that carry the sound come first. A plan says why it begins with another stream than the wanted one.
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

/** Why a plan begins with another stream than the wanted one. */
export type PlannedInstead =
  /** The browser plays no H.265. */
  | 'h265'
  /** The chosen transport does not carry the wanted stream here; others would. */
  | 'chosen-way'
  /** Only the other stream has sound that can be played here. */
  | 'sound'
  /** The browser cannot play the wanted stream for another reason. */
  | 'unable';

/** Why nothing of a camera can be played; `chosen-way`: not by the transport that the person insists on. */
export type UnplayableCode = 'no-stream' | 'codec' | 'chosen-way';

/** Best first; those with `video` set are for when no way plays as the camera sends it. Empty `candidates` say why in `unplayable`. */
export type StreamPlan =
  | {
      readonly candidates: readonly PlayCandidate[];
      /** Null where the camera has no such stream. */
      readonly wantedRole: StreamRole | null;
      readonly instead: PlannedInstead | null;
      /** Ways that carry sound, best first, whatever transport was chosen. */
      readonly soundWays: readonly PlayCandidate[];
    }
  | { readonly candidates: readonly []; readonly unplayable: UnplayableCode };

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
  // A browser that says it plays H.265 may still refuse this camera's profile or level.
  const groups = [native, planTranscodes(inOrder, ordered, browser)];
  const silent = groups.flatMap((ways) => ways.filter(({ transport }) => request.pinnedTransport === null || transport === request.pinnedTransport));
  const candidates = request.isSoundWanted ? groups.flatMap((ways) => withSoundFirst(ways, request.pinnedTransport, streams)) : silent;
  if (candidates.length === 0) return { candidates: [], unplayable: groups.flat().length > 0 ? 'chosen-way' : 'codec' };
  return {
    candidates,
    wantedRole: wanted?.role ?? null,
    instead: wanted && candidates[0]?.role !== wanted.role ? whyInstead(wanted, native, silent[0] ?? null) : null,
    soundWays: groups.flat().filter((way) => carriesSound(way, streams)),
  };
}

/** `silentBest`: the way that would come first if nobody wanted sound. */
function whyInstead(wanted: PlannedStream, native: readonly PlayCandidate[], silentBest: PlayCandidate | null): PlannedInstead {
  if (silentBest?.role === wanted.role) return 'sound';
  if (native.some(({ role }) => role === wanted.role)) return 'chosen-way';
  return wanted.codec === 'h265' ? 'h265' : 'unable';
}

/** Ways that carry sound before those that do not; where none of the chosen transport does, any that does comes first. */
function withSoundFirst(ways: readonly PlayCandidate[], pinned: Transport | null, streams: readonly PlannedStream[]): PlayCandidate[] {
  const isHeard = (way: PlayCandidate) => carriesSound(way, streams);
  const allowed = ways.filter(({ transport }) => pinned === null || transport === pinned);
  const heard = allowed.some(isHeard) ? allowed.filter(isHeard) : ways.filter(isHeard);
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
