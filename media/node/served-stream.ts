/** One stream as the node serves it: the managed stream with its packager, its recorder and its viewers. */
import type { Clock } from '../clock/clock.ts';
import type { DesiredStream, NoPictureReason, ObservedStream } from '../contract/streams.ts';
import type { HlsPackager, PlaylistPosition } from '../hls/packager-contract.ts';
import type { Recorder } from '../recorder/recorder-contract.ts';
import { DeliveryMeasurements } from '../stream/delivery-measurements.ts';
import type { ManagedStream } from '../stream/managed-stream.ts';
import type { StreamHub } from '../stream/sink.ts';
import { HlsAudience } from './hls-audience.ts';

export interface ServedStreamOptions {
  readonly desired: DesiredStream;
  readonly createManaged: (desired: DesiredStream, onChange: () => void) => ManagedStream;
  /** `after`: where the packager stood that was given up before, null for the first. */
  readonly createPackager: (after: PlaylistPosition | null) => HlsPackager;
  readonly createRecorder: (desired: DesiredStream) => Recorder;
  /** Phase or reason changed. Not called before the constructor is done. */
  readonly onChange: (stream: ServedStream) => void;
  /** A recorder that could not be closed in order. */
  readonly onFailed: (error: unknown) => void;
  readonly clock: Clock;
}

/** What came of waiting for a picture. `reason` null: none was measured yet, as with a camera whose first key frame is late. */
export type PictureOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: NoPictureReason | null };

/** A viewer of an on-demand stream waits so long for the camera to deliver (RTSP handshake and one key frame interval). */
export const pictureTimeoutMs = 8_000;

const lookIntervalMs = 100;

/** Closes everything it made. */
export class ServedStream {
  /** Who is too slow for this stream, whichever way they watch. */
  readonly delivery = new DeliveryMeasurements();
  #desired: DesiredStream;
  readonly #options: ServedStreamOptions;
  readonly #managed: ManagedStream;
  readonly #audience: HlsAudience;
  #packager: HlsPackager | null = null;
  #detachPackager: (() => void) | null = null;
  #playlistPosition: PlaylistPosition | null = null;
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
    this.#audience = new HlsAudience(
      options.clock,
      () => this.#managed.acquire(),
      () => this.#closePackager(),
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

  /** The packager for a request with `ticket`; made with the first viewer and given up after the last. */
  hlsFor(ticket: string): HlsPackager {
    this.#audience.touch(ticket);
    if (this.#packager === null) {
      this.#packager = this.#options.createPackager(this.#playlistPosition);
      this.#detachPackager = this.hub.addSink(this.#packager, 'cached-group');
    }
    return this.#packager;
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
    this.#audience.close();
    this.#closePackager();
    await Promise.all([this.#closeRecorder(), this.#managed.stop()]);
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

  #closePackager(): void {
    this.#detachPackager?.();
    this.#detachPackager = null;
    this.#playlistPosition = this.#packager?.position ?? this.#playlistPosition;
    this.#packager?.close();
    this.#packager = null;
  }
}
