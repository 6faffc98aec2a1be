/**
 * Hot. Frames between threads, as numbers. One frame, fields in this order:
 *
 *     stream · slab · start · end · flags · decode ticks · composition offset · arrival monotonic ms · arrival wall-clock ms · generation
 *     flags: 1 video, 2 key frame
 */
import type { Frame } from '../../stream/frame.ts';
import type { Slab } from '../../stream/slab.ts';

/** Numbers per frame. */
export const FRAME_FIELDS = 10;

const VIDEO_FLAG = 1;
const KEY_FRAME_FLAG = 2;
const FIRST_CAPACITY = 64;

/** Gathers the frames of one turn of a worker's loop. */
export class FrameBatch {
  #fields = new Float64Array(FIRST_CAPACITY * FRAME_FIELDS);
  #length = 0;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** Notes `frame`, whose slab is known as `slabId` on the other side. */
  add(streamId: number, slabId: number, frame: Frame): void {
    if (this.#length === this.#fields.length) this.#grow();
    const fields = this.#fields;
    let at = this.#length;
    fields[at++] = streamId;
    fields[at++] = slabId;
    fields[at++] = frame.start;
    fields[at++] = frame.end;
    fields[at++] = (frame.kind === 'video' ? VIDEO_FLAG : 0) | (frame.isKeyFrame ? KEY_FRAME_FLAG : 0);
    fields[at++] = frame.decodeTicks;
    fields[at++] = frame.compositionOffsetTicks;
    fields[at++] = frame.arrivedMonotonicMs;
    fields[at++] = frame.arrivedWallClockMs;
    fields[at++] = frame.generation;
    this.#length = at;
  }

  /** The numbers of all frames, in memory of their own that may be transferred; the batch is empty afterwards. */
  take(): Float64Array<ArrayBuffer> {
    const taken = this.#fields.slice(0, this.#length);
    this.#length = 0;
    return taken;
  }

  #grow(): void {
    const grown = new Float64Array(2 * this.#fields.length);
    grown.set(this.#fields);
    this.#fields = grown;
  }
}

/** Stream of the frame whose numbers begin at `at`. */
export function streamOfFrame(fields: Float64Array, at: number): number {
  return fields[at]!;
}

/** Its slab's number. */
export function slabOfFrame(fields: Float64Array, at: number): number {
  return fields[at + 1]!;
}

/** The frame itself, in `slab`. */
export function readFrame(fields: Float64Array, at: number, slab: Slab): Frame {
  const flags = fields[at + 4]!;
  return {
    kind: (flags & VIDEO_FLAG) === 0 ? 'audio' : 'video',
    slab,
    start: fields[at + 2]!,
    end: fields[at + 3]!,
    isKeyFrame: (flags & KEY_FRAME_FLAG) !== 0,
    decodeTicks: fields[at + 5]!,
    compositionOffsetTicks: fields[at + 6]!,
    arrivedMonotonicMs: fields[at + 7]!,
    arrivedWallClockMs: fields[at + 8]!,
    generation: fields[at + 9]!,
  };
}
