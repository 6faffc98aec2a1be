/** Whether a page takes what it is sent: pure policy over the bytes that its connection has not taken. */

/** The cached groups of a wall that opens fit; a page that leaves more than this unread does not keep up. */
const maxUnsentBytes = 8 * 1024 * 1024;
/** Below this a connection counts as drained: a fragment or two on their way. */
const drainedBytes = 64 * 1024;
/** A connection that was not drained for so long shows old pictures. A Wi-Fi roaming takes less. */
const maxUndrainedMs = 1_500;

/** One page's backlog. */
export class PageBacklog {
  #undrainedSinceMs: number | null = null;

  /** Notes the unsent bytes of now, and tells whether the page is behind. `nowMs` is monotonic. */
  isBehind(unsentBytes: number, nowMs: number): boolean {
    if (unsentBytes <= drainedBytes) {
      this.#undrainedSinceMs = null;
      return false;
    }
    this.#undrainedSinceMs ??= nowMs;
    return unsentBytes > maxUnsentBytes || nowMs - this.#undrainedSinceMs > maxUndrainedMs;
  }
}
