/** Packs one stream into fragments once and hands the same bytes to all its WebSocket viewers (hot path). */
import { writeInitSegment } from '../fmp4/init-segment.ts';
import { SampleCollector } from '../fmp4/sample-collector.ts';
import type { RecordableAudio } from '../fmp4/sample-entry.ts';
import type { LiveSocketAudio } from '../contract/live-socket.ts';
import type { Clock } from '../clock/clock.ts';
import type { AudioTrack, Frame, StreamTracks } from '../stream/frame.ts';
import { LastingAttachment } from '../stream/lasting-attachment.ts';
import type { FrameSink, StreamHub } from '../stream/sink.ts';
import { writeFragmentMessage, writeInitMessage, type MediaMessage } from './media-message.ts';

/** What a viewer has to know before the fragments. */
export interface StreamOpening {
  readonly mimeType: string;
  readonly audio: LiveSocketAudio;
  /** Message with the init segment, without channel. */
  readonly initMessage: Buffer;
}

/** One channel of a page. Calls never throw and never wait. */
export interface FragmentViewer {
  /** Other parameters, or the camera is back: fragments that follow belong to these, and begin with a key frame. */
  onOpening(opening: StreamOpening): void;
  /** Keeps `message` as long as it likes; nobody writes it again. */
  onFragment(message: MediaMessage): void;
  onInterrupted(): void;
}

/** Frames are gathered up to this; more often, 60 frames per second would double the messages for 17 ms. */
const minFragmentSeconds = 0.03;
/** A hole in the frames begins a new timeline: a fragment must not claim a frame of many seconds. */
const maxFrameSeconds = 10;

/** The one sink of a hub that serves WebSockets. Attached while it has viewers. */
export class FragmentFanout implements FrameSink {
  readonly #hub: StreamHub;
  readonly #viewers = new Set<FragmentViewer>();
  /** Reused, see {@link writeFragmentMessage}. */
  readonly #scratch: Uint8Array[] = [];
  readonly #attachment: LastingAttachment;
  #tracks: StreamTracks | null = null;
  #opening: StreamOpening | null = null;
  /** Null until the key frame that begins a timeline. */
  #collector: SampleCollector | null = null;
  #clockRateHz = 90_000;
  /** First video frame of the timeline: its ticks stand for this media time. */
  #originTicks = 0;
  #originSeconds = 0;
  /** Arrival of the first frame of all; media time counts from it, so that it goes on over interruptions. */
  #firstMonotonicMs: number | null = null;

  constructor(hub: StreamHub, clock: Clock) {
    this.#hub = hub;
    this.#attachment = new LastingAttachment({ hub, sink: () => this, onExpelled: () => this.#onExpelled(), clock });
  }

  get viewerCount(): number {
    return this.#viewers.size;
  }

  /** Starts to feed `viewer`: init segment and the frames since the last key frame first, if there are any. */
  add(viewer: FragmentViewer): void {
    // Attached before the viewer is in the set: the frames cached so far build the timeline, then reach it by `#catchUp`.
    this.#attachment.attach();
    this.#flush();
    if (this.#opening !== null) {
      viewer.onOpening(this.#opening);
      this.#catchUp(viewer);
    }
    this.#viewers.add(viewer);
  }

  /** Idempotent. */
  remove(viewer: FragmentViewer): void {
    this.#viewers.delete(viewer);
    if (this.#viewers.size > 0) return;
    this.#attachment.detach();
    this.#endTimeline();
    this.#tracks = null;
    this.#opening = null;
  }

  onTracks(tracks: StreamTracks): void {
    this.#endTimeline();
    this.#tracks = tracks;
    this.#opening = null;
    if (tracks.video === null) return;
    const audio = playableAudio(tracks.audio);
    const codecs = audio === null ? tracks.video.codecString : `${tracks.video.codecString},${audio.codecString}`;
    this.#opening = {
      mimeType: `video/mp4; codecs="${codecs}"`,
      audio: audio !== null ? 'aac' : tracks.audio === null ? 'none' : 'left-out',
      initMessage: writeInitMessage(writeInitSegment(tracks.video, audio)),
    };
    for (const viewer of this.#viewers) viewer.onOpening(this.#opening);
  }

  onFrame(frame: Frame): void {
    if (this.#tracks === null || frame.generation !== this.#tracks.generation) return;
    if (frame.kind === 'audio') {
      this.#collector?.pushAudio(frame);
      return;
    }
    let collector = this.#collector;
    if (collector !== null && collector.ticksUntil(frame) > maxFrameSeconds * this.#clockRateHz) {
      this.#endTimeline();
      collector = null;
    }
    if (collector === null) {
      if (!frame.isKeyFrame) return;
      collector = this.#beginTimeline(frame);
      if (collector === null) return;
    }
    collector.pushVideo(frame);
    if (frame.isKeyFrame || collector.isFull || collector.durationTicks >= minFragmentSeconds * this.#clockRateHz) this.#flush();
  }

  onInterrupted(): void {
    this.#endTimeline();
    this.#opening = null;
    for (const viewer of this.#viewers) viewer.onInterrupted();
  }

  /** What is collected may be what does not pack: it is dropped. Viewers wait for the next opening. */
  #onExpelled(): void {
    const collector = this.#collector;
    this.#collector = null;
    this.#tracks = null;
    this.#opening = null;
    collector?.discard();
    for (const viewer of this.#viewers) viewer.onInterrupted();
  }

  #beginTimeline(frame: Frame): SampleCollector | null {
    const video = this.#tracks?.video ?? null;
    if (this.#tracks === null || video === null) return null;
    this.#firstMonotonicMs ??= frame.arrivedMonotonicMs;
    this.#clockRateHz = video.clockRateHz;
    this.#originTicks = frame.decodeTicks;
    this.#originSeconds = (frame.arrivedMonotonicMs - this.#firstMonotonicMs) / 1000;
    this.#collector = new SampleCollector(video, playableAudio(this.#tracks.audio), false, this.#originSeconds);
    return this.#collector;
  }

  /** Sends what is collected; the newest frame stays held back. */
  #flush(): void {
    const fragment = this.#collector?.finishFragment() ?? null;
    if (fragment === null) return;
    if (this.#viewers.size === 0) {
      fragment.body.release();
      return;
    }
    const message = writeFragmentMessage(fragment, this.#clockRateHz, this.#scratch);
    for (const viewer of this.#viewers) viewer.onFragment(message);
  }

  /** The cached group on the running timeline, without its newest frame: everybody gets that one next. */
  #catchUp(viewer: FragmentViewer): void {
    const video = this.#tracks?.video ?? null;
    // The hub keeps its cache until the next frame arrives; nothing arrives meanwhile.
    const frames = cachedFrames(this.#hub);
    const first = frames.find((frame) => frame.kind === 'video');
    if (this.#tracks === null || video === null || this.#collector === null || first === undefined) return;
    const startSeconds = this.#originSeconds + (first.decodeTicks - this.#originTicks) / this.#clockRateHz;
    const group = new SampleCollector(video, playableAudio(this.#tracks.audio), false, startSeconds);
    for (const frame of frames) {
      if (frame.kind === 'audio') group.pushAudio(frame);
      else group.pushVideo(frame);
      if (group.isFull) this.#sendGroup(group, viewer);
    }
    this.#sendGroup(group, viewer);
    group.discard();
  }

  #sendGroup(group: SampleCollector, viewer: FragmentViewer): void {
    const fragment = group.finishFragment();
    if (fragment !== null) viewer.onFragment(writeFragmentMessage(fragment, this.#clockRateHz, this.#scratch));
  }

  #endTimeline(): void {
    this.#collector?.endTimeline();
    this.#flush();
    this.#collector?.discard();
    this.#collector = null;
  }
}

function cachedFrames(hub: StreamHub): readonly Frame[] {
  const frames: Frame[] = [];
  const removal = hub.addSink({ onTracks() {}, onFrame: (frame) => frames.push(frame), onInterrupted() {} }, 'cached-group');
  removal();
  return frames;
}

function playableAudio(audio: AudioTrack | null): RecordableAudio | null {
  return audio !== null && isAac(audio) ? audio : null;
}

function isAac(audio: AudioTrack): audio is RecordableAudio {
  return audio.codec === 'aac';
}
