/** Writes RTP packets for tests. */

export interface RtpPacketFields {
  readonly payload: Buffer;
  readonly payloadType?: number;
  readonly sequenceNumber?: number;
  readonly timestamp?: number;
  readonly ssrc?: number;
  readonly hasMarker?: boolean;
  readonly csrcs?: readonly number[];
  /** Whole 32-bit words. */
  readonly extension?: Buffer | null;
  readonly paddingBytes?: number;
}

/** One packet with header (RFC 3550 §5.1). */
export function buildRtpPacket(fields: RtpPacketFields): Buffer {
  const { payload, payloadType = 96, sequenceNumber = 0, timestamp = 0, ssrc = 0x1234, hasMarker = false } = fields;
  const { csrcs = [], extension = null, paddingBytes = 0 } = fields;
  const header = Buffer.alloc(12 + csrcs.length * 4);
  header[0] = 0x80 | (paddingBytes > 0 ? 0x20 : 0) | (extension === null ? 0 : 0x10) | csrcs.length;
  header[1] = (hasMarker ? 0x80 : 0) | payloadType;
  header.writeUInt16BE(sequenceNumber & 0xffff, 2);
  header.writeUInt32BE(timestamp >>> 0, 4);
  header.writeUInt32BE(ssrc, 8);
  for (const [index, csrc] of csrcs.entries()) header.writeUInt32BE(csrc, 12 + index * 4);
  const extensionHeader = Buffer.alloc(extension === null ? 0 : 4);
  if (extension !== null) extensionHeader.writeUInt16BE(extension.length / 4, 2);
  const padding = Buffer.alloc(paddingBytes);
  if (paddingBytes > 0) padding[paddingBytes - 1] = paddingBytes;
  return Buffer.concat([header, extensionHeader, extension ?? Buffer.alloc(0), payload, padding]);
}

/** The packet as it goes through an RTSP connection (RFC 2326 §10.12). */
export function interleave(channel: number, packet: Buffer): Buffer {
  const header = Buffer.from([0x24, channel, packet.length >> 8, packet.length & 0xff]);
  return Buffer.concat([header, packet]);
}
