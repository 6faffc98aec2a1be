/** Renditions of the streams of a node: each made when first asked for, running while somebody watches. */
import type { Clock } from '../clock/clock.ts';
import type { VideoRendition } from '../contract/media-api.ts';
import type { StreamRole } from '../contract/streams.ts';
import type { HlsPackager, PlaylistPosition } from '../hls/packager-contract.ts';
import type { DeliveryMeasurements } from '../stream/delivery-measurements.ts';
import type { StreamHub } from '../stream/sink.ts';
import type { TranscodedStream } from '../transcode/transcoded-stream.ts';
import { HlsOutput } from './hls-output.ts';
import { pictureTimeoutMs, type ServedStream } from './served-stream.ts';
import type { PictureOutcome, WatchedStream } from './watched-stream.ts';

export interface RenditionsOptions {
  readonly stream: (cameraId: string, role: StreamRole) => ServedStream | null;
  readonly createTranscoded: (source: ServedStream) => TranscodedStream;
  readonly createPackager: (after: PlaylistPosition | null) => HlsPackager;
  readonly clock: Clock;
}

const lookIntervalMs = 100;

export class Renditions {
  readonly #options: RenditionsOptions;
  /** By the stream they are made of, which the node may replace by another of the same name. */
  readonly #h264 = new Map<ServedStream, TranscodedRendition>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: RenditionsOptions) {
    this.#options = options;
  }

  /** What a viewer asks for; null when the node does not serve that stream. */
  find(cameraId: string, role: StreamRole, video: VideoRendition | null): WatchedStream | null {
    this.#dropGone();
    const source = this.#options.stream(cameraId, role);
    if (source === null || video === null) return source;
    let rendition = this.#h264.get(source);
    if (rendition === undefined) {
      const { createTranscoded, createPackager, clock } = this.#options;
      rendition = new TranscodedRendition(source, createTranscoded(source), createPackager, clock);
      this.#h264.set(source, rendition);
    }
    return rendition;
  }

  /** Ends all; resolves when their processes are gone. */
  async close(): Promise<void> {
    for (const [source, rendition] of this.#h264) this.#drop(source, rendition);
    await Promise.all(this.#closing);
  }

  #dropGone(): void {
    for (const [source, rendition] of this.#h264) {
      const { cameraId, role } = source.desired;
      if (this.#options.stream(cameraId, role) !== source) this.#drop(source, rendition);
    }
  }

  #drop(source: ServedStream, rendition: TranscodedRendition): void {
    this.#h264.delete(source);
    const closing = rendition.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}

/** A stream as H.264, with its HLS. */
class TranscodedRendition implements WatchedStream {
  readonly #source: ServedStream;
  readonly #transcoded: TranscodedStream;
  readonly #hls: HlsOutput;
  readonly #clock: Clock;

  constructor(source: ServedStream, transcoded: TranscodedStream, createPackager: RenditionsOptions['createPackager'], clock: Clock) {
    this.#source = source;
    this.#transcoded = transcoded;
    this.#clock = clock;
    this.#hls = new HlsOutput({ hub: transcoded.hub, createPackager, acquire: () => transcoded.acquire(), clock });
  }

  get delivery(): DeliveryMeasurements {
    return this.#source.delivery;
  }

  get hub(): StreamHub {
    return this.#transcoded.hub;
  }

  acquire(): () => void {
    return this.#transcoded.acquire();
  }

  hlsFor(personId: string): HlsPackager {
    return this.#hls.for(personId);
  }

  holdHls(personId: string): () => void {
    return this.#hls.hold(personId);
  }

  observe(): ReturnType<WatchedStream['observe']> {
    const { reason } = this.#source.observe();
    const { refusal } = this.#transcoded;
    return refusal === null ? { reason } : { reason, refusal };
  }

  async waitForPicture(): Promise<PictureOutcome> {
    const ofCamera = await this.#source.waitForPicture();
    if (!ofCamera.ok) return ofCamera;
    // A viewer by HLS holds it by asking again and again, and so would never be taken on.
    this.#transcoded.askAgain();
    const startedMs = this.#clock.monotonicMs();
    return new Promise((resolve) => {
      const look = (): void => {
        const { hub, refusal } = this.#transcoded;
        if (hub.tracks?.video) resolve({ ok: true });
        else if (refusal !== null) resolve({ ok: false, reason: null, refusal });
        else if (this.#clock.monotonicMs() - startedMs >= pictureTimeoutMs) resolve({ ok: false, reason: this.#source.observe().reason });
        else this.#clock.setTimer(lookIntervalMs, look);
      };
      look();
    });
  }

  async close(): Promise<void> {
    this.#hls.close();
    await this.#transcoded.close();
  }
}
