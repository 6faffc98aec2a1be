/**
 * What a viewer says about its reception: RTCP compound packets, read far enough to know when it needs a key frame and how
 * much it loses. Retransmission requests (NACK) are answered by the library below and ignored here.
 *
 *     common header     |V=2|P| count |  type  | length in words − 1 |          RFC 3550 §6.4
 *     SR (200)          | ssrc | sender info, 20 bytes | report blocks           §6.4.1
 *     RR (201)          | ssrc | report blocks of 24 bytes                       §6.4.2
 *       report block    | ssrc | fraction lost 8 | cumulative lost 24 | highest sequence 32 | …
 *     PSFB (206)        count 1: PLI (RFC 4585 §6.3.1), count 4: FIR (RFC 5104 §4.3.1)
 */
import type { ReceptionTotals } from './loss-watch.ts';

/** Digest of one compound packet. */
export interface RtcpFeedback {
  readonly wantsKeyFrame: boolean;
  /** Of the block about the source asked for; null without one. */
  readonly reception: ReceptionTotals | null;
}

const senderReport = 200;
const receiverReport = 201;
const payloadFeedback = 206;
const pictureLoss = 1;
const fullIntraRequest = 4;
const reportBlockBytes = 24;

/** Reads a compound packet of any content about our source `ssrc`; what does not parse is ignored from there on. */
export function parseRtcpFeedback(packet: Buffer, ssrc: number): RtcpFeedback {
  let wantsKeyFrame = false;
  let reception: ReceptionTotals | null = null;
  let offset = 0;
  while (offset + 4 <= packet.length) {
    const first = packet.readUInt8(offset);
    if (first >> 6 !== 2) break;
    const count = first & 0x1f;
    const type = packet.readUInt8(offset + 1);
    const end = offset + 4 * (packet.readUInt16BE(offset + 2) + 1);
    if (end > packet.length) break;
    if (type === payloadFeedback && (count === pictureLoss || count === fullIntraRequest)) wantsKeyFrame = true;
    if (type === receiverReport || type === senderReport) {
      const blocksStart = offset + (type === senderReport ? 28 : 8);
      for (let block = 0; block < count && blocksStart + (block + 1) * reportBlockBytes <= end; block++) {
        const start = blocksStart + block * reportBlockBytes;
        if (packet.readUInt32BE(start) !== ssrc) continue;
        reception = { lostPackets: packet.readIntBE(start + 5, 3), highestSequence: packet.readUInt32BE(start + 8) };
      }
    }
    offset = end;
  }
  return { wantsKeyFrame, reception };
}
