/**
 * A frame's packets, cut once and sent many times. A template holds every packet of one frame as it goes over an
 * interleaved RTSP connection (RFC 2326 §10.12); only what differs between viewers is stamped into a copy.
 *
 *     '$' | channel | size 16 | RTP: V=2, M, PT | sequence 16 | timestamp 32 | SSRC 32 | payload    (once per packet)
 */

/** The packets of one frame, ready but for channel, sequence number, timestamp and SSRC. */
export interface PacketTemplate {
  readonly bytes: Buffer;
  /** Where each packet's `$` stands in `bytes`. */
  readonly packetStarts: readonly number[];
  /** RTP payload bytes of all packets, for the sender report. */
  readonly payloadBytes: number;
}

/** What differs between viewers. */
export interface PacketStamp {
  readonly channel: number;
  readonly firstSequenceNumber: number;
  readonly timestamp: number;
  readonly ssrc: number;
}

/** Bytes before the payload: 4 of interleaving, 12 of RTP. */
export const PACKET_HEADER_BYTES = 16;

/** Lays out a frame's payloads; the last packet has the marker bit. *Copies*. */
export function createPacketTemplate(payloads: readonly Buffer[], payloadType: number): PacketTemplate {
  const payloadBytes = payloads.reduce((sum, payload) => sum + payload.length, 0);
  const bytes = Buffer.alloc(payloadBytes + payloads.length * PACKET_HEADER_BYTES);
  const packetStarts: number[] = [];
  let at = 0;
  payloads.forEach((payload, index) => {
    packetStarts.push(at);
    bytes[at] = 0x24;
    bytes.writeUInt16BE(payload.length + 12, at + 2);
    bytes[at + 4] = 0x80;
    bytes[at + 5] = payloadType | (index === payloads.length - 1 ? 0x80 : 0);
    payload.copy(bytes, at + PACKET_HEADER_BYTES);
    at += PACKET_HEADER_BYTES + payload.length;
  });
  return { bytes, packetStarts, payloadBytes };
}

/** A copy of the template with a viewer's values filled in. The caller owns it. */
export function stampPackets(template: PacketTemplate, stamp: PacketStamp): Buffer {
  const bytes = Buffer.allocUnsafe(template.bytes.length);
  template.bytes.copy(bytes);
  let sequenceNumber = stamp.firstSequenceNumber;
  for (const at of template.packetStarts) {
    bytes[at + 1] = stamp.channel;
    bytes.writeUInt16BE(sequenceNumber & 0xffff, at + 6);
    bytes.writeUInt32BE(stamp.timestamp, at + 8);
    bytes.writeUInt32BE(stamp.ssrc, at + 12);
    sequenceNumber++;
  }
  return bytes;
}
