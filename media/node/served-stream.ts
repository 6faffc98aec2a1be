/** One stream as the node serves it: the managed stream with its packager, its recorder, its renditions and its viewers. */
import type { Clock } from '../clock/clock.ts';
import type { VideoRendition } from '../contract/media-api.ts';
import type { DesiredStream, ObservedStream } from '../contract/streams.ts';
import type { HlsPackager, PlaylistPosition } from '../hls/packager-contract.ts';
import type { Recorder } from '../recorder/recorder-contract.ts';
import { DeliveryMeasurements } from '../stream/delivery-measurements.ts';
import type { ManagedStream } from '../stream/managed-stream.ts';
import type { StreamHub } from '../stream/sink.ts';
import type { TranscodedStream } from '../transcode/transcoded-stream.ts';
import { HlsOutput } from './hls-output.ts';
import { PictureWait } from './picture-wait.ts';
import { TranscodedRendition } from './transcoded-rendition.ts';
import type { PictureOutcome, WatchedStream } from './watched-stream.ts';

export interface ServedStreamOptions {
  readonly desired: DesiredStream;
  readonly createManaged: (desired: DesiredStream, onChange: () => void) => ManagedStream;
  /** `after`: where the packager stood that was given up before, null for the first. */
  readonly createPackager: (after: PlaylistPosition | null) => HlsPackager;
  readonly createRecorder: (desired: DesiredStream) => Recorder;
  readonly createTranscoded: (source: ServedStream) => TranscodedStream;
  /** Phase or reason changed. Not called before the constructor is done. */
  readonly onChange: (stream: ServedStream) => void;
  /** A recorder that could not be closed in order. */
  readonly onFailed: (error: unknown) => void;
  readonly clock: Clock;
}

/** A viewer of an on-demand stream waits so long for the camera to deliver (RTSP handshake and one key frame interval). */
export const pictureTimeoutMs = 8_000;

/** Closes everything it made. */
export class ServedStream implements WatchedStream {
  /** Who is too slow for this stream, whichever way they watch. */
  readonly delivery = new DeliveryMeasurements();
  #desired: DesiredStream;
  readonly #options: ServedStreamOptions;
  readonly #managed: ManagedStream;
  readonly #hls: HlsOutput;
  readonly #pictureWait: PictureWait;
  #h264: TranscodedRendition | null = null;
  #recorder: Recorder | null = null;
  #detachRecorder: (() => void) | null = null;
  /** A recorded stream is pulled whether somebody watches or not. */
  #releaseForRecording: (() => void) | null = null;
  #isMade = false;
  #isClosed = false;

  constructor(options: ServedStreamOptions) {
    this.#options = options;
    this.#desired = options.desired;
    this.#managed = options.createManaged(options.desired, () => {
      // An `always` stream changes while it is being made; whoever made it looks afterwards.
      if (this.#isMade) options.onChange(this);
    });
    const { createPackager, clock } = options;
    this.#hls = new HlsOutput({ hub: this.#managed.hub, createPackager, acquire: () => this.#managed.acquire(), clock });
    this.#pictureWait = new PictureWait(
      clock,
      pictureTimeoutMs,
      () => this.#pictureOutcome(),
      () => ({ ok: false, reason: this.#managed.observe().reason }),
    );
    this.#applyRecording();
    this.#isMade = true;
  }

  get desired(): DesiredStream {
    return this.#desired;
  }

  get hub(): StreamHub {
    return this.#managed.hub;
  }

  observe(): ObservedStream {
    const observed = this.#managed.observe();
    const viewers = Math.max(0, observed.viewers - (this.#releaseForRecording === null ? 0 : 1));
    const delivery = this.delivery.observe(this.#options.clock.monotonicMs());
    return { ...observed, ...delivery, viewers, isRecording: this.#recorder?.isRecording ?? false };
  }

  update(desired: DesiredStream): void {
    this.#desired = desired;
    this.#managed.update(desired);
    this.#applyRecording();
  }

  /** Counts a viewer and pulls an on-demand stream; returns the release. */
  acquire(): () => void {
    return this.#managed.acquire();
  }

  /** The packager for a request of this person; made with the first viewer and given up after the last. */
  hlsFor(personId: string): HlsPackager {
    return this.#hls.for(personId);
  }

  /** Counts this person as a viewer by HLS until the returned function is called, and for a while after. */
  holdHls(personId: string): () => void {
    return this.#hls.hold(personId);
  }

  /** This stream as `video`, or as the camera sends it with null. What is made for it ends with the stream. */
  rendition(video: VideoRendition | null): WatchedStream {
    if (video === null) return this;
    if (this.#h264 === null) {
      const { createTranscoded, createPackager, clock } = this.#options;
      this.#h264 = new TranscodedRendition({ source: this, transcoded: createTranscoded(this), createPackager, pictureTimeoutMs, clock });
    }
    return this.#h264;
  }

  /**
   * Resolves when the stream shows a picture, when the camera failed, when the time is over, or when too many wait. Acquire it first.
   */
  waitForPicture(): Promise<PictureOutcome> {
    return this.#pictureWait.wait();
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#hls.close();
    await Promise.all([this.#h264?.close(), this.#closeRecorder(), this.#managed.stop()]);
  }

  #pictureOutcome(): PictureOutcome | null {
    if (this.#isClosed) return { ok: false, reason: 'not-assigned' };
    const { phase, reason } = this.#managed.observe();
    if (phase === 'streaming' && this.hub.tracks !== null && this.hub.tracks.video !== null) return { ok: true };
    return phase === 'waiting' && reason !== 'waiting-for-budget' ? { ok: false, reason } : null;
  }

  #applyRecording(): void {
    if (this.#desired.recording === null) {
      this.#closeRecorder().catch(this.#options.onFailed);
      this.#releaseForRecording?.();
      this.#releaseForRecording = null;
      return;
    }
    if (this.#desired.mode === 'on-demand') this.#releaseForRecording ??= this.#managed.acquire();
    if (this.#recorder !== null) return;
    this.#recorder = this.#options.createRecorder(this.#desired);
    this.#detachRecorder = this.hub.addSink(this.#recorder, 'cached-group');
  }

  async #closeRecorder(): Promise<void> {
    const recorder = this.#recorder;
    this.#recorder = null;
    this.#detachRecorder?.();
    this.#detachRecorder = null;
    await recorder?.close();
  }
}
