/** Snapshots of live streams: one decoder at a time, a short memory, a bounded queue. */
import type { Clock } from '../clock/clock.ts';
import type { StreamHub } from '../stream/sink.ts';
import { DecoderMissing, type KeyFrameDecoder } from './key-frame-decoder.ts';
import { copyNewestKeyFrame } from './key-frame.ts';
import { jpegFormat } from './picture-format.ts';

export type SnapshotOutcome =
  | { readonly kind: 'picture'; readonly jpeg: Buffer; readonly arrivedAtMs: number }
  /** The stream has none cached. */
  | { readonly kind: 'no-key-frame' }
  | { readonly kind: 'busy' }
  /** Nothing to decode with, or the decoder made nothing of it; `detail` says which. */
  | { readonly kind: 'impossible'; readonly detail: string };

/** A page of thumbnails asks for many pictures at once; the same one is made once. */
const rememberedMs = 2_000;
/** At 20 ms per picture the last in the queue waits less than a second; with a decoder that hangs, 6 s more. */
const maxQueued = 32;

interface Remembered {
  readonly takenMs: number;
  readonly outcome: Promise<SnapshotOutcome>;
}

export class SnapshotMaker {
  readonly #decoder: KeyFrameDecoder;
  readonly #clock: Clock;
  /** By stream and width; as many widths as there are thumbnails. */
  readonly #remembered = new WeakMap<StreamHub, Map<number | null, Remembered>>();
  /** Ends when the decoder is free again. */
  #turn: Promise<unknown> = Promise.resolve();
  #queued = 0;

  constructor(decoder: KeyFrameDecoder, clock: Clock) {
    this.#decoder = decoder;
    this.#clock = clock;
  }

  /**
   * The newest picture of a stream, at most two seconds old beyond the age of its key frame. `width` is one of the widths of
   * thumbnails, or null for the picture as it is.
   */
  take(hub: StreamHub, width: number | null = null): Promise<SnapshotOutcome> {
    const nowMs = this.#clock.monotonicMs();
    const pictures = this.#remembered.get(hub) ?? new Map<number | null, Remembered>();
    this.#remembered.set(hub, pictures);
    const remembered = pictures.get(width);
    if (remembered !== undefined && nowMs - remembered.takenMs < rememberedMs) return remembered.outcome;
    if (this.#queued >= maxQueued) return Promise.resolve({ kind: 'busy' });
    const outcome = this.#inTurn(hub, width);
    pictures.set(width, { takenMs: nowMs, outcome });
    return outcome;
  }

  #inTurn(hub: StreamHub, width: number | null): Promise<SnapshotOutcome> {
    this.#queued++;
    const outcome = this.#turn.then(() => this.#make(hub, width)).finally(() => this.#queued--);
    // A failure belongs to the one who asked, not to the next in the queue.
    this.#turn = outcome.catch(() => {});
    return outcome;
  }

  async #make(hub: StreamHub, width: number | null): Promise<SnapshotOutcome> {
    const keyFrame = copyNewestKeyFrame(hub);
    if (keyFrame === null) return { kind: 'no-key-frame' };
    try {
      const jpeg = await this.#decoder.decode(keyFrame, jpegFormat(keyFrame, width));
      if (jpeg === null) return { kind: 'impossible', detail: 'The newest key frame could not be decoded' };
      return { kind: 'picture', jpeg, arrivedAtMs: keyFrame.arrivedAtMs };
    } catch (error) {
      if (error instanceof DecoderMissing) return { kind: 'impossible', detail: error.message };
      throw error;
    }
  }
}
