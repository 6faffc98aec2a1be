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

const lookIntervalMs = 100;

/** Closes everything it made. */
export class ServedStream implements WatchedStream {
  /** Who is too slow for this stream, whichever way they watch. */
  readonly delivery = new DeliveryMeasurements();
  #desired: DesiredStream;
  readonly #options: ServedStreamOptions;
  readonly #managed: ManagedStream;
  readonly #hls: HlsOutput;
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

  /** The packager for a request with `ticket`; made with the first viewer and given up after the last. */
  hlsFor(ticket: string): HlsPackager {
    return this.#hls.for(ticket);
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
   * Resolves when the stream shows a picture, when the camera failed, or when the time is over. Acquire it first. Looks
   * by itself instead of listening: tracks become known without a change of phase, and those who wait are few.
   */
  waitForPicture(): Promise<PictureOutcome> {
    const { clock } = this.#options;
    const startedMs = clock.monotonicMs();
    return new Promise((resolve) => {
      const look = (): void => {
        const { phase, reason } = this.#managed.observe();
        if (this.#isClosed) resolve({ ok: false, reason: 'not-assigned' });
        else if (phase === 'streaming' && this.hub.tracks !== null && this.hub.tracks.video !== null) resolve({ ok: true });
        else if (phase === 'waiting' && reason !== 'waiting-for-budget') resolve({ ok: false, reason });
        else if (clock.monotonicMs() - startedMs >= pictureTimeoutMs) resolve({ ok: false, reason });
        else clock.setTimer(lookIntervalMs, look);
      };
      look();
    });
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#hls.close();
    await Promise.all([this.#h264?.close(), this.#closeRecorder(), this.#managed.stop()]);
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
