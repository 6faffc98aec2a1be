/** A stream as H.264, with its HLS: made when first asked for, running while somebody watches. */
import type { Clock } from '../clock/clock.ts';
import type { HlsPackager, PlaylistPosition } from '../hls/packager-contract.ts';
import type { DeliveryMeasurements } from '../stream/delivery-measurements.ts';
import type { StreamHub } from '../stream/sink.ts';
import type { TranscodedStream } from '../transcode/transcoded-stream.ts';
import { HlsOutput } from './hls-output.ts';
import type { PictureOutcome, WatchedStream, WithoutPicture } from './watched-stream.ts';

export interface TranscodedRenditionOptions {
  /** The stream as the camera sends it. */
  readonly source: WatchedStream;
  readonly transcoded: TranscodedStream;
  /** `after`: where the playlist of the packager before it ended; null for the first. */
  readonly createPackager: (after: PlaylistPosition | null) => HlsPackager;
  /** A viewer waits so long for the first picture, from when the camera shows one and an encoder is known. */
  readonly pictureTimeoutMs: number;
  readonly clock: Clock;
}

const lookIntervalMs = 100;

export class TranscodedRendition implements WatchedStream {
  readonly #options: TranscodedRenditionOptions;
  readonly #hls: HlsOutput;

  constructor(options: TranscodedRenditionOptions) {
    this.#options = options;
    const { transcoded, createPackager, clock } = options;
    this.#hls = new HlsOutput({ hub: transcoded.hub, createPackager, acquire: () => transcoded.acquire(), clock });
  }

  get delivery(): DeliveryMeasurements {
    return this.#options.source.delivery;
  }

  get hub(): StreamHub {
    return this.#options.transcoded.hub;
  }

  acquire(): () => void {
    return this.#options.transcoded.acquire();
  }

  hlsFor(personId: string): HlsPackager {
    return this.#hls.for(personId);
  }

  holdHls(personId: string): () => void {
    return this.#hls.hold(personId);
  }

  observe(): WithoutPicture {
    const { source, transcoded } = this.#options;
    const { reason } = source.observe();
    // A camera that shows nothing is the reason, whatever became of the transcode before.
    const refusal = source.hub.tracks?.video ? transcoded.refusal : null;
    return refusal === null ? { reason } : { reason, refusal };
  }

  async waitForPicture(): Promise<PictureOutcome> {
    const { source, transcoded, pictureTimeoutMs, clock } = this.#options;
    const ofCamera = await source.waitForPicture();
    if (!ofCamera.ok) return ofCamera;
    // A viewer by HLS holds it by asking again and again, and so would never be taken on.
    transcoded.askAgain();
    let startedMs = clock.monotonicMs();
    return new Promise((resolve) => {
      const look = (): void => {
        const { hub, refusal, isPreparing } = transcoded;
        // Encoders are tried once, right after the node's start: whoever comes then is told what came of it. The trials have their own bounds.
        if (isPreparing) startedMs = clock.monotonicMs();
        if (hub.tracks?.video) resolve({ ok: true });
        else if (refusal !== null) resolve({ ok: false, reason: null, refusal });
        else if (clock.monotonicMs() - startedMs >= pictureTimeoutMs) resolve({ ok: false, ...this.observe() });
        else clock.setTimer(lookIntervalMs, look);
      };
      look();
    });
  }

  /** Ends it; resolves when its process is gone. */
  async close(): Promise<void> {
    this.#hls.close();
    await this.#options.transcoded.close();
  }
}
