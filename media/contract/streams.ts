/**
 * What the control plane asks of a media node and what the node reports back, stream by stream.
 *
 * The server sends a whole {@link DesiredState} with a generation number; the node converges to it and reports an
 * {@link ObservedState}. Both are complete snapshots, so that either side may restart at any moment.
 */

/** Role of a stream within its camera: `main` is recorded, `sub` serves small tiles. */
export type StreamRole = 'main' | 'sub';

/** `always`: pulled as long as it is desired; `on-demand`: pulled while somebody watches, then for a linger. */
export type PullMode = 'always' | 'on-demand';

/** How a camera's packets travel: in the RTSP connection, as datagrams, or in the connection unless the camera refuses that. */
export type StreamTransport = 'tcp' | 'udp' | 'auto';

/** Why there is no picture, or no good one. Closed list; every one of them is measured, never guessed. */
export type NoPictureReason =
  | 'address-unresolved'
  | 'connection-refused'
  | 'connection-timed-out'
  | 'host-unreachable'
  | 'unauthorized'
  | 'stream-not-found'
  | 'no-answer'
  | 'protocol-error'
  | 'codec-unsupported'
  /** All the camera offers is Motion JPEG, which no browser plays as a stream; its menu usually has H.264 too. */
  | 'mjpeg-only'
  | 'no-video'
  | 'no-packets'
  | 'no-key-frame'
  | 'picture-frozen'
  | 'timestamps-broken'
  | 'closed-by-camera'
  | 'waiting-for-budget'
  | 'node-lost'
  | 'not-assigned';

/** One camera stream that a node shall serve. */
export interface DesiredStream {
  readonly cameraId: string;
  readonly role: StreamRole;
  /** Connections to one device are budgeted together; null when the camera stands alone. */
  readonly deviceId: string | null;
  /** RTSP URL without credentials. */
  readonly url: string;
  /** Secret. Never logged, never part of an error or an observed state. */
  readonly credentials: { readonly username: string; readonly password: string } | null;
  readonly transport: StreamTransport;
  readonly mode: PullMode;
  /** Continuous recording of this stream, or null for none. */
  readonly recording: { readonly retentionDays: number } | null;
}

/** Everything the node shall do. A higher generation replaces a lower one as a whole. */
export interface DesiredState {
  readonly generation: number;
  readonly streams: readonly DesiredStream[];
  /** Public keys that sign tickets, newest first. */
  readonly ticketKeys: readonly TicketKey[];
}

/** Ed25519 public key as a JWK `x` value (base64url, RFC 8037 §2). */
export interface TicketKey {
  readonly keyId: string;
  readonly publicKeyX: string;
}

/** Where a stream stands. `waiting` means: failed, next attempt at `retryAt`. */
export type StreamPhase = 'idle' | 'connecting' | 'streaming' | 'waiting';

/**
 * What a camera's sender reports tell. `local-time`: local time in place of UTC (or summer time forgotten); `unix-epoch`: counts from
 * 1970 where 1900 is meant; `never-set`: a date of the factory's; `since-boot`, `none`: no time of day at all.
 */
export type CameraClockKind = 'utc' | 'local-time' | 'unix-epoch' | 'never-set' | 'since-boot' | 'none';

/** `stepping`: set more than once within 10 minutes; `repeating`: reports are not renewed; `mispaired`: NTP and RTP time contradict each other. */
export type CameraClockQuality = 'good' | 'stepping' | 'repeating' | 'mispaired';

/** How far a camera's clock is from the node's. See `media/time.md`. */
export interface ObservedClock {
  readonly kind: CameraClockKind;
  readonly quality: CameraClockQuality;
  /** Camera's wall clock minus the node's; null where the camera tells no time of day. */
  readonly offsetMs: number | null;
  /** The truth lies within `offsetMs` ± this, in 99 of 100 cases; null with it. */
  readonly uncertaintyMs: number | null;
  /** Parts in a million by which the camera's clock runs fast; null while it is not known to ± 20. */
  readonly driftPpm: number | null;
  /** Newest step of the camera's clock that was noticed; node's wall clock. */
  readonly steppedAtMs: number | null;
  /** How much later than the picture the sound stands than it was taken; null while it cannot be known. */
  readonly soundLateMs: number | null;
  /** Newest report that counted; node's wall clock. May be of a connection that has ended. */
  readonly measuredAtMs: number;
}

/** What the node measures of one stream. Absent measurements are null, never zero. */
export interface ObservedStream {
  readonly cameraId: string;
  readonly role: StreamRole;
  readonly phase: StreamPhase;
  /** Set when there is no picture, or a flawed one while `streaming`. */
  readonly reason: NoPictureReason | null;
  /** When this phase and reason began; wall clock of the node, ms since 1970. */
  readonly sinceMs: number;
  /** Next connection attempt while `waiting`. */
  readonly retryAtMs: number | null;
  readonly codec: 'h264' | 'h265' | null;
  readonly audioCodec: 'aac' | 'pcma' | 'pcmu' | 'opus' | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly framesPerSecond: number | null;
  readonly bitrateBps: number | null;
  /** Arrival of the newest video frame by the node's wall clock. */
  readonly lastFrameAtMs: number | null;
  readonly keyFrameIntervalMs: number | null;
  /** RTP packets that never arrived since the connection began. */
  readonly lostPackets: number;
  /** Null without a sender report. */
  readonly clock: ObservedClock | null;
  readonly viewers: number;
  /** Those of them for whom something was left out within the last 10 s, because they are slower than the stream. */
  readonly slowViewers: number;
  /** Frames left out for single viewers since the node serves the stream, summed over viewers; the others got them. */
  readonly droppedFrames: number;
  readonly isRecording: boolean;
}

/** Snapshot of a node. Sent after every link-up, on every change, and at least every 2 s. */
export interface ObservedState {
  /** Generation of the desired state the node has applied; 0 before the first. */
  readonly generation: number;
  readonly atMs: number;
  readonly streams: readonly ObservedStream[];
  readonly storage: ObservedStorage;
  /** Null from a node that does not tell. */
  readonly transcoding: ObservedTranscoding | null;
}

/** Streams that a node makes H.264 of for browsers that need it. */
export interface ObservedTranscoding {
  readonly running: number;
  /** At once; 0: switched off. Null until one was needed, unless it is set. */
  readonly limit: number | null;
  /** ffmpeg's name of the encoder, such as `libx264` or `h264_vaapi`; null until one was needed, and without any. */
  readonly encoder: string | null;
}

/** The recordings volume of the node. */
export interface ObservedStorage {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly freeBytes: number;
  /** Null while writing works; else why not, in words for the log. */
  readonly fault: string | null;
}
