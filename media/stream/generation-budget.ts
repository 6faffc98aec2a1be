/**
 * How often the parameters of a stream may change. Pure: the time comes in.
 *
 * Every change begins a recording file, an init segment and a page's decoder anew. A camera that changes them with every picture
 * would make thousands of files an hour; a real one changes with its settings, at dusk, or when its encoder restarts.
 */

/** So many changes at once: an encoder that restarts may try a size or two. */
const BURST = 6;
/** Then one in so many milliseconds. */
const INTERVAL_MS = 5000;

/** Budget of one connection. */
export class GenerationBudget {
  #left = BURST;
  #filledAtMs = 0;
  /** Changes that had to wait. */
  refused = 0;

  /** True: the parameters may change now. False: pictures with the new ones are to be left out for the moment. */
  take(nowMonotonicMs: number): boolean {
    this.#left = Math.min(BURST, this.#left + Math.max(0, nowMonotonicMs - this.#filledAtMs) / INTERVAL_MS);
    this.#filledAtMs = nowMonotonicMs;
    if (this.#left < 1) {
      this.refused += 1;
      return false;
    }
    this.#left -= 1;
    return true;
  }
}
