/** What the HTTP face of a node sees of a low-latency HLS packager. */
import type { Clock } from '../clock/clock.ts';
import type { FrameSink } from '../stream/sink.ts';

/** Query of a playlist request (RFC 8216bis §6.2.5); numbers as the viewer wrote them, already parsed. */
export interface PlaylistQuery {
  /** `_HLS_msn`: answer only once this media sequence number (with `part`: this part of it) exists. */
  readonly msn: number | null;
  /** `_HLS_part`. */
  readonly part: number | null;
  /** `_HLS_skip=YES` or `v2`: a delta update will do. */
  readonly skip: boolean;
  /** Repeated in every URI. */
  readonly ticket: string;
}

/** Answer to a playlist request. */
export type PlaylistOutcome =
  | { readonly kind: 'playlist'; readonly text: string }
  /** `_HLS_part` without `_HLS_msn`, or too far in the future: 400 (RFC 8216bis §6.2.5.2). */
  | { readonly kind: 'bad-request'; readonly detail: string }
  /** Nothing to show in time (no picture, or the stream stands still), or the packager was closed: 503. */
  | { readonly kind: 'unavailable'; readonly detail: string }
  /** Too many requests wait for this stream: 503 with Retry-After. */
  | { readonly kind: 'too-many-waiters' };

/** Answer to a request for an init segment, a segment or a part. */
export type MediaOutcome =
  | {
      readonly kind: 'media';
      readonly contentType: 'video/mp4';
      readonly sizeBytes: number;
      /** Views on slabs: readable until `release`. */
      readonly buffers: readonly Uint8Array[];
      /** Idempotent. Call it when the response has been written or has been given up; until then the memory stays. */
      release(): void;
    }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'unavailable'; readonly detail: string }
  | { readonly kind: 'too-many-waiters' };

export interface HlsPackagerOptions {
  readonly clock: Clock;
  /** Seconds of video the playlist lists, at least; in ms, default 14,000. Memory is about twice this times the bit rate. */
  readonly windowMs?: number;
  /** Requests that may wait at a time; default 256. */
  readonly maxWaiters?: number;
  /** Where the playlist of this stream stood that this one replaces; absent or null: there was none in this process. */
  readonly after?: PlaylistPosition | null;
  /** First media sequence number; default: the wall clock in seconds, so that numbers grow over restarts of the node. */
  readonly firstMediaSequence?: number;
  /** First discontinuity sequence number; default: minutes of the wall clock, for the same reason. */
  readonly firstDiscontinuitySequence?: number;
}

/** Numbers that a playlist in the same place has to go on with: neither may decrease (RFC 8216bis §6.2.2). */
export interface PlaylistPosition {
  readonly nextMediaSequence: number;
  readonly nextDiscontinuitySequence: number;
}

/** Packs one stream as LL-HLS. A sink of its hub; answers requests of any number of viewers. */
export interface HlsPackager extends FrameSink {
  /** What becomes of the sound: browsers cannot play G.711 and Opus from fragmented MP4 everywhere, so it is left out. */
  readonly audio: 'none' | 'aac' | 'left-out';
  /** Bytes of video kept at the moment, whole slabs not counted. */
  readonly heldBytes: number;
  /** For the packager that replaces this one; stands after `close`, too. */
  readonly position: PlaylistPosition;
  /** Frames dropped because they could not be shown: before the first key frame or after a gap. */
  readonly droppedFrames: number;
  /** A promise while the request has to wait (blocking reload, or the first segment of a stream that starts). */
  playlist(query: PlaylistQuery): PlaylistOutcome | Promise<PlaylistOutcome>;
  /** By the last part of the URL path: `init-{n}.mp4`, `segment-{n}.m4s`, `part-{n}.{m}.m4s`. The hinted part is waited for. */
  media(name: string): MediaOutcome | Promise<MediaOutcome>;
  /** Answers all waiters with `unavailable` and lets go of all memory. Idempotent. */
  close(): void;
}
