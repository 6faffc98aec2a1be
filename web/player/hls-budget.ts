/**
 * Low latency HLS holds a connection open per player (the blocking reload), and browsers allow six HTTP/1.1 connections
 * per node. So only the first few HLS players of a page get low latency; the others ask for ordinary segments.
 */

/** Two connections (reload and part) each, of the six there are. */
const lowLatencyPlayers = 2;

export class HlsBudget {
  #inUse = 0;

  /** A place for low latency, or null when all are taken. Call the answer once to give it back. */
  take(): (() => void) | null {
    if (this.#inUse >= lowLatencyPlayers) return null;
    this.#inUse += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#inUse -= 1;
      isHeld = false;
    };
  }
}
