/** One pull of a camera by RTSP: connection, receivers of its tracks, reports. */
import { randomInt } from 'node:crypto';
import type { Clock } from '../clock/clock.ts';
import { openRtspConnection } from '../rtsp/rtsp-connection.ts';
import type { RtspConnection } from '../rtsp/rtsp-connection.ts';
import type { PlannedTracks } from '../rtsp/rtsp-session.ts';
import { parseRtspUrl } from '../rtsp/rtsp-url.ts';
import type { Credentials } from '../rtsp/rtsp-url.ts';
import type { NoPictureReason, ObservedClock, StreamTransport } from '../contract/streams.ts';
import { AudioReceiver, describeAudio } from './audio-receiver.ts';
import type { AudioTrack, Frame, VideoTrack } from './frame.ts';
import { ReceptionReporter } from './reception-reporter.ts';
import type { SlabPool } from './slab-pool.ts';
import type { SourceListener, StreamSource } from './source.ts';
import { VideoReceiver } from './video-receiver.ts';

/** What a source can tell of itself besides frames; asked for a few times a second. */
export interface SourceActivity {
  /** The camera has begun to play (or media came). */
  readonly isPlaying: boolean;
  /** Packets received since the connection began. */
  readonly videoPackets: number;
  readonly audioPackets: number;
  /** Key frames that came damaged: proof that the camera sends some. */
  readonly damagedKeyFrames: number;
  /** Access units lost, damaged, or left out while waiting for a key frame. */
  readonly droppedUnits: number;
  readonly areTimestampsBroken: boolean;
  /** The camera's clock by the sender reports of this connection; null without one. */
  readonly cameraClock: ObservedClock | null;
}

export interface RtspSource extends StreamSource {
  observe(): SourceActivity;
}

export interface RtspSourceOptions {
  readonly url: string;
  /** Those in the URL count when these are null. */
  readonly credentials: Credentials | null;
  readonly transport: StreamTransport;
  readonly clock: Clock;
  readonly pool: SlabPool;
  /** Where the ticks of all tracks begin, so that they run on from one connection to the next. */
  readonly originMonotonicMs: number;
  /** Generations of this source's tracks count up from behind this number. */
  readonly lastGeneration: number;
}

/** Receiver reports go out this often (RFC 3550 §6.2: the recommended minimum). */
const REPORT_INTERVAL_MS = 5000;

/** Connects and plays. The listener is never called before this returns. */
export function createRtspSource(options: RtspSourceOptions, listener: SourceListener): RtspSource {
  const parsed = parseRtspUrl(options.url);
  if (parsed === null) return createRefusedSource(options.clock, listener);
  return new ConnectedRtspSource(options, listener, parsed.url, options.credentials ?? parsed.credentials);
}

function createRefusedSource(clock: Clock, listener: SourceListener): RtspSource {
  const cancel = clock.setTimer(0, () => listener.onEnded('address-unresolved', 'not an RTSP URL'));
  return {
    stop: () => {
      cancel();
      return Promise.resolve();
    },
    observe: () => ({
      isPlaying: false,
      videoPackets: 0,
      audioPackets: 0,
      damagedKeyFrames: 0,
      droppedUnits: 0,
      areTimestampsBroken: false,
      cameraClock: null,
    }),
  };
}

class ConnectedRtspSource implements RtspSource {
  readonly #options: RtspSourceOptions;
  readonly #listener: SourceListener;
  readonly #connection: RtspConnection;
  readonly #receiverSsrc = randomInt(2 ** 32);
  #tracks: PlannedTracks | null = null;
  #video: VideoReceiver | null = null;
  #audio: AudioReceiver | null = null;
  #videoReporter: ReceptionReporter | null = null;
  #audioReporter: ReceptionReporter | null = null;
  #audioTrack: AudioTrack | null = null;
  #generation = 0;
  #isPlaying = false;
  #hasEnded = false;
  #cancelReports: () => void = () => undefined;
  /** Channels of `#tracks`, as plain numbers for the packet path; −1: none. */
  #videoRtpChannel = -1;
  #audioRtpChannel = -1;

  constructor(
    options: RtspSourceOptions,
    listener: SourceListener,
    url: NonNullable<ReturnType<typeof parseRtspUrl>>['url'],
    credentials: Credentials | null,
  ) {
    this.#options = options;
    this.#listener = listener;
    this.#connection = openRtspConnection({ url, credentials, transport: options.transport }, options.clock, {
      onTracksPlanned: (tracks) => this.#openTracks(tracks),
      onPlaying: () => this.#startReports(),
      onPacket: (channel, bytes, start, end) => this.#onPacket(channel, bytes, start, end),
      onEnded: (reason, detail, fault) => this.#onEnded(reason, detail, fault),
    });
  }

  stop(): Promise<void> {
    return this.#connection.stop();
  }

  observe(): SourceActivity {
    return {
      isPlaying: this.#isPlaying,
      videoPackets: this.#video?.sequence.receivedPackets ?? 0,
      audioPackets: this.#audio?.sequence.receivedPackets ?? 0,
      damagedKeyFrames: this.#video?.damagedKeyFrames ?? 0,
      droppedUnits: this.#video?.droppedUnits ?? 0,
      areTimestampsBroken: this.#video?.isTimeBroken(this.#options.clock.monotonicMs()) ?? false,
      cameraClock: this.#cameraClock(),
    };
  }

  /** Video's reports count; a camera that sends none with it may send some with its sound. */
  #cameraClock(): ObservedClock | null {
    const estimate = this.#videoReporter?.cameraClock.estimate() ?? this.#audioReporter?.cameraClock.estimate() ?? null;
    return estimate === null ? null : { ...estimate, soundLateMs: this.#soundLateMs() };
  }

  /** Where sound stands against the picture, less how they were taken. */
  #soundLateMs(): number | null {
    const video = standsAfterCapture(this.#video, this.#videoReporter);
    const audio = standsAfterCapture(this.#audio, this.#audioReporter);
    return video === null || audio === null ? null : Math.round(audio - video);
  }

  #openTracks(tracks: PlannedTracks): void {
    const { pool, clock, originMonotonicMs } = this.#options;
    const onLoss = (packets: number): void => this.#listener.onLoss(packets);
    const onFrame = (frame: Frame): void => this.#listener.onFrame(frame);
    this.#tracks = tracks;
    this.#videoRtpChannel = tracks.video.channels.rtp;
    const onVideoTrack = (track: VideoTrack): number => this.#onVideoTrack(track);
    // Over TCP nothing is lost on the way: a hole there is the camera's own, and rare enough to wait for the next key frame.
    const afterLoss = tracks.video.datagrams === null ? 'await-key-frame' : 'go-on';
    this.#video = new VideoReceiver(tracks.video.format, pool, clock, originMonotonicMs, { onVideoTrack, onFrame, onLoss }, afterLoss);
    this.#videoReporter = new ReceptionReporter(this.#video, this.#receiverSsrc, tracks.video.format.clockRateHz);
    this.#audioTrack = tracks.audio === null ? null : describeAudio(tracks.audio.format);
    if (tracks.audio === null || this.#audioTrack === null) return;
    this.#audioRtpChannel = tracks.audio.channels.rtp;
    this.#audio = new AudioReceiver(tracks.audio.format, pool, clock, originMonotonicMs, {
      generation: () => this.#generation,
      pictureLeadMs: () => this.#video?.openingLeadMs ?? 0,
      onFrame,
      onLoss,
    });
    this.#audioReporter = new ReceptionReporter(this.#audio, this.#receiverSsrc, tracks.audio.format.clockRateHz);
  }

  #onVideoTrack(video: VideoTrack): number {
    this.#generation = this.#generation === 0 ? this.#options.lastGeneration + 1 : this.#generation + 1;
    this.#listener.onTracks({ generation: this.#generation, video, audio: this.#audioTrack });
    return this.#generation;
  }

  #onPacket(channel: number, bytes: Buffer, start: number, end: number): void {
    if (this.#hasEnded) return;
    if (channel === this.#videoRtpChannel) this.#video?.push(bytes, start, end);
    else if (channel === this.#audioRtpChannel) this.#audio?.push(bytes, start, end);
    else if (channel === this.#tracks?.video.channels.rtcp) this.#onRtcp(this.#videoReporter, bytes, start, end);
    else if (channel === this.#tracks?.audio?.channels.rtcp) this.#onRtcp(this.#audioReporter, bytes, start, end);
  }

  #onRtcp(reporter: ReceptionReporter | null, bytes: Buffer, start: number, end: number): void {
    reporter?.onRtcp(bytes, start, end, this.#options.clock, this.#connection.roundTripMs);
  }

  #startReports(): void {
    this.#isPlaying = true;
    this.#cancelReports = this.#options.clock.setTimer(REPORT_INTERVAL_MS, () => {
      this.#report(this.#videoReporter, this.#tracks?.video.channels.rtcp);
      this.#report(this.#audioReporter, this.#tracks?.audio?.channels.rtcp);
      this.#startReports();
    });
  }

  #report(reporter: ReceptionReporter | null, rtcpChannel: number | undefined): void {
    if (reporter === null || rtcpChannel === undefined) return;
    const report = reporter.writeReport(this.#options.clock.monotonicMs(), this.#connection.jitterTicks(rtcpChannel));
    if (report !== null) this.#connection.sendRtcp(rtcpChannel, report);
  }

  #onEnded(reason: NoPictureReason | 'stopped', detail: string, fault: unknown): void {
    this.#hasEnded = true;
    this.#cancelReports();
    try {
      this.#video?.close();
      this.#audio?.close();
    } catch (error) {
      // What threw in the middle of a packet need not close in order either. With a sound one this is a bug by itself.
      if (fault === undefined) throw error;
    }
    this.#listener.onEnded(reason, detail, fault);
  }
}

/** Ms by which a track stands later on our axis than on the camera's clock, plus a constant of the camera's; null while its reports prove nothing. */
function standsAfterCapture(receiver: VideoReceiver | AudioReceiver | null, reporter: ReceptionReporter | null): number | null {
  const pairing = reporter?.cameraClock.pairing;
  const rtpTimestamp = pairing?.lastRtpTimestamp ?? null;
  if (receiver === null || pairing === undefined || rtpTimestamp === null) return null;
  const takenMs = pairing.ntpMsOf(rtpTimestamp);
  const standsMs = receiver.axisMsOf(rtpTimestamp);
  return takenMs === null || standsMs === null ? null : standsMs - takenMs;
}
