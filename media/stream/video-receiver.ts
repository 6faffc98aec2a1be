/** Hot. RTP packets of the video track in, timed frames out: sequence, depacketizer, parameter sets, time. */
import { DecodeTimes } from '../clock/decode-times.ts';
import type { Clock } from '../clock/clock.ts';
import { RtpTimeline } from '../clock/rtp-timeline.ts';
import { MAX_ACCESS_UNIT_BYTES } from '../codec/access-unit.ts';
import type { AccessUnitListener, VideoDepacketizer } from '../codec/access-unit.ts';
import { H264Depacketizer } from '../codec/h264-depacketizer.ts';
import { H265Depacketizer } from '../codec/h265-depacketizer.ts';
import { VideoParameters } from '../codec/video-parameters.ts';
import { RtpPacket } from '../rtp/rtp-packet.ts';
import { SequenceTracker, STALE_PACKET } from '../rtp/sequence-tracker.ts';
import type { PlannedVideo } from '../sdp/track-plan.ts';
import type { Frame, VideoTrack } from './frame.ts';
import { GenerationBudget } from './generation-budget.ts';
import type { SlabPool } from './slab-pool.ts';
import { SlabWriter } from './slab-writer.ts';

/** Receives what the track yields. Calls are synchronous. */
export interface VideoReceiverListener {
  /** The track is known, or another one from now on; returns the generation of the frames that follow. */
  onVideoTrack(track: VideoTrack): number;
  /** Borrows `frame`. */
  onFrame(frame: Frame): void;
  onLoss(packets: number): void;
}

/**
 * What follows a picture that lost packets. `await-key-frame`: nothing until the next key frame, so that no picture is ever
 * smeared. `go-on`: the pictures after it, though they refer to it. Over UDP with 2 % loss hardly a group of pictures stays
 * whole; a picture that is smeared for a second shows who is at the gate, one that stands still does not.
 */
export type AfterLoss = 'await-key-frame' | 'go-on';

/** First slab: a quarter of a second at 4 Mbps; grows with the bitrate. */
const FIRST_SLAB_BYTES = 128 * 1024;
/** Assumed of a stream that reorders and does not say its rate; it only spaces the first decode times. */
const USUAL_FRAMES_PER_SECOND = 25;
/** A stream that does not tell its reordering is not followed deeper than x264's default. */
const MAX_LEARNED_DEPTH = 4;

/** Receiver of one video track of one connection. */
export class VideoReceiver implements AccessUnitListener {
  readonly #planned: PlannedVideo;
  readonly #clock: Clock;
  readonly #listener: VideoReceiverListener;
  readonly #packet = new RtpPacket();
  readonly #writer: SlabWriter;
  readonly #depacketizer: VideoDepacketizer;
  readonly #parameters: VideoParameters;
  readonly #timeline: RtpTimeline;
  readonly sequence = new SequenceTracker();
  #decodeTimes = new DecodeTimes(0);
  #depth = 0;
  #usualFrameTicks = 1;
  #learnedDepth = 0;
  #saysReordering = false;
  #describedVersion = -1;
  readonly #generations = new GenerationBudget();
  #generation = 0;
  #awaitsKeyFrame = true;
  #lastTimestamp = 0;
  /** Access units that were lost or had to be left out. */
  droppedUnits = 0;
  /** Key frames among them that came damaged. */
  damagedKeyFrames = 0;
  readonly #afterLoss: AfterLoss;

  /** `originMonotonicMs`: where the ticks of all tracks of the stream begin. */
  constructor(
    planned: PlannedVideo,
    pool: SlabPool,
    clock: Clock,
    originMonotonicMs: number,
    listener: VideoReceiverListener,
    afterLoss: AfterLoss = 'await-key-frame',
  ) {
    this.#afterLoss = afterLoss;
    this.#planned = planned;
    this.#clock = clock;
    this.#listener = listener;
    this.#writer = new SlabWriter(pool, MAX_ACCESS_UNIT_BYTES, FIRST_SLAB_BYTES);
    this.#depacketizer = planned.codec === 'h264' ? new H264Depacketizer(this.#writer, this) : new H265Depacketizer(this.#writer, this);
    this.#parameters = new VideoParameters(planned.codec, planned.clockRateHz);
    for (const nalUnit of planned.parameterSets) this.#parameters.put(nalUnit);
    this.#timeline = new RtpTimeline(planned.clockRateHz, originMonotonicMs);
  }

  /** Borrows `bytes[start, end)`: one RTP packet. False: it is none of this track. */
  push(bytes: Buffer, start: number, end: number): boolean {
    const packet = this.#packet;
    if (!packet.parse(bytes, start, end) || packet.payloadType !== this.#planned.payloadType) return false;
    const missing = this.sequence.accept(packet.sequenceNumber, packet.ssrc);
    if (missing === STALE_PACKET) return true;
    if (missing > 0) {
      this.#depacketizer.onLoss();
      this.#listener.onLoss(missing);
    }
    this.#depacketizer.push(packet);
    return true;
  }

  get ssrc(): number {
    return this.#packet.ssrc;
  }

  /** Whether the camera's timestamps are not to be trusted now. */
  isTimeBroken(nowMonotonicMs: number): boolean {
    return this.#timeline.isBroken(nowMonotonicMs);
  }

  /** How old the first picture was when it came, ms; grows while a camera sends what it has in its cache. */
  get openingLeadMs(): number {
    return this.#timeline.openingLeadMs;
  }

  /** Where an RTP time stands on the stream's axis, ms; null before the first unit. */
  axisMsOf(rtpTimestamp: number): number | null {
    return this.#timeline.axisMsOf(rtpTimestamp);
  }

  close(): void {
    this.#writer.close();
  }

  onParameterSet(nalUnit: Buffer): void {
    this.#parameters.put(nalUnit);
  }

  onDamagedUnit(isKeyFrame: boolean): void {
    this.droppedUnits += 1;
    if (isKeyFrame) this.damagedKeyFrames += 1;
    if (this.#afterLoss === 'await-key-frame') this.#awaitsKeyFrame = true;
  }

  onAccessUnit(rtpTimestamp: number, isKeyFrame: boolean, isBidirectional: boolean): void {
    this.#noticeReordering(rtpTimestamp, isBidirectional);
    const isRefused = isKeyFrame && this.#describedVersion !== this.#parameters.version && !this.#describe();
    if (isRefused || this.#generation === 0 || (this.#awaitsKeyFrame && !isKeyFrame)) {
      // A decoder with the old parameters could make nothing of what follows either.
      if (isRefused) this.#awaitsKeyFrame = true;
      this.droppedUnits += 1;
      this.#writer.dropUnit();
      return;
    }
    this.#awaitsKeyFrame = false;
    this.#emit(rtpTimestamp, isKeyFrame);
  }

  #emit(rtpTimestamp: number, isKeyFrame: boolean): void {
    const arrivedMonotonicMs = this.#clock.monotonicMs();
    const presentationTicks = this.#timeline.advance(rtpTimestamp, arrivedMonotonicMs, this.#depth > 0);
    const decodeTicks = this.#decodeTimes.next(presentationTicks, this.#usualFrameTicks);
    if (presentationTicks < decodeTicks && this.#depth > 0) this.#learnDeeper();
    const writer = this.#writer;
    const frame: Frame = {
      kind: 'video',
      slab: writer.slab,
      start: writer.unitStart,
      end: writer.unitEnd,
      isKeyFrame,
      decodeTicks,
      compositionOffsetTicks: Math.max(0, presentationTicks - decodeTicks),
      arrivedMonotonicMs,
      arrivedWallClockMs: this.#clock.wallClockMs(),
      generation: this.#generation,
    };
    writer.commitUnit();
    writer.observeTime(arrivedMonotonicMs);
    this.#listener.onFrame(frame);
  }

  /** Quirk: an SPS without bitstream restriction hides that there are B-frames; the first that steps back in time gives it away. */
  #noticeReordering(rtpTimestamp: number, isBidirectional: boolean): void {
    const isBack = ((rtpTimestamp - this.#lastTimestamp) | 0) < 0;
    this.#lastTimestamp = rtpTimestamp;
    if (isBack && isBidirectional && this.#depth === 0 && this.#generation !== 0) this.#learnDeeper();
  }

  #learnDeeper(): void {
    if (this.#saysReordering || this.#learnedDepth >= MAX_LEARNED_DEPTH) return;
    this.#learnedDepth += 1;
    // The track changes, and it can do so only at a key frame.
    this.#describedVersion = -1;
    this.#awaitsKeyFrame = true;
  }

  /** False: the parameters changed, and may not yet. */
  #describe(): boolean {
    const described = this.#parameters.describe((maxReorderFrames) => (maxReorderFrames ?? this.#learnedDepth) > 0);
    if (described === null) return true;
    if (!this.#generations.take(this.#clock.monotonicMs())) return false;
    this.#describedVersion = this.#parameters.version;
    this.#saysReordering = described.maxReorderFrames !== null;
    this.#depth = described.maxReorderFrames ?? this.#learnedDepth;
    this.#usualFrameTicks = Math.max(1, Math.round(this.#planned.clockRateHz / (described.framesPerSecond ?? USUAL_FRAMES_PER_SECOND)));
    this.#decodeTimes = new DecodeTimes(this.#depth);
    this.#generation = this.#listener.onVideoTrack(described.track);
    return true;
  }
}
