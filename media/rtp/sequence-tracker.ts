/** Hot. Extends RTP sequence numbers and counts what never arrived (RFC 3550 §A.1, §A.3). TCP does not reorder, so nothing waits here. */

/** A greater step forward is a restarted sender, not a loss (MAX_DROPOUT of RFC 3550 §A.1). */
const MAX_DROPOUT = 3000;
/** A step back up to this is a repeat or a straggler (MAX_MISORDER of RFC 3550 §A.1); a greater one a restarted sender. */
const MAX_MISORDER = 100;

/** What {@link SequenceTracker.accept} says of a packet that shall be thrown away. */
export const STALE_PACKET = -1;

/** Follows the sequence numbers of one track. */
export class SequenceTracker {
  #hasStarted = false;
  #last = 0;
  #ssrc = 0;
  /** Packets received and packets missing since the beginning; the number of restarts seen. */
  receivedPackets = 0;
  lostPackets = 0;
  restarts = 0;
  /** Sequence number in the low 16 bits, count of wraps above: "extended highest" of a receiver report, modulo 2^32. */
  extendedHighest = 0;

  /** Packets missing before this one (0 in the ordinary case), or {@link STALE_PACKET} for a repeat. A restarted sender counts as 1 lost. */
  accept(sequenceNumber: number, ssrc: number): number {
    if (!this.#hasStarted) {
      this.#hasStarted = true;
      this.#restart(sequenceNumber, ssrc);
      return 0;
    }
    if (ssrc !== this.#ssrc) {
      this.restarts += 1;
      this.lostPackets += 1;
      this.#restart(sequenceNumber, ssrc);
      return 1;
    }
    const step = (sequenceNumber - this.#last) & 0xffff;
    if (step === 0 || step > 0x10000 - MAX_MISORDER) return STALE_PACKET;
    if (step > MAX_DROPOUT) {
      this.restarts += 1;
      this.lostPackets += 1;
      this.#restart(sequenceNumber, ssrc);
      return 1;
    }
    this.#last = sequenceNumber;
    this.extendedHighest = (this.extendedHighest + step) >>> 0;
    this.receivedPackets += 1;
    this.lostPackets += step - 1;
    return step - 1;
  }

  #restart(sequenceNumber: number, ssrc: number): void {
    this.#last = sequenceNumber;
    this.#ssrc = ssrc;
    this.extendedHighest = sequenceNumber;
    this.receivedPackets += 1;
  }
}
