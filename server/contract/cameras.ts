/** Devices, cameras, their state and their history. */
import type { CameraClockKind, CameraClockQuality, NoPictureReason, PullMode, StreamRole, StreamTransport } from '../../media/contract/streams.ts';
import type { PersonRef } from './problems.ts';

export type DeviceKind = 'ipc' | 'nvr';

export interface Device {
  readonly id: string;
  readonly kind: DeviceKind;
  readonly name: string;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly host: string | null;
  readonly compoundId: string | null;
  readonly siteLinkId: string | null;
  readonly channelCount: number;
}

/** `unknown`: our own node or link is down, the camera may be fine. `idle`: on demand and not watched. */
export type CameraStatus = 'online' | 'connecting' | 'degraded' | 'offline' | 'idle' | 'unknown';

/** How far a camera's clock is off (校时偏差), measured from what it sends. */
export interface CameraClockState {
  readonly kind: CameraClockKind;
  readonly quality: CameraClockQuality;
  /** Camera minus media node, ms; null where the camera tells no time of day. */
  readonly offsetMs: number | null;
  /** The truth lies within `offsetMs` ± this; null with it. */
  readonly uncertaintyMs: number | null;
  readonly driftPpm: number | null;
  readonly steppedAt: string | null;
  /** How much later than the picture the sound stands than it was taken. */
  readonly soundLateMs: number | null;
  readonly measuredAt: string;
}

export interface CameraStreamState {
  readonly role: StreamRole;
  readonly codec: 'h264' | 'h265' | null;
  readonly audioCodec: 'aac' | 'pcma' | 'pcmu' | 'opus' | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly fps: number | null;
  readonly bitrateBps: number | null;
  readonly lastFrameAt: string | null;
  readonly keyFrameIntervalMs: number | null;
  readonly lostPackets: number | null;
  /** Viewers for whom frames were left out within the last 10 s, because they are slower than the stream. */
  readonly slowViewers: number;
  /** Frames left out for single viewers, summed over them since the node serves the stream. */
  readonly droppedFrames: number;
  /** Null while the camera has told nothing. */
  readonly clock: CameraClockState | null;
}

export interface CameraState {
  readonly status: CameraStatus;
  readonly reason: NoPictureReason | null;
  /** ISO 8601, start of this status and reason. */
  readonly since: string;
  /** Next attempt while the node waits, else null. */
  readonly retryAt: string | null;
  readonly isRecording: boolean;
  readonly streams: readonly CameraStreamState[];
}

export interface CameraStream {
  readonly role: StreamRole;
  /** RTSP URL; user name and password are cut out. */
  readonly url: string;
  readonly transport: StreamTransport;
  readonly hasCredentials: boolean;
}

export interface Camera {
  readonly id: string;
  readonly name: string;
  readonly deviceId: string;
  /** 1-based channel on its device. */
  readonly channel: number;
  readonly compoundId: string | null;
  readonly buildingId: string | null;
  readonly longitude: number | null;
  readonly latitude: number | null;
  /** Direction of view, degrees clockwise from north. */
  readonly bearingDeg: number | null;
  readonly mode: PullMode;
  readonly isRecorded: boolean;
  readonly retentionDays: number;
  /** 重点部位: shorter alarm debounce. */
  readonly isKeyPlace: boolean;
  readonly streams: readonly CameraStream[];
  readonly acceptedOn: string | null;
  readonly acceptedBy: string | null;
  readonly firstOnlineAt: string | null;
  readonly mediaNodeId: string | null;
  readonly createdAt: string;
  readonly state: CameraState;
}

/** One unbroken stretch of a status; `to` null while it lasts. */
export interface StatusInterval {
  readonly status: CameraStatus;
  readonly reason: NoPictureReason | null;
  readonly from: string;
  readonly to: string | null;
}

/** `POST /cameras/{id}/tickets`. */
export interface LiveTicket {
  readonly ticket: string;
  readonly expiresAt: string;
  readonly urls: { readonly hls: string; readonly whep: string; readonly snapshot: string };
  /** The same for all cameras of a node and without a ticket: each subscription sends its own. */
  readonly webSocketUrl: string;
}

export interface PlaybackTicket {
  readonly ticket: string;
  readonly expiresAt: string;
  readonly urls: { readonly hls: string; readonly mp4: string };
}

/** `GET /cameras/{id}/recordings`. */
export interface RecordingTimeline {
  readonly spans: readonly { readonly from: string; readonly to: string; readonly bytes: number }[];
  readonly gaps: readonly { readonly from: string; readonly to: string; readonly reason: RecordingGapReason }[];
}

/** Why nothing was recorded: the camera's own reason, or ours. */
export type RecordingGapReason = NoPictureReason | 'not-recorded' | 'before-first-recording' | 'expired' | 'in-the-future' | 'unexplained';

/** One entry of the access register (调阅登记). */
export interface AccessRegisterEntry {
  readonly id: string;
  readonly at: string;
  readonly person: PersonRef;
  readonly unit: string;
  readonly cameraIds: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  readonly caseNumber: string | null;
}

export interface MediaNode {
  readonly id: string;
  readonly name: string;
  readonly isLinked: boolean;
  readonly linkedSince: string | null;
  readonly lastSeenAt: string | null;
  readonly version: string | null;
  readonly webRtcEngine: string | null;
  readonly baseUrl: string | null;
  readonly streamCount: number;
  readonly streamingCount: number;
  readonly viewerCount: number;
  readonly storage: { readonly usedBytes: number; readonly quotaBytes: number; readonly freeBytes: number; readonly fault: string | null } | null;
  /** Streams made H.264 of for browsers that need it; null while the node is not linked. `encoder`: ffmpeg's name, null until one was needed. */
  readonly transcoding: { readonly running: number; readonly limit: number | null; readonly encoder: string | null } | null;
}
