/**
 * The RTCP sender report (RFC 3550 §6.4.1) with the CNAME that must go with it (§6.5.1), framed for an interleaved
 * connection.
 *
 *     '$' | channel | size 16 | SR: 80 C8 len | SSRC | NTP seconds 32 | NTP fraction 32 | RTP timestamp | packets | octets
 *                              | SDES: 81 CA len | SSRC | 1 | length | CNAME | 0 padding
 */

/** What a sender report says. */
export interface SenderReport {
  readonly channel: number;
  readonly ssrc: number;
  /** Wall-clock milliseconds since 1970, negative before it, at which `rtpTimestamp` was sampled. */
  readonly wallClockMs: number;
  readonly rtpTimestamp: number;
  readonly packetCount: number;
  readonly octetCount: number;
}

/** Seconds from the NTP epoch, 1900, to 1970. */
const NTP_EPOCH_OFFSET_SECONDS = 2_208_988_800;
const CNAME = 'simulator';

/** Writes a sender report, ready for the connection. */
export function writeSenderReport(report: SenderReport): Buffer {
  const sdesBytes = 4 + Math.ceil((4 + 2 + CNAME.length + 1) / 4) * 4;
  const bytes = Buffer.alloc(4 + 28 + sdesBytes);
  bytes[0] = 0x24;
  bytes[1] = report.channel;
  bytes.writeUInt16BE(28 + sdesBytes, 2);
  bytes.writeUInt32BE(0x80c80006, 4);
  bytes.writeUInt32BE(report.ssrc, 8);
  const seconds = Math.floor(report.wallClockMs / 1000);
  bytes.writeUInt32BE((seconds + NTP_EPOCH_OFFSET_SECONDS) % 2 ** 32, 12);
  bytes.writeUInt32BE(Math.floor(((report.wallClockMs - seconds * 1000) / 1000) * 2 ** 32), 16);
  bytes.writeUInt32BE(report.rtpTimestamp >>> 0, 20);
  bytes.writeUInt32BE(report.packetCount >>> 0, 24);
  bytes.writeUInt32BE(report.octetCount >>> 0, 28);
  bytes.writeUInt16BE(0x81ca, 32);
  bytes.writeUInt16BE(sdesBytes / 4 - 1, 34);
  bytes.writeUInt32BE(report.ssrc, 36);
  bytes[40] = 1;
  bytes[41] = CNAME.length;
  bytes.write(CNAME, 42, 'ascii');
  return bytes;
}
