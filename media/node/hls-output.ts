/** HLS of one hub: the packager, made with the first viewer and given up after the last. */
import type { Clock } from '../clock/clock.ts';
import type { HlsPackager, PlaylistPosition } from '../hls/packager-contract.ts';
import type { StreamHub } from '../stream/sink.ts';
import { HlsAudience } from './hls-audience.ts';

export interface HlsOutputOptions {
  readonly hub: StreamHub;
  /** `after`: where the playlist of the packager before it ended; null for the first. */
  readonly createPackager: (after: PlaylistPosition | null) => HlsPackager;
  /** Holds the stream for one viewer; returns the release. */
  readonly acquire: () => () => void;
  readonly clock: Clock;
}

export class HlsOutput {
  readonly #options: HlsOutputOptions;
  readonly #audience: HlsAudience;
  #packager: HlsPackager | null = null;
  #detachPackager: (() => void) | null = null;
  #playlistPosition: PlaylistPosition | null = null;

  constructor(options: HlsOutputOptions) {
    this.#options = options;
    this.#audience = new HlsAudience(options.clock, options.acquire, () => this.#closePackager());
  }

  /** The packager for a request with `ticket`, which counts as one viewer as long as it keeps asking. */
  for(ticket: string): HlsPackager {
    this.#audience.touch(ticket);
    if (this.#packager === null) {
      this.#packager = this.#options.createPackager(this.#playlistPosition);
      this.#detachPackager = this.#options.hub.addSink(this.#packager, 'cached-group');
    }
    return this.#packager;
  }

  /** Lets go of all viewers. */
  close(): void {
    this.#audience.close();
    this.#closePackager();
  }

  #closePackager(): void {
    this.#detachPackager?.();
    this.#detachPackager = null;
    this.#playlistPosition = this.#packager?.position ?? this.#playlistPosition;
    this.#packager?.close();
    this.#packager = null;
  }
}
