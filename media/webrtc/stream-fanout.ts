/** Packetizes one stream once and hands the packets to all its WebRTC viewers (hot path). */
import type { Clock } from '../clock/clock.ts';
import type { Frame, StreamTracks } from '../stream/frame.ts';
import { LastingAttachment } from '../stream/lasting-attachment.ts';
import type { FrameSink, StreamHub } from '../stream/sink.ts';
import { packetizeAudio } from './audio-packetizer.ts';
import { packetizeH264 } from './h264-packetizer.ts';
import { packetizeH265 } from './h265-packetizer.ts';
import { RtpPacketBatch } from './rtp-packet-batch.ts';
import type { Viewer, ViewerHost } from './viewer.ts';

/** Called when the stream turned into something its viewers did not negotiate: they must ask anew. */
export type StreamTurned = (tracks: StreamTracks) => void;

/** The one sink of a hub that serves WebRTC. Attached while it has viewers. */
export class StreamFanout implements FrameSink, ViewerHost {
  readonly #hub: StreamHub;
  /** What viewers negotiated. */
  readonly #codec: 'h264' | 'h265' | null;
  readonly #audioCodec: string | null;
  readonly #onTurned: StreamTurned;
  readonly #viewers = new Set<Viewer>();
  readonly #batch = new RtpPacketBatch();
  #tracks: StreamTracks;
  readonly #attachment: LastingAttachment;
  /** Frames that did not packetize; a camera whose NAL lengths lie. */
  #malformedFrames = 0;

  constructor(hub: StreamHub, tracks: StreamTracks, onTurned: StreamTurned, clock: Clock) {
    this.#hub = hub;
    this.#attachment = new LastingAttachment({ hub, sink: () => this, onExpelled: () => this.onInterrupted(), clock });
    this.#tracks = tracks;
    this.#codec = tracks.video?.codec ?? null;
    this.#audioCodec = tracks.audio?.codec ?? null;
    this.#onTurned = onTurned;
  }

  get viewerCount(): number {
    return this.#viewers.size;
  }

  get malformedFrames(): number {
    return this.#malformedFrames;
  }

  /** True while a viewer that negotiated this stream's codecs can be added. */
  fits(tracks: StreamTracks | null): boolean {
    if (tracks === null || tracks.video === null || tracks.video.hasReordering) return false;
    return tracks.video.codec === this.#codec && (tracks.audio?.codec ?? null) === this.#audioCodec;
  }

  /** Starts to feed `viewer`, with the cached group first. */
  add(viewer: Viewer): void {
    // Attached before anybody is in the set: the cached frames given at once pass by, and none is missed afterwards.
    this.#attachment.attach();
    if (this.fits(this.#tracks)) {
      this.replayTo(viewer);
      this.#viewers.add(viewer);
    } else {
      // The stream turned since the offer was answered, and the owner was told while attaching.
      this.remove(viewer);
    }
  }

  remove(viewer: Viewer): void {
    this.#viewers.delete(viewer);
    viewer.close();
    if (this.#viewers.size > 0) return;
    this.#attachment.detach();
  }

  replayTo(viewer: Viewer): void {
    const frames: Frame[] = [];
    const removal = this.#hub.addSink(
      {
        onTracks() {},
        onFrame(frame) {
          if (frame.kind === 'video') frames.push(frame);
        },
        onInterrupted() {},
      },
      'cached-group',
    );
    // The hub keeps its cache until the next frame arrives; the viewer holds what it has not sent by then.
    removal();
    viewer.replay(frames, this);
  }

  packetize(frame: Frame): RtpPacketBatch | null {
    return this.#packetizeVideo(frame) ? this.#batch : null;
  }

  onTracks(tracks: StreamTracks): void {
    this.#tracks = tracks;
    // Frames that wait belong to other parameter sets than those of now.
    for (const viewer of this.#viewers) viewer.onInterrupted();
    if (!this.fits(tracks)) this.#onTurned(tracks);
  }

  onFrame(frame: Frame): void {
    if (frame.kind === 'video') {
      if (this.#viewers.size === 0 || !this.#packetizeVideo(frame)) return;
      for (const viewer of this.#viewers) viewer.onVideo(frame, this.#batch);
    } else {
      if (this.#viewers.size === 0 || !packetizeAudio(frame, this.#batch)) return;
      for (const viewer of this.#viewers) if (viewer.hasAudio) viewer.onAudio(frame, this.#batch);
    }
  }

  onInterrupted(): void {
    for (const viewer of this.#viewers) viewer.onInterrupted();
  }

  #packetizeVideo(frame: Frame): boolean {
    const { video } = this.#tracks;
    if (video === null) return false;
    const isDone = this.#codec === 'h264' ? packetizeH264(frame, video, this.#batch) : packetizeH265(frame, video, this.#batch);
    if (!isDone) this.#malformedFrames++;
    return isDone;
  }
}
