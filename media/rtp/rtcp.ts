/**
 * RTCP: sender reports read, receiver reports written (RFC 3550 §6.4).
 *
 *     |V=2|P|   RC    |      PT       |      length in words − 1      |
 *     SR (PT 200): SSRC · NTP timestamp 64 · RTP timestamp 32 · packets 32 · octets 32 · RC report blocks
 *     RR (PT 201): SSRC · RC report blocks
 *     report block: SSRC · fraction lost 8 | lost 24 · extended highest sequence 32 · jitter 32 · last SR 32 · delay since last SR 32
 *     SDES (PT 202): SSRC · CNAME (1) · length · text · zeros up to a word
 */
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';

const SENDER_REPORT = 200;
const RECEIVER_REPORT = 201;
const SOURCE_DESCRIPTION = 202;
const BYE = 203;

/** The camera's own mapping of its wall clock to RTP time. */
export interface SenderReport {
  readonly ssrc: number;
  /** NTP timestamp as it stands, ms: since 1900 if the camera is right (`clock/ntp-epoch.ts`), 0 if it has no clock. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
  /** Middle 32 bits of the NTP timestamp: goes back in receiver reports. */
  readonly lastReportNtp: number;
}

/** What a compound packet held that concerns us. */
export interface RtcpContent {
  readonly senderReport: SenderReport | null;
  readonly hasBye: boolean;
}

/** Reads a compound packet as far as it is sound. Borrows. */
export function parseRtcp(bytes: Buffer, start: number, end: number): RtcpContent {
  const reader = new ByteReader(bytes, start, end);
  let senderReport: SenderReport | null = null;
  let hasBye = false;
  while (reader.remaining >= 4) {
    const first = reader.u8();
    const packetType = reader.u8();
    const body = reader.view(reader.u16() * 4);
    if (first >> 6 !== 2 || reader.isFailed) break;
    if (packetType === SENDER_REPORT) senderReport = parseSenderReport(body) ?? senderReport;
    else if (packetType === BYE) hasBye = true;
  }
  return { senderReport, hasBye };
}

function parseSenderReport(body: Buffer): SenderReport | null {
  const reader = new ByteReader(body);
  const ssrc = reader.u32();
  const ntpSeconds = reader.u32();
  const ntpFraction = reader.u32();
  const rtpTimestamp = reader.u32();
  if (reader.isFailed) return null;
  return {
    ssrc,
    ntpMs: ntpSeconds * 1000 + (ntpFraction / 2 ** 32) * 1000,
    rtpTimestamp,
    lastReportNtp: (((ntpSeconds & 0xffff) << 16) | (ntpFraction >>> 16)) >>> 0,
  };
}

/** What a receiver report says of one track. */
export interface ReceptionSummary {
  readonly receiverSsrc: number;
  readonly senderSsrc: number;
  /** Share lost since the last report, in 1/256. */
  readonly fractionLost: number;
  /** Lost since the beginning; clamped to 24 bits. */
  readonly lostPackets: number;
  readonly extendedHighestSequence: number;
  /** Interarrival jitter in ticks of the track's clock; 0 over TCP, where it means nothing. */
  readonly jitterTicks: number;
  /** 0 when there was no sender report yet. */
  readonly lastReportNtp: number;
  /** In 1/65,536 s. */
  readonly delaySinceLastReport: number;
}

const CNAME = Buffer.from('yilan', 'latin1');
/** Chunk of the SDES: SSRC, type and length of the CNAME, its text, at least one zero, to a whole word. */
const SDES_CHUNK_BYTES = 4 + 2 + CNAME.length + (4 - ((2 + CNAME.length) % 4));

/** Writes a receiver report with one block and the SDES that must go with it. */
export function writeReceiverReport(summary: ReceptionSummary): Buffer {
  const writer = new ByteWriter(Buffer.alloc(32 + 4 + SDES_CHUNK_BYTES));
  writer.u32(((0x81 << 24) | (RECEIVER_REPORT << 16) | 7) >>> 0);
  writer.u32(summary.receiverSsrc);
  writer.u32(summary.senderSsrc);
  writer.u8(summary.fractionLost);
  writer.u24(Math.min(summary.lostPackets, 0x7fffff));
  writer.u32(summary.extendedHighestSequence);
  writer.u32(summary.jitterTicks);
  writer.u32(summary.lastReportNtp);
  writer.u32(summary.delaySinceLastReport);
  writer.u32(((0x81 << 24) | (SOURCE_DESCRIPTION << 16) | (SDES_CHUNK_BYTES / 4)) >>> 0);
  writer.u32(summary.receiverSsrc);
  writer.u8(1);
  writer.u8(CNAME.length);
  writer.raw(CNAME);
  return writer.bytes;
}
