/** When the frame at a media time arrived at the node: from what each fragment says of its first frame. */

interface Mark {
  readonly startSeconds: number;
  readonly arrivedAtMs: number;
}

/** Pictures on screen are at most a few seconds old; at 33 fragments a second this reaches back 8 s. */
const marksKept = 256;

export class ArrivalMap {
  /** In order of media time. */
  readonly #marks: Mark[] = [];

  /** Notes a fragment. Media time that went back begins anew. */
  note(startSeconds: number, arrivedAtMs: number): void {
    const last = this.#marks.at(-1);
    if (last !== undefined && startSeconds < last.startSeconds) this.#marks.length = 0;
    this.#marks.push({ startSeconds, arrivedAtMs });
    if (this.#marks.length > marksKept) this.#marks.shift();
  }

  /** Arrival, ms since 1970 by the node's clock; null before everything that was noted. */
  arrivalOf(mediaSeconds: number): number | null {
    // A presentation time lies a rounding error before the start of its own fragment.
    const mark = this.#marks.findLast(({ startSeconds }) => startSeconds <= mediaSeconds + 0.001);
    return mark === undefined ? null : mark.arrivedAtMs + (mediaSeconds - mark.startSeconds) * 1000;
  }

  clear(): void {
    this.#marks.length = 0;
  }
}
