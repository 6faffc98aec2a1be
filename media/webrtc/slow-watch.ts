/** Whether a stream is too much for a viewer's path: pure policy over single troubles. */

/** One trouble is Wi-Fi, a few in a row are a path that does not carry the stream. */
const troublesForSlow = 4;
const windowMs = 10_000;
/** The page is told again when it went on with the same stream, but not more often than this. */
const tellAgainMs = 10_000;

/** Judges one viewer. A trouble is a second with losses for good, or a socket that took no more. Moments are monotonic. */
export class SlowWatch {
  /** Moments of the newest troubles, the oldest first. */
  readonly #troubles: number[] = [];
  #toldMs = Number.NEGATIVE_INFINITY;

  onTrouble(nowMs: number): void {
    this.#troubles.push(nowMs);
    if (this.#troubles.length > troublesForSlow) this.#troubles.shift();
  }

  isSlow(nowMs: number): boolean {
    const [oldest] = this.#troubles;
    return oldest !== undefined && this.#troubles.length === troublesForSlow && nowMs - oldest <= windowMs;
  }

  /** True when the page is to be told now; once in a while as long as the viewer is slow. */
  takeNews(nowMs: number): boolean {
    if (!this.isSlow(nowMs) || nowMs - this.#toldMs < tellAgainMs) return false;
    this.#toldMs = nowMs;
    return true;
  }
}
