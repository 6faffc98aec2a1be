/**
 * Live video over one WebSocket per page: `GET /ws` on the node's HTTP port, subprotocol {@link LiveSocketProtocol}. The
 * text messages are here, as JSON; the layout of the binary ones and the rules are in `media/websocket/protocol.md`.
 */
import type { MediaProblemCode, VideoRendition } from './media-api.ts';
import type { NoPictureReason, StreamRole } from './streams.ts';

/** Name and version of the protocol; a page that offers another is not connected. */
export type LiveSocketProtocol = 'yilan-live-1';

/** Page → node. `video`: not as the camera sends it. `channel` is a number the page chooses, 1–65,535; it is free again when the page unsubscribed or the node ended it. */
export type PageMessage =
  | {
      readonly kind: 'subscribe';
      readonly channel: number;
      readonly cameraId: string;
      readonly role: StreamRole;
      readonly ticket: string;
      readonly video?: VideoRendition | undefined;
    }
  | { readonly kind: 'renew'; readonly channel: number; readonly ticket: string }
  | { readonly kind: 'unsubscribe'; readonly channel: number };

/** What becomes of the sound: browsers do not play G.711 from MP4, so it is left out. */
export type LiveSocketAudio = 'none' | 'aac' | 'left-out';

/** Node → page. */
export type NodeMessage =
  /** Before each init segment. `mimeType` is what Media Source Extensions are to be opened with. */
  | { readonly kind: 'tracks'; readonly channel: number; readonly mimeType: string; readonly audio: LiveSocketAudio }
  /** The camera's connection ended; the channel stays, and goes on with `tracks` when the camera is back. Told again when the reason gets known. `code`: the camera goes on, but the node cannot transcode it at the moment. */
  | { readonly kind: 'interrupted'; readonly channel: number; readonly reason: NoPictureReason | null; readonly code?: MediaProblemCode }
  /** Fragments are being left out until a later key frame, because the page does not take them in time; told when it begins, every 5 s at most. */
  | { readonly kind: 'slow'; readonly channel: number }
  /** Refused, or over: nothing more comes on this channel. `reason` is set with `stream-unavailable`, where it was measured. */
  | { readonly kind: 'ended'; readonly channel: number; readonly code: MediaProblemCode; readonly reason: NoPictureReason | null }
  /** Every 2 s, whatever else there is to say: a page that hears nothing for a while knows that the connection is dead. */
  | { readonly kind: 'alive'; readonly nowMs: number };
