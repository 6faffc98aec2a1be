/**
 * Whether the path to a viewer carries the stream: pure policy over its reception reports.
 *
 * Browsers send a report with every request for retransmission, some of them covering a few milliseconds, so that the
 * fraction of a single report says nothing. The running totals do: what stays lost after retransmissions, over a window.
 */

/** Running totals of a report block (RFC 3550 §6.4.1). */
export interface ReceptionTotals {
  /** Extended highest sequence number received. */
  readonly highestSequence: number;
  /** Packets expected less packets received, retransmitted ones included; may be negative. */
  readonly lostPackets: number;
}

/** Long enough for retransmissions to arrive; browsers report at least about so often. */
const windowMs = 1_000;
/** Beyond this share decoders show mostly nothing, and every further packet makes it worse. */
const tooMuchLoss = 0.25;
/** Beyond this share the path is full rather than noisy: sending a group again would fill it more. */
const muchLoss = 0.05;
/** Fewer packets than this in a window prove nothing: a viewer that only gets key frames. */
const minExpectedPackets = 20;

/** Judges one viewer. */
export class LossWatch {
  #windowStartMs: number | null = null;
  #windowStart: ReceptionTotals = { highestSequence: 0, lostPackets: 0 };
  /** Of the last whole window. */
  #lossShare = 0;

  /** The path does not carry the stream. */
  get isTooLossy(): boolean {
    return this.#lossShare > tooMuchLoss;
  }

  /** The path may carry the stream, but nothing besides. */
  get isLossy(): boolean {
    return this.#lossShare > muchLoss;
  }

  /** Returns whether a window is over and was judged. */
  onReport(totals: ReceptionTotals, nowMs: number): boolean {
    const isFirst = this.#windowStartMs === null;
    if (this.#windowStartMs !== null && nowMs - this.#windowStartMs < windowMs) return false;
    if (!isFirst) {
      const expected = totals.highestSequence - this.#windowStart.highestSequence;
      const lost = totals.lostPackets - this.#windowStart.lostPackets;
      this.#lossShare = expected >= minExpectedPackets ? lost / expected : 0;
    }
    this.#windowStartMs = nowMs;
    this.#windowStart = totals;
    return !isFirst;
  }
}
