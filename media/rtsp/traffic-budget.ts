/**
 * How much one camera may send: a token bucket for bytes and one for packets. Pure: the time comes in.
 *
 * A camera that sends zero-length packets at line rate would otherwise cost a core, whatever is done with them. Over TCP an overdrawn
 * budget stops the reading until it is filled again, and the camera's own kernel holds it back; one that keeps overdrawing is given up.
 */

/** What becomes of the connection. */
export type TrafficVerdict = 'within' | 'overdrawn' | 'exceeded';

/** 100 Mbit/s. An 8K camera sends 60, a good 4K one 16. */
const BYTES_PER_SECOND = 12_500_000;
/** A camera may send the group of pictures it keeps at once, and what a stalled network held back: 6 s at 20 Mbit/s. */
const BURST_BYTES = 16_000_000;
/** 100 Mbit/s in packets of 250 bytes; a 4K camera sends 1,500. */
const PACKETS_PER_SECOND = 50_000;
const BURST_PACKETS = 64_000;
/** A message of the RTSP conversation costs as much as so many packets; 500 a second are more than any camera answers. */
export const PACKETS_PER_MESSAGE = 100;
/** So long a camera may be held back before it is given up: no burst lasts as long. */
const PATIENCE_MS = 5000;
/** Datagrams cannot be held back, and each costs a system call: patience with them is shorter. */
const DATAGRAM_PATIENCE_MS = 1000;

/** Budget of one connection. Full at its beginning. */
export class TrafficBudget {
  readonly #patienceMs: number;
  #bytes = BURST_BYTES;
  #packets = BURST_PACKETS;
  #filledAtMs: number;
  /** Since when it has been overdrawn again and again; null: it recovered. */
  #overdrawnSinceMs: number | null = null;

  constructor(nowMonotonicMs: number, via: 'tcp' | 'udp' = 'tcp') {
    this.#filledAtMs = nowMonotonicMs;
    this.#patienceMs = via === 'tcp' ? PATIENCE_MS : DATAGRAM_PATIENCE_MS;
  }

  /** Takes what has arrived, once per read. What was taken beyond the budget has to be waited for, see {@link waitMs}. */
  take(bytes: number, packets: number, nowMonotonicMs: number): TrafficVerdict {
    const elapsedMs = Math.max(0, nowMonotonicMs - this.#filledAtMs);
    this.#filledAtMs = nowMonotonicMs;
    const freeBytes = Math.min(BURST_BYTES, this.#bytes + (elapsedMs * BYTES_PER_SECOND) / 1000);
    const freePackets = Math.min(BURST_PACKETS, this.#packets + (elapsedMs * PACKETS_PER_SECOND) / 1000);
    // Half full again: what overdrew it was a burst.
    if (freeBytes >= BURST_BYTES / 2 && freePackets >= BURST_PACKETS / 2) this.#overdrawnSinceMs = null;
    this.#bytes = Math.max(-BYTES_PER_SECOND, freeBytes - bytes);
    this.#packets = Math.max(-PACKETS_PER_SECOND, freePackets - packets);
    const isOverdrawn = this.#bytes < 0 || this.#packets < 0;
    if (isOverdrawn) this.#overdrawnSinceMs ??= nowMonotonicMs;
    if (!isOverdrawn) return 'within';
    return this.#overdrawnSinceMs !== null && nowMonotonicMs - this.#overdrawnSinceMs >= this.#patienceMs ? 'exceeded' : 'overdrawn';
  }

  /** How long until an overdrawn budget is out of debt, ms; at most a second. */
  get waitMs(): number {
    return Math.max(0, (-this.#bytes * 1000) / BYTES_PER_SECOND, (-this.#packets * 1000) / PACKETS_PER_SECOND);
  }
}

/** For the error report. */
export const EXCEEDED_DETAIL = 'sends more than 100 Mbit/s, 50,000 packets or 500 messages a second';
