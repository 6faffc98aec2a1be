/** One WebRTC viewer of a stream: which packets it gets, with which numbers (hot path). */
import type { Clock } from '../clock/clock.ts';
import type { ClockMessage } from '../contract/media-api.ts';
import type { ViewerDelivery } from '../stream/delivery-measurements.ts';
import type { Frame } from '../stream/frame.ts';
import { Backlog } from './backlog.ts';
import { LossWatch } from './loss-watch.ts';
import { PlayoutTimeline } from './playout-timeline.ts';
import { writeRtpHeader, type RtpPacketBatch } from './rtp-packet-batch.ts';
import { parseRtcpFeedback } from './rtcp-feedback.ts';
import { SlowWatch } from './slow-watch.ts';

/** Where packets of one track go. */
export interface PacketOutlet {
  /** Copies `packet`. False when the socket takes no more at the moment. */
  send(packet: Buffer): boolean;
}

/** What an outlet's packets are labelled with. */
export interface OutletFormat {
  readonly payloadType: number;
  readonly ssrc: number;
  readonly clockRateHz: number;
  /** Random start of sequence numbers (RFC 3550 §5.1). */
  readonly firstSequenceNumber: number;
  readonly firstTimestamp: number;
}

export interface ViewerCounters {
  sentFrames: number;
  /** All that was not sent, for whatever reason. */
  droppedFrames: number;
  /** Those of them that the viewer was too slow for. */
  slowFrames: number;
  replays: number;
}

/** Chromium repeats its request for a key frame every 200 ms or so until one decodes; one replay must have time to arrive. */
const minReplayIntervalMs = 700;
/**
 * A cached group is sent at about 26 Mbps: two seconds of 4 Mbps take 0.3 s, and a wall that starts sixteen tiles at once stays
 * below what a gigabit port and the browser's socket buffer. At 100 Mbps a 6 Mbps line lost most of it.
 */
const paceIntervalMs = 5;
const bytesPerPace = 16 * 1024;

class TrackSender {
  readonly timeline: PlayoutTimeline;
  readonly #outlet: PacketOutlet;
  readonly #format: OutletFormat;
  #sequenceNumber: number;

  constructor(outlet: PacketOutlet, format: OutletFormat) {
    this.#outlet = outlet;
    this.#format = format;
    this.#sequenceNumber = format.firstSequenceNumber;
    this.timeline = new PlayoutTimeline(format.clockRateHz, format.firstTimestamp);
  }

  /** Sends all packets of a frame; false when the socket was full and the rest was left out. */
  send(batch: RtpPacketBatch, timestamp: number, hasMarker: boolean): boolean {
    const packets = batch.packets();
    const { payloadType, ssrc } = this.#format;
    const last = packets.length - 1;
    for (let index = 0; index <= last; index++) {
      const packet = packets[index]!;
      writeRtpHeader(packet, hasMarker && index === last, payloadType, this.#sequenceNumber, timestamp, ssrc);
      this.#sequenceNumber = (this.#sequenceNumber + 1) & 0xffff;
      if (!this.#outlet.send(packet)) return false;
    }
    return true;
  }
}

/** What a viewer asks of the stream it belongs to. */
export interface ViewerHost {
  /** Send the cached group of pictures to this viewer. */
  replayTo(viewer: Viewer): void;
  /** The packets of one frame, valid until the next call; null for a frame that cannot be sent. */
  packetize(frame: Frame): RtpPacketBatch | null;
}

/** Where one track of a viewer goes, and under which label. */
export interface ViewerOutput {
  readonly outlet: PacketOutlet;
  readonly format: OutletFormat;
}

/** State of one viewer. Never throws, never waits. */
export class Viewer {
  readonly counters: ViewerCounters = { sentFrames: 0, droppedFrames: 0, slowFrames: 0, replays: 0 };
  readonly #video: TrackSender;
  readonly #audio: TrackSender | null;
  readonly #videoClockRateHz: number;
  readonly #clock: Clock;
  readonly #backlog = new Backlog();
  #cancelPace: (() => void) | null = null;
  #isWaitingForKeyFrame = true;
  /** It waits because it was too slow, not because there is no key frame yet. */
  #isBehind = false;
  readonly #lossWatch = new LossWatch();
  readonly #slowWatch = new SlowWatch();
  readonly #delivery: ViewerDelivery | null;
  readonly #videoSsrc: number;
  #lastReplayMonotonicMs = Number.NEGATIVE_INFINITY;
  #newestTimestamp: number | null = null;
  #newestArrivedAtMs = 0;

  /** `delivery` counts what is left out because this viewer is slow. */
  constructor(clock: Clock, video: ViewerOutput, audio: ViewerOutput | null, delivery: ViewerDelivery | null = null) {
    this.#clock = clock;
    this.#delivery = delivery;
    this.#video = new TrackSender(video.outlet, video.format);
    this.#audio = audio === null ? null : new TrackSender(audio.outlet, audio.format);
    this.#videoClockRateHz = video.format.clockRateHz;
    this.#videoSsrc = video.format.ssrc;
  }

  get hasAudio(): boolean {
    return this.#audio !== null;
  }

  /** The packets of a live video frame; `frame` is borrowed. */
  onVideo(frame: Frame, batch: RtpPacketBatch): void {
    if (this.#isWaitingForKeyFrame && !frame.isKeyFrame) {
      this.counters.droppedFrames++;
      if (this.#isBehind) this.#noteSlow(1);
      return;
    }
    this.#isWaitingForKeyFrame = false;
    this.#isBehind = false;
    // With the live key frame in hand, the rest of the group before would only keep the viewer behind; above the pace, for ever.
    if (frame.isKeyFrame) this.#noteSlow(this.#dropBacklog());
    const timestamp = this.#video.timeline.live(frame);
    if (this.#backlog.isEmpty) this.#sendVideo(frame, batch, timestamp);
    else this.#backlog.push(frame, timestamp);
  }

  /** The packets of a live audio frame. */
  onAudio(frame: Frame, batch: RtpPacketBatch): void {
    this.#audio?.send(batch, this.#audio.timeline.live(frame), false);
  }

  /** The stream broke off or its parameters changed: what comes next starts with a key frame. */
  onInterrupted(): void {
    this.#isBehind = false;
    this.#dropToKeyFrame();
  }

  /** Sends a cached group, from its key frame to the live edge, as fast as the path may bear; live frames queue up behind it. */
  replay(frames: readonly Frame[], host: ViewerHost): void {
    if (frames[0]?.isKeyFrame !== true || !this.#backlog.isEmpty) return;
    this.counters.replays++;
    this.#isWaitingForKeyFrame = false;
    this.#isBehind = false;
    const { firstTimestamp, spacingTicks } = this.#video.timeline.replay(frames);
    let timestamp = firstTimestamp;
    for (const frame of frames) {
      this.#backlog.push(frame, timestamp);
      timestamp = (timestamp + spacingTicks) % 2 ** 32;
    }
    this.#sendBacklog(host);
  }

  /** Lets go of what is still to be sent. */
  close(): void {
    this.#dropToKeyFrame();
  }

  /** A compound RTCP packet from this viewer. */
  onRtcp(packet: Buffer, host: ViewerHost): void {
    const nowMonotonicMs = this.#clock.monotonicMs();
    const { wantsKeyFrame, reception } = parseRtcpFeedback(packet, this.#videoSsrc);
    if (reception !== null) {
      const isJudged = this.#lossWatch.onReport(reception, nowMonotonicMs);
      // One that waits for a key frame meanwhile loses nothing, for it gets nothing.
      if (isJudged && (this.#isBehind || this.#lossWatch.isLossy)) this.#slowWatch.onTrouble(nowMonotonicMs);
      if (this.#lossWatch.isTooLossy) this.#fallBehind();
    }
    // Over a full path the next key frame arrives sooner than a group sent again.
    if (!wantsKeyFrame || this.#lossWatch.isLossy || nowMonotonicMs - this.#lastReplayMonotonicMs < minReplayIntervalMs) return;
    this.#lastReplayMonotonicMs = nowMonotonicMs;
    host.replayTo(this);
  }

  /** Whether the page is to be told now that the stream is too much for its path; see `slow-watch.ts`. */
  takeSlowNews(): boolean {
    return this.#slowWatch.takeNews(this.#clock.monotonicMs());
  }

  /** The newest frame sent and when it reached the node, for the data channel; null before the first. */
  clockMessage(nowMs: number): ClockMessage | null {
    if (this.#newestTimestamp === null) return null;
    return { rtpTimestamp: this.#newestTimestamp, clockRateHz: this.#videoClockRateHz, arrivedAtMs: this.#newestArrivedAtMs, nowMs };
  }

  #sendBacklog(host: ViewerHost): void {
    let budgetBytes = bytesPerPace;
    while (budgetBytes > 0) {
      const next = this.#backlog.take();
      if (next === null) return;
      const { frame, timestamp } = next;
      const batch = host.packetize(frame);
      if (batch !== null) this.#sendVideo(frame, batch, timestamp);
      budgetBytes -= frame.end - frame.start;
      frame.slab.release();
    }
    if (!this.#backlog.isEmpty) this.#cancelPace = this.#clock.setTimer(paceIntervalMs, () => this.#sendBacklog(host));
  }

  #sendVideo(frame: Frame, batch: RtpPacketBatch, timestamp: number): void {
    if (this.#video.send(batch, timestamp, true)) {
      this.counters.sentFrames++;
      this.#newestTimestamp = timestamp;
      this.#newestArrivedAtMs = frame.arrivedWallClockMs;
    } else {
      this.counters.droppedFrames++;
      this.#noteSlow(1);
      this.#slowWatch.onTrouble(this.#clock.monotonicMs());
      this.#fallBehind();
    }
  }

  #fallBehind(): void {
    this.#isBehind = true;
    this.#noteSlow(this.#dropToKeyFrame());
  }

  #noteSlow(frames: number): void {
    if (frames === 0) return;
    this.counters.slowFrames += frames;
    this.#delivery?.noteDropped(frames, this.#clock.monotonicMs());
  }

  /** Returns how many frames that waited were dropped, as below. */
  #dropToKeyFrame(): number {
    this.#isWaitingForKeyFrame = true;
    return this.#dropBacklog();
  }

  #dropBacklog(): number {
    this.#cancelPace?.();
    this.#cancelPace = null;
    const dropped = this.#backlog.clear();
    this.counters.droppedFrames += dropped;
    return dropped;
  }
}
