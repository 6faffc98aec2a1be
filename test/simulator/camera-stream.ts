/**
 * One stream of a camera: the loop on its time line, sent to whoever plays it. The picture that is due follows from
 * the time since the camera booted, whether anybody watches or not; main and sub stay in step.
 */
import { randomInt } from 'node:crypto';

import type { CameraConfig } from './camera-config.ts';
import type { AudioTrack, Clip, ClipCatalogue, Packetization, StreamRole, VideoTrack } from './clip-catalogue.ts';
import { faultyTicks, isAboutTime } from './fault.ts';
import type { Fault } from './fault.ts';
import { reportedPair } from './reported-pair.ts';
import { writeNonsense, writeNonsensePackets } from './nonsense.ts';
import type { Viewer } from './viewer.ts';

/** A picture that was sent, for tests that compare the number in a picture with the moment it left. */
export interface SentFrame {
  /** Counts since the camera booted. */
  readonly frameNumber: number;
  /** The number in the picture's frame mark. */
  readonly loopFrame: number;
  /** Wall-clock milliseconds. */
  readonly sentAt: number;
  readonly isKeyFrame: boolean;
}

/** What is sent at a place on the time line. */
interface Picture {
  readonly track: VideoTrack;
  readonly index: number;
}

const VIDEO_CLOCK_HZ = 90_000;
/** Frames kept in the log: a minute and more at 15 per second. */
const LOGGED_FRAMES = 1200;
/** A process that was held up for longer goes on with the present instead of catching up. */
const MAX_CATCH_UP_MS = 2000;
/** A slow camera holds no more than this before it drops frames. */
const MAX_SLOW_BYTES = 96_000;
/** This long a camera that sends nonsense keeps to the framing; then it loses that, too. */
const FRAMED_NONSENSE_MS = 3000;

/** One stream (main or sub) of one camera. */
export class CameraStream {
  readonly role: StreamRole;
  readonly video: VideoTrack;
  readonly audio: AudioTrack | null;
  readonly #config: CameraConfig;
  readonly #black: VideoTrack;
  readonly #otherSize: VideoTrack;
  readonly #viewers = new Set<Viewer>();
  readonly #log: SentFrame[] = [];
  #bootedAtMs: number;
  #ssrc = { video: 0, audio: 0 };
  #timestampOffset = { video: 0, audio: 0 };
  #nextFrame = 0;
  #nextAudioUnit = 0;
  /** The track last sent; another one begins with a key frame. */
  #currentTrack: VideoTrack;

  constructor(role: StreamRole, clip: Clip, config: CameraConfig, catalogue: ClipCatalogue, nowMs: number) {
    const packetization: Packetization = {
      packetSizeBytes: config.packetSizeBytes,
      aggregate: config.aggregate,
      parameterSetsInBand: config.parameterSets !== 'sdp',
    };
    const inBand = { ...packetization, parameterSetsInBand: true };
    this.role = role;
    this.video = catalogue.video(clip, role, packetization);
    this.audio = config.audio === 'none' ? null : catalogue.audio(config.audio, clip.light);
    this.#config = config;
    this.#black = catalogue.black(clip, role, inBand);
    this.#otherSize = catalogue.otherSize(clip, role, inBand);
    this.#currentTrack = this.video;
    this.#bootedAtMs = nowMs;
    this.boot(nowMs);
  }

  /** Starts the time line anew, as a reboot does: other SSRCs, other timestamps, frame 0. */
  boot(nowMs: number): void {
    this.#bootedAtMs = nowMs;
    this.#ssrc = { video: randomInt(2 ** 32), audio: randomInt(2 ** 32) };
    this.#timestampOffset = { video: randomInt(2 ** 32), audio: randomInt(2 ** 32) };
    this.#nextFrame = 0;
    this.#nextAudioUnit = 0;
  }

  /** How many clients play. */
  get viewerCount(): number {
    return this.#viewers.size;
  }

  /** The last frames sent, oldest first. */
  sentFrames(limit: number): readonly SentFrame[] {
    return this.#log.slice(-limit);
  }

  /** The RTP timestamp of a moment, without faults. */
  timestampAt(kind: 'video' | 'audio', nowMs: number): number {
    const clockRateHz = kind === 'video' ? VIDEO_CLOCK_HZ : (this.audio?.clip.clockRateHz ?? 0);
    const ticks = Math.round(((nowMs - this.#bootedAtMs) / 1000) * clockRateHz);
    return (this.#timestampOffset[kind] + ticks) % 2 ** 32;
  }

  /** The SSRC of a track, for the `Transport` of SETUP. */
  ssrc(kind: 'video' | 'audio'): number {
    return this.#ssrc[kind];
  }

  /** Begins to send to a client. */
  add(viewer: Viewer, nowMs: number): void {
    if (this.#viewers.size === 0) this.#catchUp(nowMs, 0);
    this.#viewers.add(viewer);
    if (this.#config.start === 'next-key-frame') return;
    viewer.waitsForKeyFrame = false;
    if (this.#config.start === 'anywhere') return;
    const keys = this.video.isKeyFrame;
    let first = this.#nextFrame - 1;
    while (first > 0 && keys[first % keys.length] !== true) first--;
    for (let frame = Math.max(0, first); frame < this.#nextFrame; frame++) {
      const index = frame % keys.length;
      this.#sendVideo(viewer, { track: this.video, index }, frame, null, nowMs);
    }
  }

  /** Stops sending to a client; does nothing if it does not play. */
  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  /** Sends everything that is due by now. */
  sendDue(nowMs: number, fault: Fault | null): void {
    if (this.#viewers.size === 0) return;
    this.#catchUp(nowMs, MAX_CATCH_UP_MS);
    while (this.#frameDueMs(this.#nextFrame) <= nowMs) this.#sendFrame(this.#nextFrame++, nowMs, fault);
    while (this.audio !== null && this.#audioDueMs(this.#nextAudioUnit) <= nowMs) {
      this.#sendAudioUnit(this.audio, this.#nextAudioUnit++, nowMs, fault);
    }
  }

  #frameDueMs(frame: number): number {
    return this.#bootedAtMs + (frame * 1000) / this.video.fps;
  }

  #audioDueMs(unit: number): number {
    if (this.audio === null) return Number.POSITIVE_INFINITY;
    const { samplesPerUnit, clockRateHz } = this.audio.clip;
    return this.#bootedAtMs + (unit * samplesPerUnit * 1000) / clockRateHz;
  }

  /** Leaves out what is older than `toleranceMs`. */
  #catchUp(nowMs: number, toleranceMs: number): void {
    const elapsedSeconds = (nowMs - toleranceMs - this.#bootedAtMs) / 1000;
    this.#nextFrame = Math.max(this.#nextFrame, Math.ceil(elapsedSeconds * this.video.fps));
    if (this.audio === null) return;
    const unitsPerSecond = this.audio.clip.clockRateHz / this.audio.clip.samplesPerUnit;
    this.#nextAudioUnit = Math.max(this.#nextAudioUnit, Math.ceil(elapsedSeconds * unitsPerSecond));
  }

  #sendFrame(frame: number, nowMs: number, fault: Fault | null): void {
    const picture = this.#picture(frame, fault);
    if (picture === null) return;
    const isKeyFrame = picture.track.isKeyFrame[picture.index] === true;
    if (picture.track !== this.#currentTrack) {
      this.#currentTrack = picture.track;
      for (const viewer of this.#viewers) viewer.waitsForKeyFrame = true;
    }
    let wasSent = false;
    for (const viewer of this.#viewers) {
      if (viewer.link.isCongested) viewer.waitsForKeyFrame = true;
      if (viewer.waitsForKeyFrame && !isKeyFrame && fault?.kind !== 'no-key-frames') continue;
      viewer.waitsForKeyFrame = viewer.link.isCongested;
      if (viewer.link.isCongested) continue;
      wasSent = this.#sendVideo(viewer, picture, frame, fault, nowMs) || wasSent;
    }
    if (!wasSent) return;
    this.#log.push({ frameNumber: frame, loopFrame: picture.index, sentAt: nowMs, isKeyFrame });
    if (this.#log.length > LOGGED_FRAMES) this.#log.shift();
  }

  /** What the camera's encoder puts out for a frame; null if nothing. */
  #picture(frame: number, fault: Fault | null): Picture | null {
    const index = frame % this.video.templates.length;
    const sinceFault = fault === null ? 0 : this.#framesSince(frame, fault.sinceMs);
    switch (fault?.kind) {
      case 'audio-only':
      case 'silence':
        return null;
      case 'black':
        return { track: this.#black, index: sinceFault % this.#black.templates.length };
      case 'parameter-change':
        return { track: this.#otherSize, index: sinceFault % this.#otherSize.templates.length };
      case 'frozen': {
        let key = (frame - sinceFault) % this.video.templates.length;
        while (this.video.isKeyFrame[key] !== true) key--;
        return { track: this.video, index: key };
      }
      case 'no-key-frames':
        return this.video.isKeyFrame[index] === true ? null : { track: this.video, index };
      default:
        return { track: this.video, index };
    }
  }

  #framesSince(frame: number, momentMs: number): number {
    const firstFrame = Math.max(0, Math.ceil(((momentMs - this.#bootedAtMs) / 1000) * this.video.fps));
    return Math.max(0, frame - firstFrame);
  }

  /** True if the frame went out whole. */
  #sendVideo(viewer: Viewer, picture: Picture, frame: number, fault: Fault | null, nowMs: number): boolean {
    if (viewer.link.isCut) return false;
    const template = picture.track.templates[picture.index];
    if (template === undefined) return false;
    const ticks = Math.round((frame * VIDEO_CLOCK_HZ) / this.video.fps);
    const sinceTicks = Math.round((((fault?.sinceMs ?? nowMs) - this.#bootedAtMs) / 1000) * VIDEO_CLOCK_HZ);
    const timestamp = (this.#timestampOffset.video + faultyTicks(fault?.kind ?? null, ticks, sinceTicks, frame)) >>> 0;
    const bytes = viewer.stamp('video', template, timestamp, this.#ssrc.video);
    if (bytes === null) return false;
    switch (fault?.kind) {
      case 'stall':
        viewer.link.cut(bytes);
        return false;
      case 'slow':
        viewer.waitsForKeyFrame = viewer.link.trickleBytes > MAX_SLOW_BYTES;
        if (!viewer.waitsForKeyFrame) viewer.link.writeSlowly(bytes, nowMs);
        return !viewer.waitsForKeyFrame;
      case 'nonsense':
        if (nowMs - fault.sinceMs < FRAMED_NONSENSE_MS) writeNonsensePackets(bytes, template.packetStarts, frame);
        else writeNonsense(bytes, 0, bytes.length, frame);
        viewer.link.write(bytes);
        return false;
      default:
        viewer.send(bytes, template);
        this.#report(viewer, 'video', nowMs, fault);
        return true;
    }
  }

  #sendAudioUnit(audio: AudioTrack, unit: number, nowMs: number, fault: Fault | null): void {
    if (fault?.kind === 'silence' || fault?.kind === 'nonsense' || fault?.kind === 'slow') return;
    const template = audio.templates[unit % audio.templates.length];
    if (template === undefined) return;
    const ticks = unit * audio.clip.samplesPerUnit;
    const timestamp = (this.#timestampOffset.audio + ticks) % 2 ** 32;
    for (const viewer of this.#viewers) {
      if (viewer.link.isCut || viewer.link.isCongested) continue;
      const bytes = viewer.stamp('audio', template, timestamp, this.#ssrc.audio);
      if (bytes === null) continue;
      viewer.send(bytes, template);
      this.#report(viewer, 'audio', nowMs, fault);
    }
  }

  #report(viewer: Viewer, kind: 'video' | 'audio', nowMs: number, fault: Fault | null): void {
    const { wallClockMs, mediaAtMs } = reportedPair(fault, nowMs, this.#bootedAtMs);
    viewer.report(kind, nowMs, wallClockMs, this.timestampAt(kind, mediaAtMs), this.#ssrc[kind]);
  }

  /** What a fault that has ended leaves to be done: bytes that were kept back, decoders that must start again. */
  recover(ended: Fault): void {
    for (const viewer of this.#viewers) {
      if (viewer.link.isCut) viewer.link.resume();
      if (!isAboutTime(ended.kind)) viewer.waitsForKeyFrame = true;
    }
  }
}
