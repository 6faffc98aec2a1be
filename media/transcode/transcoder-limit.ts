/** What transcodes of a node share: the encoder, how many may run, the memory of their pictures, and what is counted of them. */
import type { Clock } from '../clock/clock.ts';
import { SlabPool } from '../stream/slab-pool.ts';
import type { StreamLog } from '../stream/stream-log.ts';
import { findEncoder, type EncoderChoice, type EncoderSearch } from './encoder-choice.ts';
import { decideLimit } from './transcode-policy.ts';

export interface TranscoderLimitOptions {
  /** ffmpeg, from the PATH or by its full path. */
  readonly program: string;
  /** Null: by what there is to encode with. 0: no transcoding. */
  readonly maxTranscodes: number | null;
  readonly cores: number;
  readonly clock: Clock;
  readonly log: StreamLog;
  readonly find?: (program: string) => Promise<EncoderSearch>;
}

/** Why there is no transcode. `detail` is a sentence. */
export interface TranscodeRefusal {
  readonly code: 'transcoding-limit-reached' | 'transcoding-unavailable' | 'transcoding-failed';
  readonly detail: string;
}

export type Readiness = { readonly ok: true; readonly encoder: EncoderChoice } | { readonly ok: false; readonly refusal: TranscodeRefusal };

/** For metrics and the server. `limit` and `encoder` are null until an encoder was looked for. */
export interface TranscodingFacts {
  readonly running: number;
  readonly limit: number | null;
  readonly encoder: string | null;
  readonly restarts: number;
  readonly droppedFrames: number;
  /** Bytes of all slabs of transcoded pictures, the free ones included. */
  readonly slabBytes: number;
}

/** A search that found nothing is repeated after this: somebody may have installed ffmpeg. */
const searchAgainMs = 60_000;

export class TranscoderLimit {
  readonly #options: TranscoderLimitOptions;
  #search: Promise<EncoderSearch> | null = null;
  #searchedMs = 0;
  #found: EncoderSearch | null = null;
  #running = 0;
  restarts = 0;
  droppedFrames = 0;
  /** One for all: what one transcode leaves, the next one uses. */
  readonly pool = new SlabPool();

  constructor(options: TranscoderLimitOptions) {
    this.#options = options;
  }

  get facts(): TranscodingFacts {
    const encoder = this.#found?.ok === true ? this.#found.encoder : null;
    const limit = encoder === null ? this.#options.maxTranscodes : this.#limitWith(encoder);
    return {
      running: this.#running,
      limit,
      encoder: encoder?.name ?? null,
      restarts: this.restarts,
      droppedFrames: this.droppedFrames,
      slabBytes: this.pool.bytesInUse + this.pool.freeBytes,
    };
  }

  /** The encoder to use; looked for when first asked. */
  async ready(): Promise<Readiness> {
    const { program, maxTranscodes, clock, find = findEncoder } = this.#options;
    if (maxTranscodes === 0) return unavailable('Transcoding is switched off on this node (media.maxTranscodes is 0)');
    const nowMs = clock.monotonicMs();
    if (this.#search === null || (this.#found?.ok === false && nowMs - this.#searchedMs >= searchAgainMs)) {
      this.#searchedMs = nowMs;
      this.#search = find(program).then((found) => this.#onFound(found));
    }
    const found = await this.#search;
    return found.ok ? found : unavailable(found.detail);
  }

  /** A slot to transcode in; null when all are taken. Returns the release (idempotent). Only after {@link ready}. */
  take(encoder: EncoderChoice): (() => void) | null {
    if (this.#running >= this.#limitWith(encoder)) return null;
    this.#running += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#running -= 1;
      isHeld = false;
    };
  }

  /** The refusal when no slot is free. */
  refuse(encoder: EncoderChoice): TranscodeRefusal {
    return { code: 'transcoding-limit-reached', detail: `This node transcodes ${this.#limitWith(encoder)} streams at once, and does so already` };
  }

  #limitWith(encoder: EncoderChoice): number {
    return decideLimit(this.#options.maxTranscodes, this.#options.cores, encoder.isOnGpu);
  }

  #onFound(found: EncoderSearch): EncoderSearch {
    this.#found = found;
    const { log } = this.#options;
    if (found.ok) log.info({ encoder: found.encoder.name, limit: this.#limitWith(found.encoder) }, 'transcoding.encoder-chosen');
    else log.info({ detail: found.detail }, 'transcoding.unavailable');
    return found;
  }
}

function unavailable(detail: string): Readiness {
  return { ok: false, refusal: { code: 'transcoding-unavailable', detail } };
}
