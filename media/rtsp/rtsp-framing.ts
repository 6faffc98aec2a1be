/**
 * Hot. Cuts the byte stream of an RTSP connection into interleaved packets and messages.
 *
 *     interleaved (RFC 2326 §10.12):  '$' · channel 8 · length 16 · that many bytes
 *     message:                        text up to an empty line · Content-Length bytes
 *
 * A packet that lies whole in the given chunk is handed on in place. Only what is split across two chunks is gathered
 * in a buffer of our own, so that one read buffer can serve every socket of the process.
 */
import { headerValue, parseRtspHead } from './rtsp-message.ts';
import type { RtspHead, RtspMessage } from './rtsp-message.ts';

/** Who gets what was cut. Called synchronously from {@link RtspFraming.push}. */
export interface RtspFramingListener {
  /** Borrows `bytes[start, end)`. */
  onInterleaved(channel: number, bytes: Buffer, start: number, end: number): void;
  /** The message's body is a copy. */
  onMessage(message: RtspMessage): void;
}

const DOLLAR = 0x24;
const CARRIAGE_RETURN = 0x0d;
const LINE_FEED = 0x0a;
const INTERLEAVED_HEADER_BYTES = 4;
/** Cameras send under 2 KiB of headers; a peer that sends more is not a camera. */
const MAX_HEAD_BYTES = 16 * 1024;
/** The longest SDP seen has 4 KiB; room for an NVR that lists its channels. */
const MAX_BODY_BYTES = 256 * 1024;
/** First size of the gathering buffer: above the usual packet of 1,460 bytes. */
const INITIAL_CARRY_BYTES = 2048;

/** Framing state of one connection. */
export class RtspFraming {
  readonly #listener: RtspFramingListener;
  /** The beginning of something incomplete; its first `#carryLength` bytes count. */
  #carry: Buffer = Buffer.alloc(0);
  #carryLength = 0;
  /** Of the message in `#carry`: parsed head (null until complete) and its size with body. */
  #head: RtspHead | null = null;
  #messageBytes = 0;
  /** How far the head in `#carry` was searched for its end, so that bytes that trickle in are not searched again. */
  #searched = 0;
  #isStopped = false;
  /** Short reason once the stream stopped making sense; nothing is read from then on. */
  failure: string | null = null;
  /** Bytes consumed since the beginning of the connection, for error reports. */
  consumedBytes = 0;
  /** Packets and messages cut since the beginning of the connection. */
  packets = 0;
  messages = 0;

  constructor(listener: RtspFramingListener) {
    this.#listener = listener;
  }

  /** Nothing is handed on from now on, not even the rest of the chunk in hand. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Borrows the first `length` bytes of `chunk`. */
  push(chunk: Buffer, length: number): void {
    let position = 0;
    while (position < length && this.failure === null && !this.#isStopped) {
      const before = position;
      if (this.#carryLength > 0) position = this.#continueCarry(chunk, position, length);
      else position = this.#take(chunk, position, length);
      this.consumedBytes += position - before;
    }
  }

  /** Throws when the state contradicts itself. For tests. */
  checkInvariants(): void {
    if (this.#carryLength > this.#carry.length) throw new Error('carry overflows');
    if (this.#carryLength > MAX_HEAD_BYTES + MAX_BODY_BYTES) throw new Error('carry above its bound');
    if (this.#head !== null && this.#carryLength >= this.#messageBytes) throw new Error('a whole message is kept back');
  }

  /** Takes one packet or message that starts at `position`, or carries the rest of the chunk; returns the position after it. */
  #take(chunk: Buffer, position: number, length: number): number {
    const first = chunk[position]!;
    if (first === DOLLAR) {
      if (length - position >= INTERLEAVED_HEADER_BYTES) {
        const start = position + INTERLEAVED_HEADER_BYTES;
        const end = start + ((chunk[position + 2]! << 8) | chunk[position + 3]!);
        if (end <= length) {
          this.packets += 1;
          this.#listener.onInterleaved(chunk[position + 1]!, chunk, start, end);
          return end;
        }
      }
      this.#gather(chunk, position, length);
      return length;
    }
    // Quirk: a message's body may be followed by an empty line that its Content-Length leaves out.
    if (first === CARRIAGE_RETURN || first === LINE_FEED) return position + 1;
    if (first < 0x41 || first > 0x5a) {
      this.failure = `byte 0x${first.toString(16)} where a packet or message should begin`;
      return position;
    }
    this.#gather(chunk, position, position + 1);
    return position + 1;
  }

  #continueCarry(chunk: Buffer, position: number, length: number): number {
    return this.#carry[0] === DOLLAR ? this.#continuePacket(chunk, position, length) : this.#continueMessage(chunk, position, length);
  }

  #continuePacket(chunk: Buffer, from: number, length: number): number {
    let position = from;
    if (this.#carryLength < INTERLEAVED_HEADER_BYTES) {
      const end = Math.min(length, position + INTERLEAVED_HEADER_BYTES - this.#carryLength);
      this.#gather(chunk, position, end);
      position = end;
      if (this.#carryLength < INTERLEAVED_HEADER_BYTES) return position;
    }
    const packetBytes = INTERLEAVED_HEADER_BYTES + ((this.#carry[2]! << 8) | this.#carry[3]!);
    const end = Math.min(length, position + packetBytes - this.#carryLength);
    this.#gather(chunk, position, end);
    if (this.#carryLength === packetBytes) {
      this.#carryLength = 0;
      this.packets += 1;
      this.#listener.onInterleaved(this.#carry[1]!, this.#carry, INTERLEAVED_HEADER_BYTES, packetBytes);
    }
    return end;
  }

  #continueMessage(chunk: Buffer, position: number, length: number): number {
    const before = this.#carryLength;
    if (this.#head === null) {
      // At most one head's limit is gathered at a time; what lies behind the head stays in the chunk.
      const end = Math.min(length, position + MAX_HEAD_BYTES);
      this.#gather(chunk, position, end);
      const headBytes = this.#findHeadEnd();
      if (headBytes === 0) {
        if (this.#carryLength >= MAX_HEAD_BYTES) this.failure = 'headers are too long';
        return end;
      }
      this.#openMessage(headBytes);
      if (this.failure !== null) return position;
      const consumed = Math.min(this.#messageBytes, this.#carryLength);
      this.#carryLength = consumed;
      if (consumed === this.#messageBytes) this.#closeMessage(headBytes);
      return position + consumed - before;
    }
    const end = Math.min(length, position + this.#messageBytes - this.#carryLength);
    this.#gather(chunk, position, end);
    if (this.#carryLength === this.#messageBytes) this.#closeMessage(this.#searched);
    return end;
  }

  /** Size of the head with its empty line, or 0 while it is incomplete. Bare line feeds are taken for line ends too. */
  #findHeadEnd(): number {
    const carry = this.#carry;
    for (let at = Math.max(1, this.#searched); at < this.#carryLength; at += 1) {
      if (carry[at] !== LINE_FEED) continue;
      if (carry[at - 1] === LINE_FEED || (at >= 2 && carry[at - 1] === CARRIAGE_RETURN && carry[at - 2] === LINE_FEED)) {
        return at + 1;
      }
    }
    this.#searched = this.#carryLength;
    return 0;
  }

  #openMessage(headBytes: number): void {
    const head = parseRtspHead(this.#carry.toString('utf8', 0, headBytes).trimEnd());
    if (typeof head === 'string') {
      this.failure = head;
      return;
    }
    const bodyBytes = Number(headerValue(head.headers, 'content-length') ?? '0');
    if (!Number.isInteger(bodyBytes) || bodyBytes < 0 || bodyBytes > MAX_BODY_BYTES) {
      this.failure = 'Content-Length is out of bounds';
      return;
    }
    this.#head = head;
    this.#searched = headBytes;
    this.#messageBytes = headBytes + bodyBytes;
  }

  #closeMessage(headBytes: number): void {
    const head = this.#head;
    this.messages += 1;
    const body = Buffer.from(this.#carry.subarray(headBytes, this.#messageBytes));
    this.#head = null;
    this.#carryLength = 0;
    this.#searched = 0;
    this.#messageBytes = 0;
    if (head !== null) this.#listener.onMessage({ ...head, body });
  }

  #gather(chunk: Buffer, start: number, end: number): void {
    const needed = this.#carryLength + end - start;
    if (needed > this.#carry.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(INITIAL_CARRY_BYTES, 2 ** Math.ceil(Math.log2(needed))));
      this.#carry.copy(grown, 0, 0, this.#carryLength);
      this.#carry = grown;
    }
    chunk.copy(this.#carry, this.#carryLength, start, end);
    this.#carryLength = needed;
  }
}
