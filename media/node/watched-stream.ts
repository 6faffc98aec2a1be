/** What the faces of a node need of a stream to show it: the camera's own, or a rendition made of it. */
import type { NoPictureReason, StreamRole } from '../contract/streams.ts';
import type { VideoRendition } from '../contract/media-api.ts';
import type { HlsPackager } from '../hls/packager-contract.ts';
import type { DeliveryMeasurements } from '../stream/delivery-measurements.ts';
import type { StreamHub } from '../stream/sink.ts';
import type { TranscodeRefusal } from '../transcode/transcoder-limit.ts';
import type { MediaQuery } from './admitted-request.ts';
import type { Refusal } from './problem.ts';

/**
 * Why a stream shows nothing. `reason` null: none was measured yet, as with a camera whose first key frame is late. `refusal`: the
 * camera has a picture, but not as it is wanted.
 */
export interface WithoutPicture {
  readonly reason: NoPictureReason | null;
  readonly refusal?: TranscodeRefusal | { readonly code: 'too-many-viewers'; readonly detail: string };
}

/** What came of waiting for a picture. */
export type PictureOutcome = { readonly ok: true } | ({ readonly ok: false } & WithoutPicture);

export interface WatchedStream {
  readonly hub: StreamHub;
  /** Who is too slow for it; counted with the camera's own stream. */
  readonly delivery: DeliveryMeasurements;
  /** Counts a viewer and pulls an on-demand stream; returns the release. */
  acquire(): () => void;
  /** The packager for a request of this person. */
  hlsFor(personId: string): HlsPackager;
  /** Counts this person as a viewer by HLS while a request waits that may wait long; returns its end. */
  holdHls(personId: string): () => void;
  /** Resolves when the stream shows a picture, when there will be none, or when the time is over. Acquire it first. */
  waitForPicture(): Promise<PictureOutcome>;
  /** What there would be to say if it showed nothing now. */
  observe(): WithoutPicture;
}

/** Finds what a viewer asks for; `video` null asks for the stream as the camera sends it. */
export type FindStream = (cameraId: string, role: StreamRole, video: VideoRendition | null) => WatchedStream | null;

/** How a stream without picture is refused. */
export function refuseWithoutPicture({ reason, refusal }: WithoutPicture & { readonly ok?: false }): Refusal {
  if (refusal !== undefined) return { ...refusal, ...(refusal.code === 'transcoding-unavailable' ? {} : { retryAfterSeconds: 5 }) };
  return { code: 'stream-unavailable', retryAfterSeconds: 2, ...(reason === null ? {} : { reason }) };
}

/** The parameter `video` of a URL. */
export function parseRendition(query: MediaQuery): VideoRendition | null | 'malformed' {
  const text = query.get('video');
  return text === null || text === 'h264' ? text : 'malformed';
}
