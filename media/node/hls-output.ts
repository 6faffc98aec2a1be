/** HLS of one hub: the packager, made with the first viewer and given up after the last. */
import type { Clock } from '../clock/clock.ts';
import type { HlsPackager, PlaylistPosition } from '../hls/packager-contract.ts';
import { LastingAttachment } from '../stream/lasting-attachment.ts';
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
  readonly #attachment: LastingAttachment;
  /** Closed where it failed: requests are told that there is nothing, until another one is attached. */
  #packager: HlsPackager | null = null;
  #playlistPosition: PlaylistPosition | null = null;

  constructor(options: HlsOutputOptions) {
    this.#options = options;
    const { hub, clock } = options;
    this.#attachment = new LastingAttachment({ hub, sink: () => this.#createPackager(), onExpelled: () => this.#endPackager(), clock });
    this.#audience = new HlsAudience(options.clock, options.acquire, () => this.#closePackager());
  }

  /** See {@link HlsAudience.hold}. */
  hold(personId: string): () => void {
    return this.#audience.hold(personId);
  }

  /** The packager for a request of this person, who counts as one viewer as long as requests keep coming. */
  for(personId: string): HlsPackager {
    this.#audience.touch(personId);
    this.#attachment.attach();
    return this.#packager ?? this.#createPackager();
  }

  /** Lets go of all viewers. */
  close(): void {
    this.#audience.close();
    this.#closePackager();
  }

  #closePackager(): void {
    this.#attachment.detach();
    this.#endPackager();
    this.#packager = null;
  }

  #createPackager(): HlsPackager {
    this.#packager = this.#options.createPackager(this.#playlistPosition);
    return this.#packager;
  }

  #endPackager(): void {
    this.#playlistPosition = this.#packager?.position ?? this.#playlistPosition;
    this.#packager?.close();
  }
}
