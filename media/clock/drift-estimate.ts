/** How fast a camera's clock runs against ours: the slope through the best difference of each minute. */

const BLOCK_MS = 60_000;
/** A slope over less says more of the network than of the crystal. */
const MIN_BLOCKS = 5;
/** An hour: temperature changes crystals over longer times. */
const MAX_BLOCKS = 60;
/** A slope that is known less well is not told. */
const MAX_ERROR_PPM = 20;

/** Drift of one clock since it was last set. */
export class DriftEstimate {
  /** The best (greatest) difference of each minute with its moment; the last one still grows. */
  readonly #blocks: { startMs: number; atMs: number; differenceMs: number }[] = [];

  /** `differenceMs`: camera's time minus arrival. Moments are monotonic and do not decrease. */
  observe(arrivedMs: number, differenceMs: number): void {
    const open = this.#blocks.at(-1);
    if (open === undefined || arrivedMs - open.startMs >= BLOCK_MS) {
      this.#blocks.push({ startMs: arrivedMs, atMs: arrivedMs, differenceMs });
      if (this.#blocks.length > MAX_BLOCKS) this.#blocks.shift();
    } else if (differenceMs > open.differenceMs) {
      open.atMs = arrivedMs;
      open.differenceMs = differenceMs;
    }
  }

  /** Parts in a million, positive when the camera runs fast; null while it is not known to ± 20. */
  ppm(): number | null {
    const whole = this.#blocks.slice(0, -1);
    const count = whole.length;
    if (count < MIN_BLOCKS) return null;
    const meanAt = whole.reduce((sum, { atMs }) => sum + atMs, 0) / count;
    const mean = whole.reduce((sum, { differenceMs }) => sum + differenceMs, 0) / count;
    const spread = whole.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
    const slope = whole.reduce((sum, { atMs, differenceMs }) => sum + (atMs - meanAt) * (differenceMs - mean), 0) / spread;
    const unexplained = whole.reduce((sum, { atMs, differenceMs }) => sum + (differenceMs - mean - slope * (atMs - meanAt)) ** 2, 0);
    const errorPpm = Math.sqrt(unexplained / (count - 2) / spread) * 2 * 1e6;
    return errorPpm > MAX_ERROR_PPM ? null : Math.round(slope * 1e6);
  }
}
