/**
 * Hot. Puts the RTP packets of one track that came by UDP into order (RFC 3550 §6.4.1 counts what is missing; how long to
 * wait is left to us).
 *
 *     the next packet             handed on in place, and with it what was held behind it
 *     one further on              held, a copy, until the gap is filled, or for at most WINDOW_MS, or WINDOW_PACKETS
 *     one from before, or twice   left out and counted
 *     far off, or another SSRC    the sender started anew: what is held goes first, then it
 *
 * Without a gap nothing waits, nothing is copied and no clock is read.
 */
import type { Clock } from '../clock/clock.ts';

/**
 * How long a gap is kept open. Three times a jitter of 20 ms, as on a district's wireless bridges; it is what a lost
 * packet costs in delay, and well below the 200 ms from glass to glass that a wall shall keep.
 */
export const WINDOW_MS = 60;
/** Packets held at most: three key frames of 250 KB, about 1 MB. A power of two, for slots are found by mask. */
const WINDOW_PACKETS = 512;
const SLOT_MASK = WINDOW_PACKETS - 1;
/** A greater step forward is a restarted sender (MAX_DROPOUT of RFC 3550 §A.1). */
const MAX_DROPOUT = 3000;
/** A step back up to this is a straggler: above what the window can hold, below what a restart jumps by in 98 of 100 cases. */
const MAX_BACK = 1000;
const RTP_HEADER_BYTES = 12;
/** First size of a slot: a packet fits an Ethernet frame. */
const SLOT_BYTES = 1536;

/** Order of one track. */
export class ReorderBuffer {
  readonly #clock: Clock;
  readonly #onPacket: (bytes: Buffer, start: number, end: number) => void;
  /** Held packets by sequence number modulo the window; buffers are kept and used again. */
  readonly #slots: (Buffer | null)[] = Array.from({ length: WINDOW_PACKETS }, () => null);
  /** Length of the packet in each slot; 0: none. */
  readonly #lengths = new Uint16Array(WINDOW_PACKETS);
  /** When each was held, monotonic ms. */
  readonly #heldAtMs = new Float64Array(WINDOW_PACKETS);
  #heldPackets = 0;
  #hasStarted = false;
  #expected = 0;
  #ssrc = 0;
  #cancelTimer: (() => void) | null = null;
  /** Packets that came twice, or after their gap was given up. */
  latePackets = 0;

  /** `onPacket` borrows what it is given. */
  constructor(clock: Clock, onPacket: (bytes: Buffer, start: number, end: number) => void) {
    this.#clock = clock;
    this.#onPacket = onPacket;
  }

  /** Packets that wait for one before them. */
  get heldPackets(): number {
    return this.#heldPackets;
  }

  /** Borrows `bytes[start, end)`: one datagram. What cannot be RTP is left out. */
  push(bytes: Buffer, start: number, end: number): void {
    if (end - start < RTP_HEADER_BYTES || bytes[start]! >> 6 !== 2) return;
    const sequenceNumber = (bytes[start + 2]! << 8) | bytes[start + 3]!;
    const ssrc = bytes.readUInt32BE(start + 8);
    if (!this.#hasStarted || ssrc !== this.#ssrc) this.#restart(sequenceNumber, ssrc);
    let ahead = (sequenceNumber - this.#expected) & 0xffff;
    if (ahead >= 0x10000 - MAX_BACK) {
      this.latePackets += 1;
      return;
    }
    if (ahead > MAX_DROPOUT) {
      this.#restart(sequenceNumber, ssrc);
      ahead = 0;
    }
    while (ahead >= WINDOW_PACKETS) {
      if (this.#heldPackets > 0) this.#skipGap();
      else this.#expected = sequenceNumber;
      ahead = (sequenceNumber - this.#expected) & 0xffff;
    }
    if (ahead === 0) {
      this.#expected = (sequenceNumber + 1) & 0xffff;
      this.#onPacket(bytes, start, end);
      if (this.#heldPackets > 0) this.#drain();
    } else {
      this.#hold(sequenceNumber, bytes, start, end);
    }
    if (this.#heldPackets > 0) this.#await();
  }

  /** Drops what is held; nothing is handed on any more. */
  close(): void {
    this.#heldPackets = 0;
    this.#lengths.fill(0);
    this.#stopTimer();
  }

  /** Throws when the state contradicts itself. For tests. */
  checkInvariants(): void {
    const held = this.#lengths.reduce((sum, length) => sum + (length > 0 ? 1 : 0), 0);
    if (held !== this.#heldPackets) throw new Error('held packets are miscounted');
    if (this.#lengths[this.#expected & SLOT_MASK]! > 0) throw new Error('the next packet is held back');
    if ((this.#cancelTimer !== null) !== held > 0) throw new Error('a gap without a timer, or a timer without a gap');
  }

  #restart(sequenceNumber: number, ssrc: number): void {
    while (this.#heldPackets > 0) this.#skipGap();
    this.#hasStarted = true;
    this.#expected = sequenceNumber;
    this.#ssrc = ssrc;
  }

  #hold(sequenceNumber: number, bytes: Buffer, start: number, end: number): void {
    const place = sequenceNumber & SLOT_MASK;
    if (this.#lengths[place]! > 0) {
      this.latePackets += 1;
      return;
    }
    const length = end - start;
    let slot = this.#slots[place] ?? null;
    if (slot === null || slot.length < length) {
      slot = Buffer.allocUnsafeSlow(Math.max(SLOT_BYTES, length));
      this.#slots[place] = slot;
    }
    bytes.copy(slot, 0, start, end);
    this.#lengths[place] = length;
    this.#heldAtMs[place] = this.#clock.monotonicMs();
    this.#heldPackets += 1;
  }

  /** Hands on what follows without a gap. */
  #drain(): void {
    for (;;) {
      const place = this.#expected & SLOT_MASK;
      const length = this.#lengths[place]!;
      if (length === 0) break;
      this.#lengths[place] = 0;
      this.#heldPackets -= 1;
      this.#expected = (this.#expected + 1) & 0xffff;
      this.#onPacket(this.#slots[place]!, 0, length);
    }
    if (this.#heldPackets === 0) this.#stopTimer();
  }

  /** Gives up what is missing before the first held packet. */
  #skipGap(): void {
    this.#expected = this.#firstHeld();
    this.#drain();
  }

  /** Sequence number of the first held packet; call only while there is one. */
  #firstHeld(): number {
    let sequenceNumber = this.#expected;
    while (this.#lengths[sequenceNumber & SLOT_MASK] === 0) sequenceNumber = (sequenceNumber + 1) & 0xffff;
    return sequenceNumber;
  }

  #await(): void {
    if (this.#cancelTimer !== null) return;
    const dueInMs = this.#heldAtMs[this.#firstHeld() & SLOT_MASK]! + WINDOW_MS - this.#clock.monotonicMs();
    this.#cancelTimer = this.#clock.setTimer(Math.max(0, dueInMs), () => {
      this.#cancelTimer = null;
      const nowMs = this.#clock.monotonicMs();
      while (this.#heldPackets > 0 && this.#heldAtMs[this.#firstHeld() & SLOT_MASK]! + WINDOW_MS <= nowMs + 1) this.#skipGap();
      if (this.#heldPackets > 0) this.#await();
    });
  }

  #stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}
