/**
 * Hot. Decode times for streams whose pictures are reordered (B-frames): RTP carries presentation times only.
 *
 * With at most `depth` pictures out of order, the presentation times in decoding order become sorted when each is
 * held back `depth` places; the sorted row, `depth` pictures late, is a row of decode times that never passes a
 * presentation time (ITU-T H.264 §C.4.5.3 bumps pictures out by the same count).
 */

/** Deeper reordering is not done by live encoders; it would cost that many frames of latency in every player. */
const MAX_DEPTH = 16;

/** Decode times of one track generation. */
export class DecodeTimes {
  readonly #depth: number;
  /** The `depth` newest presentation times that were not used yet, ascending. */
  readonly #waiting: number[] = [];
  #last = -Infinity;

  /** `depth`: how many pictures may come out of order; 0 makes decode and presentation times the same. */
  constructor(depth: number) {
    this.#depth = Math.min(MAX_DEPTH, Math.max(0, depth));
  }

  /** Decode ticks for the next picture in decoding order; strictly increasing, and not above `presentationTicks` unless the camera lies. `frameTicks`: a picture's usual duration. */
  next(presentationTicks: number, frameTicks: number): number {
    if (this.#depth === 0) return this.#forward(presentationTicks);
    const waiting = this.#waiting;
    if (waiting.length === 0) {
      // Before the first picture, the row goes back in even steps.
      for (let index = this.#depth; index > 0; index -= 1) waiting.push(presentationTicks - index * frameTicks);
    }
    let index = waiting.length;
    while (index > 0 && waiting[index - 1]! > presentationTicks) index -= 1;
    waiting.splice(index, 0, presentationTicks);
    return this.#forward(waiting.shift()!);
  }

  #forward(ticks: number): number {
    this.#last = Math.max(ticks, this.#last + 1);
    return this.#last;
  }
}
