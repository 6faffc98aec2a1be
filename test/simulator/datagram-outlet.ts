/**
 * Sends a session's media by UDP: takes the bytes that would go into the RTSP connection, cuts them into packets by their
 * interleaved framing (RFC 2326 §10.12), and sends each to the port of its channel over an impaired network.
 */
import type { Socket } from 'node:dgram';

import type { PacketFate } from './impaired-network.ts';
import type { Outlet } from './viewer.ts';

/** Where a channel's packets go: from our socket to the client's port. */
export interface DatagramDestination {
  readonly socket: Socket;
  readonly port: number;
  readonly address: string;
}

interface HeldPacket {
  readonly destination: DatagramDestination;
  readonly bytes: Buffer;
  behindPackets: number;
}

const DOLLAR = 0x24;
const FRAMING_BYTES = 4;
/** A reordered packet leaves at the latest after so long. */
const REORDER_MAX_MS = 20;

/** The way of one session's datagrams. */
export class DatagramOutlet implements Outlet {
  readonly writableLength = 0;
  readonly #destinations = new Map<number, DatagramDestination>();
  readonly #nextFate: () => PacketFate;
  readonly #timers = new Set<NodeJS.Timeout>();
  #pending: Buffer = Buffer.alloc(0);
  #reordered: HeldPacket[] = [];
  #isClosed = false;

  constructor(nextFate: () => PacketFate) {
    this.#nextFate = nextFate;
  }

  setDestination(channel: number, destination: DatagramDestination): void {
    this.#destinations.set(channel, destination);
  }

  /** *Copies* what is sent. Bytes without framing, as a camera that sends nonsense has them, are lost. */
  write(bytes: Buffer): void {
    this.#pending = this.#pending.length === 0 ? bytes : Buffer.concat([this.#pending, bytes]);
    let at = 0;
    while (this.#pending.length - at >= FRAMING_BYTES && this.#pending[at] === DOLLAR) {
      const end = at + FRAMING_BYTES + this.#pending.readUInt16BE(at + 2);
      if (end > this.#pending.length) break;
      this.#send(this.#pending[at + 1] ?? 0, Buffer.from(this.#pending.subarray(at + FRAMING_BYTES, end)));
      at = end;
    }
    this.#pending = this.#pending.length === at || this.#pending[at] !== DOLLAR ? Buffer.alloc(0) : Buffer.from(this.#pending.subarray(at));
  }

  /** Nothing leaves any more. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #send(channel: number, bytes: Buffer): void {
    const destination = this.#destinations.get(channel);
    if (destination === undefined) return;
    const { isLost, delayMs, behindPackets } = this.#nextFate();
    if (isLost) return;
    if (behindPackets > 0) {
      this.#reorder({ destination, bytes, behindPackets });
      return;
    }
    this.#sendAfter(destination, bytes, delayMs);
    for (const held of this.#reordered) {
      held.behindPackets -= 1;
      if (held.behindPackets === 0) this.#sendAfter(held.destination, held.bytes, delayMs);
    }
    this.#reordered = this.#reordered.filter((held) => held.behindPackets > 0);
  }

  /** Behind its successors, or after a moment when there are none: networks reorder what is close together. */
  #reorder(held: HeldPacket): void {
    this.#reordered.push(held);
    this.#after(REORDER_MAX_MS, () => {
      if (!this.#reordered.includes(held)) return;
      this.#reordered = this.#reordered.filter((other) => other !== held);
      held.destination.socket.send(held.bytes, held.destination.port, held.destination.address);
    });
  }

  #sendAfter({ socket, port, address }: DatagramDestination, bytes: Buffer, delayMs: number): void {
    if (this.#isClosed) return;
    if (delayMs <= 0) {
      socket.send(bytes, port, address);
      return;
    }
    this.#after(delayMs, () => socket.send(bytes, port, address));
  }

  #after(ms: number, act: () => void): void {
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}
