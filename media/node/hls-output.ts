/** HLS of one hub: the packager, made with the first viewer and given up after the last. */
import type { Clock } from '../clock/clock.ts';
import type { HlsPackager } from '../hls/packager-contract.ts';
import type { StreamHub } from '../stream/sink.ts';
import { HlsAudience } from './hls-audience.ts';

export interface HlsOutputOptions {
  readonly hub: StreamHub;
  readonly createPackager: () => HlsPackager;
  /** Holds the stream for one viewer; returns the release. */
  readonly acquire: () => () => void;
  readonly clock: Clock;
}

export class HlsOutput {
  readonly #options: HlsOutputOptions;
  readonly #audience: HlsAudience;
  #packager: HlsPackager | null = null;
  #detachPackager: (() => void) | null = null;

  constructor(options: HlsOutputOptions) {
    this.#options = options;
    this.#audience = new HlsAudience(options.clock, options.acquire, () => this.#closePackager());
  }

  /** The packager for a request with `ticket`, which counts as one viewer as long as it keeps asking. */
  for(ticket: string): HlsPackager {
    this.#audience.touch(ticket);
    if (this.#packager === null) {
      this.#packager = this.#options.createPackager();
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
    this.#packager?.close();
    this.#packager = null;
  }
}
