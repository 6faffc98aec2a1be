/**
 * HTTP face of a media node, as URL shapes. Every path needs `?ticket=`; a playlist repeats it in every URI it lists.
 *
 *   GET    /live/{cameraId}/{role}/index.m3u8                 LL-HLS media playlist (RFC 8216bis)
 *   GET    /live/{cameraId}/{role}/init-{n}.mp4 · segment-{n}.m4s · part-{n}.{m}.m4s
 *   POST   /live/{cameraId}/{role}/whep                       SDP offer → 201 answer, `Location` of the session (RFC 9725)
 *   PATCH  /live/{cameraId}/{role}/whep/{sessionId}           more addresses of the viewer (RFC 8840); ICE restarts are refused with 422
 *   DELETE /live/{cameraId}/{role}/whep/{sessionId}
 *   GET    /live/{cameraId}/{role}/snapshot.jpg               newest key frame; `Last-Modified` says when it arrived. Optional width=160 … 1280
 *   GET    /playback/{cameraId}/index.m3u8                    VOD playlist of the ticket's span (optional from, to in ms narrow it)
 *   GET    /playback/{cameraId}/video.mp4                     the span as one file
 *   GET    /ws                                               WebSocket of a page, see `live-socket.ts`; tickets come with the subscriptions
 *   GET    /time                                              no ticket: `{"nowMs": …}` of the node's clock
 *   GET    /healthz                                          no ticket
 *   GET    /metrics                                          no ticket; from the node's own machine, or with `Authorization: Bearer`
 *
 * `video=h264` in the query of a playlist (which repeats it), of media and of WHEP asks for the stream as H.264: transcoded when the
 * camera sends H.265, as it is when it sends H.264.
 *
 * Refusals are `application/problem+json` with a code below: 401 without or with an expired ticket, 403 with another camera's.
 */
export type MediaProblemCode =
  | 'ticket-missing'
  | 'ticket-invalid'
  | 'ticket-expired'
  | 'ticket-for-another-camera'
  | 'ticket-right-missing'
  | 'stream-unknown'
  | 'stream-unavailable'
  | 'recording-not-found'
  | 'offer-invalid'
  | 'codec-not-offered'
  | 'reordering-not-supported'
  | 'ice-restart-not-supported'
  | 'precondition-failed'
  | 'precondition-required'
  | 'media-type-not-supported'
  | 'snapshot-unavailable'
  | 'too-many-viewers'
  /** As many transcodes run as the node allows. */
  | 'transcoding-limit-reached'
  /** Switched off, or nothing to transcode with. */
  | 'transcoding-unavailable'
  /** It broke down; tried again by itself. */
  | 'transcoding-failed'
  | 'not-found'
  | 'method-not-allowed'
  | 'bad-request'
  | 'payload-too-large'
  | 'internal';

/** What a viewer may ask for instead of the video as the camera sends it. */
export type VideoRendition = 'h264';

/** Body of a refusal (RFC 9457). `reason` is set with `stream-unavailable`. */
export interface MediaProblem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: MediaProblemCode;
  readonly reason?: string;
}

/**
 * Messages on the WHEP data channel `clock`, which the browser opens (JSON text). Node → browser, about twice a second: the RTP timestamp of
 * the newest frame sent and the moment it arrived at the node. With `requestVideoFrameCallback().rtpTimestamp` the
 * browser computes the age of the picture it shows.
 */
export interface ClockMessage {
  readonly rtpTimestamp: number;
  readonly clockRateHz: number;
  readonly arrivedAtMs: number;
  readonly nowMs: number;
}

/** Node → browser on the same channel: what becomes of the session. */
export type SessionMessage =
  /** The path does not carry the stream: frames are left out up to key frames. `droppedFrames` so far. Told every 10 s while it lasts. */
  | { readonly kind: 'slow'; readonly droppedFrames: number }
  /** Over, as when the ticket has expired and was not renewed; the connection is closed after this. */
  | { readonly kind: 'ended'; readonly code: MediaProblemCode };

/** Browser → node on the same channel: the ticket that the session goes on with. A session ends with its newest ticket. */
export interface SessionRenewal {
  readonly kind: 'renew';
  readonly ticket: string;
}
