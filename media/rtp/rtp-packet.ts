/**
 * Hot. RTP packet header, read in place (RFC 3550 §5.1):
 *
 *      0                   1                   2                   3
 *     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
 *     |                           timestamp                           |
 *     |                             SSRC                              |
 *     |                      CSRC list, CC × 32 bits                  |
 *     |      extension profile        |   length in 32-bit words      |   when X
 */

const FIXED_HEADER_BYTES = 12;

/** The fields of one packet; reused for every packet of a track, so nothing is allocated. Valid until the next `parse`. */
export class RtpPacket {
  /** Borrowed from the reader of the socket. */
  bytes: Buffer = Buffer.alloc(0);
  payloadStart = 0;
  payloadEnd = 0;
  payloadType = 0;
  hasMarker = false;
  sequenceNumber = 0;
  timestamp = 0;
  ssrc = 0;

  /** Borrows `bytes[start, end)`, which must lie in the buffer. False: not an RTP packet; the fields are then undefined. */
  parse(bytes: Buffer, start: number, end: number): boolean {
    if (start < 0 || end > bytes.length || end - start < FIXED_HEADER_BYTES) return false;
    const first = bytes[start]!;
    if (first >> 6 !== 2) return false;
    const second = bytes[start + 1]!;
    let payloadStart = start + FIXED_HEADER_BYTES + (first & 0x0f) * 4;
    if ((first & 0x10) !== 0) {
      if (payloadStart + 4 > end) return false;
      payloadStart += 4 + ((bytes[payloadStart + 2]! << 8) | bytes[payloadStart + 3]!) * 4;
    }
    let payloadEnd = end;
    if ((first & 0x20) !== 0) {
      const paddingBytes = bytes[end - 1]!;
      if (paddingBytes === 0) return false;
      payloadEnd -= paddingBytes;
    }
    if (payloadStart > payloadEnd) return false;
    this.bytes = bytes;
    this.payloadStart = payloadStart;
    this.payloadEnd = payloadEnd;
    this.payloadType = second & 0x7f;
    this.hasMarker = (second & 0x80) !== 0;
    this.sequenceNumber = (bytes[start + 2]! << 8) | bytes[start + 3]!;
    this.timestamp = bytes.readUInt32BE(start + 4);
    this.ssrc = bytes.readUInt32BE(start + 8);
    return true;
  }
}
