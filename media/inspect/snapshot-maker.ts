/** Snapshots of live streams: one decoder at a time, a short memory, a bounded queue. */
import type { Clock } from '../clock/clock.ts';
import type { StreamHub } from '../stream/sink.ts';
import { copyNewestKeyFrame, type KeyFrame } from './key-frame.ts';

/** Turns a key frame into a picture. */
export interface KeyFrameDecoder {
  /** Null when the frame does not decode. Rejects with {@link DecoderMissing} when there is no decoder on this machine. */
  decodeToJpeg(keyFrame: KeyFrame): Promise<Buffer | null>;
}

/** There is nothing to decode with; the message says what to install. */
export class DecoderMissing extends Error {}

export type SnapshotOutcome =
  | { readonly kind: 'picture'; readonly jpeg: Buffer; readonly arrivedAtMs: number }
  /** The stream has none cached. */
  | { readonly kind: 'no-key-frame' }
  | { readonly kind: 'busy' }
  /** Nothing to decode with, or the decoder made nothing of it; `detail` says which. */
  | { readonly kind: 'impossible'; readonly detail: string };

/** A page of thumbnails asks for many pictures at once; the same one is made once. */
const rememberedMs = 2_000;
/** At 0.1–0.2 s per picture the last in the queue waits 5 s. */
const maxQueued = 32;

export class SnapshotMaker {
  readonly #decoder: KeyFrameDecoder;
  readonly #clock: Clock;
  readonly #remembered = new WeakMap<StreamHub, { readonly takenMs: number; readonly outcome: Promise<SnapshotOutcome> }>();
  /** Ends when the decoder is free again. */
  #turn: Promise<unknown> = Promise.resolve();
  #queued = 0;

  constructor(decoder: KeyFrameDecoder, clock: Clock) {
    this.#decoder = decoder;
    this.#clock = clock;
  }

  /** The newest picture of a stream, at most two seconds old beyond the age of its key frame. */
  take(hub: StreamHub): Promise<SnapshotOutcome> {
    const nowMs = this.#clock.monotonicMs();
    const remembered = this.#remembered.get(hub);
    if (remembered !== undefined && nowMs - remembered.takenMs < rememberedMs) return remembered.outcome;
    if (this.#queued >= maxQueued) return Promise.resolve({ kind: 'busy' });
    const outcome = this.#inTurn(hub);
    this.#remembered.set(hub, { takenMs: nowMs, outcome });
    return outcome;
  }

  #inTurn(hub: StreamHub): Promise<SnapshotOutcome> {
    this.#queued++;
    const outcome = this.#turn.then(() => this.#make(hub)).finally(() => this.#queued--);
    // A failure belongs to the one who asked, not to the next in the queue.
    this.#turn = outcome.catch(() => {});
    return outcome;
  }

  async #make(hub: StreamHub): Promise<SnapshotOutcome> {
    const keyFrame = copyNewestKeyFrame(hub);
    if (keyFrame === null) return { kind: 'no-key-frame' };
    try {
      const jpeg = await this.#decoder.decodeToJpeg(keyFrame);
      if (jpeg === null) return { kind: 'impossible', detail: 'The newest key frame could not be decoded' };
      return { kind: 'picture', jpeg, arrivedAtMs: keyFrame.arrivedAtMs };
    } catch (error) {
      if (error instanceof DecoderMissing) return { kind: 'impossible', detail: error.message };
      throw error;
    }
  }
}
