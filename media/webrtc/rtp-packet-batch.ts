/**
 * The RTP packets of one frame, made once and sent to every viewer (hot path).
 *
 * Fixed header of RFC 3550 §5.1, 12 bytes before each payload:
 *
 *     0                   1                   2                   3
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 *
 * The packetizer leaves the header blank but for its first byte; each viewer writes its own number, time and source into
 * it right before sending. That is allowed because the libraries below copy a packet while they encrypt it.
 */

/** Bytes of the fixed header; we send neither CSRCs nor extensions. */
export const rtpHeaderBytes = 12;

/**
 * Largest RTP payload. With header (12), SRTP tag (10), UDP (8) and IPv6 (40) a packet stays below 1,280 bytes, the MTU
 * every IPv6 path has; larger ones get lost on VPN and PPPoE uplinks of compounds.
 */
export const maxPayloadBytes = 1200;

/** A frame whose packets need more than this is refused: ten times the largest key frame of a 4K camera. */
const maxBatchBytes = 16 * 1024 * 1024;

/** Version 2, no padding, no extension, no CSRC. */
const firstHeaderByte = 0x80;

/** Reused block of packets. Filled by a packetizer, valid until its next `begin`. */
export class RtpPacketBatch {
  /** Backing memory of all packets; replaced by a larger one when a frame needs it. */
  bytes: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
  /** Start of each packet's header in `bytes`. Reused between frames. */
  readonly starts: number[] = [];
  /** End of each packet. Reused between frames. */
  readonly ends: number[] = [];
  #views: Buffer[] = [];
  #cursor = 0;

  get packetCount(): number {
    return this.starts.length;
  }

  /** Forgets the packets of the frame before. */
  begin(): void {
    this.starts.length = 0;
    this.ends.length = 0;
    this.#views.length = 0;
    this.#cursor = 0;
  }

  /**
   * Adds a packet and returns the offset in `bytes` where `payloadBytes` may be written, or -1 when the frame grows past
   * all reason.
   */
  addPacket(payloadBytes: number): number {
    const start = this.#cursor;
    const payloadStart = start + rtpHeaderBytes;
    const end = payloadStart + payloadBytes;
    if (end > this.bytes.length && !this.#grow(end)) return -1;
    this.bytes[start] = firstHeaderByte;
    this.starts.push(start);
    this.ends.push(end);
    this.#cursor = end;
    return payloadStart;
  }

  /** Each packet as a view, made once per frame and shared by all viewers. */
  packets(): readonly Buffer[] {
    if (this.#views.length === 0) {
      for (let index = 0; index < this.starts.length; index++) {
        this.#views.push(this.bytes.subarray(this.starts[index], this.ends[index]));
      }
    }
    return this.#views;
  }

  #grow(neededBytes: number): boolean {
    if (neededBytes > maxBatchBytes) return false;
    const larger = Buffer.allocUnsafeSlow(Math.min(maxBatchBytes, Math.max(neededBytes, this.bytes.length * 2)));
    this.bytes.copy(larger, 0, 0, this.#cursor);
    this.bytes = larger;
    return true;
  }
}

/** Writes what differs from viewer to viewer into the header of `packet`. */
export function writeRtpHeader(
  packet: Buffer,
  isLastOfFrame: boolean,
  payloadType: number,
  sequenceNumber: number,
  timestamp: number,
  ssrc: number,
): void {
  packet[1] = (isLastOfFrame ? 0x80 : 0) | (payloadType & 0x7f);
  packet.writeUInt16BE(sequenceNumber & 0xffff, 2);
  packet.writeUInt32BE(timestamp >>> 0, 4);
  packet.writeUInt32BE(ssrc >>> 0, 8);
}
