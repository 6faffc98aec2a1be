/**
 * Turns the frames of one timeline (one generation without interruption) into fragments. What packager and recorder
 * share; when to cut is theirs.
 *
 * A frame's duration is only known when the next one arrives, so the newest video frame is held back. Ticks are counted
 * from the first video frame, or from an earlier moment where a timeline goes on. Hot.
 */
import type { AudioTrack, Frame, VideoTrack } from '../stream/frame.ts';
import type { Slab } from '../stream/slab.ts';
import { writeFragmentHeader } from './fragment-header.ts';
import { SampleRun } from './sample-run.ts';
import { SlabViews } from './slab-views.ts';

/** A finished fragment. Whoever takes it releases `body`. */
export interface Fragment {
  /** `moof` and the head of `mdat`, before it `prft` if asked for. */
  readonly header: Buffer;
  readonly body: SlabViews;
  readonly sizeBytes: number;
  /** Of the video, in ticks of its clock from the start of the timeline. */
  readonly startTicks: number;
  readonly durationTicks: number;
  /** Arrival of the first video frame; wall clock, ms since 1970. */
  readonly arrivedWallClockMs: number;
  readonly startsWithKeyFrame: boolean;
}

/** Guards against timestamps that hardly advance: a run is cut at these, whatever its duration. */
const maxVideoSamples = 512;
const maxAudioSamples = 2048;
const maxRunBytes = 16 * 1024 * 1024;

/** Duration of a frame nobody follows, before any was measured: 25 frames per second. */
const assumedFrameSeconds = 0.04;

/** Audio and video ticks that disagree with their arrivals by more do not share an origin; then arrival decides. */
const maxTickDisagreementMs = 1500;

/** Samples of an AAC frame (ISO/IEC 14496-3 §4.5.2.1.1). */
const aacFrameTicks = 1024;

/** Collects one timeline. Start a new one after an interruption, a gap or a new generation. */
export class SampleCollector {
  readonly #videoClockRateHz: number;
  readonly #audio: AudioTrack | null;
  readonly #withProducerReference: boolean;
  readonly #startSeconds: number;
  readonly #videoRun = new SampleRun();
  readonly #audioRun = new SampleRun();
  #sequenceNumber = 0;

  /** Origin of the timeline, `startSeconds` before the first video frame; set by it. */
  #hasOrigin = false;
  #originTicks = 0;
  #originMonotonicMs = 0;
  #hasAudioOrigin = false;
  #audioOriginTicks = 0;

  /** The video frame held back. */
  #pendingSlab: Slab | null = null;
  #pendingStart = 0;
  #pendingEnd = 0;
  #pendingTicks = 0;
  #pendingCompositionOffsetTicks = 0;
  #pendingIsKeyFrame = false;
  #pendingWallClockMs = 0;
  #lastDurationTicks: number;

  /** First samples of the runs. */
  #runStartTicks = 0;
  #runWallClockMs = 0;
  #runStartsWithKeyFrame = false;
  #audioRunStartTicks = 0;
  #audioNextTicks: number;

  /** `audio`: null when it shall not be stored. `startSeconds`: decode time of the first video frame. */
  constructor(video: VideoTrack, audio: AudioTrack | null, withProducerReference: boolean, startSeconds = 0) {
    this.#startSeconds = startSeconds;
    this.#audioNextTicks = Math.round(startSeconds * (audio?.clockRateHz ?? 0));
    this.#videoClockRateHz = video.clockRateHz;
    this.#audio = audio;
    this.#withProducerReference = withProducerReference;
    this.#lastDurationTicks = Math.round(video.clockRateHz * assumedFrameSeconds);
  }

  /** Duration of the video collected, without the frame held back. */
  get durationTicks(): number {
    return this.#videoRun.durationTicks;
  }

  get sizeBytes(): number {
    return this.#videoRun.views.sizeBytes + this.#audioRun.views.sizeBytes;
  }

  /** Whether the video collected begins with a key frame. */
  get startsWithKeyFrame(): boolean {
    return this.#runStartsWithKeyFrame;
  }

  /** A fragment must be cut now. */
  get isFull(): boolean {
    return this.#videoRun.count >= maxVideoSamples || this.#audioRun.count >= maxAudioSamples || this.sizeBytes >= maxRunBytes;
  }

  /** Duration of the last frame whose end is known. */
  get lastDurationTicks(): number {
    return this.#lastDurationTicks;
  }

  /** Where a frame stands on the timeline, in ticks; only after the first video frame. */
  timelineTicks(frame: Frame): number {
    return frame.decodeTicks - this.#originTicks;
  }

  /** Ticks from the frame held back to `frame`; 0 when none is held. */
  ticksUntil(frame: Frame): number {
    return this.#pendingSlab === null ? 0 : frame.decodeTicks - this.#pendingTicks;
  }

  /** Ends the frame held back, and holds `frame` back instead. The first one must be a key frame. */
  pushVideo(frame: Frame): void {
    if (!this.#hasOrigin) {
      this.#hasOrigin = true;
      this.#originTicks = frame.decodeTicks - Math.round(this.#startSeconds * this.#videoClockRateHz);
      this.#originMonotonicMs = frame.arrivedMonotonicMs;
    }
    if (this.#pendingSlab !== null) this.#endPending(Math.max(1, frame.decodeTicks - this.#pendingTicks));
    frame.slab.retain();
    this.#pendingSlab = frame.slab;
    this.#pendingStart = frame.start;
    this.#pendingEnd = frame.end;
    this.#pendingTicks = frame.decodeTicks;
    this.#pendingCompositionOffsetTicks = frame.compositionOffsetTicks;
    this.#pendingIsKeyFrame = frame.isKeyFrame;
    this.#pendingWallClockMs = frame.arrivedWallClockMs;
  }

  /** Audio before the first video frame, and audio that goes back in time, is left out. */
  pushAudio(frame: Frame): void {
    const audio = this.#audio;
    if (audio === null || !this.#hasOrigin) return;
    if (!this.#hasAudioOrigin) this.#setAudioOrigin(frame, audio);
    const ticks = Math.round(frame.decodeTicks - this.#audioOriginTicks);
    if (ticks < this.#audioNextTicks) return;
    const run = this.#audioRun;
    if (run.count === 0) this.#audioRunStartTicks = ticks;
    else run.setLastDuration(ticks - this.#audioRunStartTicks - run.durationTicks + run.durations[run.count - 1]!);
    const durationTicks = audio.codec === 'aac' ? aacFrameTicks : Math.max(1, Math.floor((frame.end - frame.start) / audio.channels));
    run.append(frame.slab, frame.start, frame.end, durationTicks, 0, true);
    // Timestamps of sound are rounded now and then: half a frame back is still in order.
    this.#audioNextTicks = ticks + (durationTicks >> 1);
  }

  /** The frame held back is the last of the timeline; `durationTicks` when it is known better than from the one before. */
  endTimeline(durationTicks = this.#lastDurationTicks): void {
    if (this.#pendingSlab !== null) this.#endPending(durationTicks);
  }

  /** The fragment of all that is collected, null when that is nothing. The collector goes on with the next one. */
  finishFragment(): Fragment | null {
    const video = this.#videoRun;
    const audio = this.#audioRun;
    if (video.count === 0) return null;
    const header = writeFragmentHeader(
      {
        sequenceNumber: ++this.#sequenceNumber,
        videoTicks: this.#runStartTicks,
        audioTicks: this.#audioRunStartTicks,
        arrivedWallClockMs: this.#withProducerReference ? this.#runWallClockMs : null,
      },
      video,
      audio,
    );
    const durationTicks = video.durationTicks;
    const body = new SlabViews();
    body.takeOver(video.views);
    body.takeOver(audio.views);
    video.reset();
    audio.reset();
    return {
      header,
      body,
      sizeBytes: header.length + body.sizeBytes,
      startTicks: this.#runStartTicks,
      durationTicks,
      arrivedWallClockMs: this.#runWallClockMs,
      startsWithKeyFrame: this.#runStartsWithKeyFrame,
    };
  }

  /** Lets go of everything. Idempotent. */
  discard(): void {
    this.#pendingSlab?.release();
    this.#pendingSlab = null;
    this.#videoRun.reset();
    this.#audioRun.reset();
  }

  #endPending(durationTicks: number): void {
    const slab = this.#pendingSlab!;
    if (this.#videoRun.count === 0) {
      this.#runStartTicks = this.#pendingTicks - this.#originTicks;
      this.#runWallClockMs = this.#pendingWallClockMs;
      this.#runStartsWithKeyFrame = this.#pendingIsKeyFrame;
    }
    const offset = this.#pendingCompositionOffsetTicks;
    this.#videoRun.append(slab, this.#pendingStart, this.#pendingEnd, durationTicks, offset, this.#pendingIsKeyFrame);
    slab.release();
    this.#pendingSlab = null;
    this.#lastDurationTicks = durationTicks;
  }

  #setAudioOrigin(frame: Frame, audio: AudioTrack): void {
    this.#hasAudioOrigin = true;
    const arrivalMs = this.#startSeconds * 1000 + frame.arrivedMonotonicMs - this.#originMonotonicMs;
    const ticksMs = (frame.decodeTicks / audio.clockRateHz - this.#originTicks / this.#videoClockRateHz) * 1000;
    this.#audioOriginTicks =
      Math.abs(ticksMs - arrivalMs) <= maxTickDisagreementMs
        ? (this.#originTicks / this.#videoClockRateHz) * audio.clockRateHz
        : frame.decodeTicks - (arrivalMs / 1000) * audio.clockRateHz;
  }
}
