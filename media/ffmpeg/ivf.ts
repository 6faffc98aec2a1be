/**
 * IVF, the plainest container ffmpeg reads: every packet behind its length and its presentation time, nothing to look for and
 * nothing to wait for. A raw byte stream would keep a picture until the next one begins. Little-endian:
 *
 *     header   "DKIF" · u16 version 0 · u16 header size 32 · 4 bytes codec · u16 width · u16 height
 *              · u32 ticks per second · u32 ticks per unit · u32 frame count · u32 0
 *     packet   u32 size · u64 presentation time · bytes
 *
 * The codec is given on ffmpeg's command line (`-c:v`), for IVF has no name for H.265.
 */

const headerBytes = 32;
/** Bytes in front of each packet. */
export const ivfPacketHeadBytes = 12;

/** The beginning of a stream whose times count `ticksPerSecond`. */
export function writeIvfHeader(ticksPerSecond: number): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(headerBytes, 6);
  header.write('H264', 8, 'latin1');
  // Any size but zero will do: the decoder takes it from the parameter sets.
  header.writeUInt16LE(16, 12);
  header.writeUInt16LE(16, 14);
  header.writeUInt32LE(ticksPerSecond, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

/** Writes the head of a packet of `sizeBytes` into `target` at `offset`. `presentationTicks`: whole, not negative. */
export function writeIvfPacketHead(target: Buffer, offset: number, sizeBytes: number, presentationTicks: number): void {
  target.writeUInt32LE(sizeBytes, offset);
  target.writeUInt32LE(presentationTicks % 2 ** 32, offset + 4);
  target.writeUInt32LE(Math.floor(presentationTicks / 2 ** 32), offset + 8);
}

/** A packet of its own (copies `bytes`). */
export function writeIvfPacket(bytes: Buffer, presentationTicks: number): Buffer {
  const packet = Buffer.allocUnsafe(ivfPacketHeadBytes + bytes.length);
  writeIvfPacketHead(packet, 0, bytes.length, presentationTicks);
  bytes.copy(packet, ivfPacketHeadBytes);
  return packet;
}
