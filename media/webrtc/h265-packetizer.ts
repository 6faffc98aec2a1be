/**
 * H.265 access units to RTP payloads (RFC 7798; hot path).
 *
 *     NAL header        | F | type 6 | layer 6 | TID 3 |                        two bytes, §1.1.4
 *     single NAL unit   | NAL header | …                                        §4.4.1
 *     AP (48)           | header, type 48 | size 16 | NAL | size 16 | NAL | …   §4.4.2
 *     FU (49)           | header, type 49 | S E type | piece without header     §4.4.3
 *
 * Parameter sets go before every key frame, together in one aggregation packet.
 */
import type { Frame, VideoTrack } from '../stream/frame.ts';
import { maxPayloadBytes, type RtpPacketBatch } from './rtp-packet-batch.ts';

const aggregationType = 48;
const fragmentationType = 49;
/** Forbidden bit and the high bit of the layer id: what stays of the first header byte when the type changes. */
const firstByteKeptMask = 0x81;
const typeMask = 0x3f;
const fuStartBit = 0x80;
const fuEndBit = 0x40;
const nalHeaderBytes = 2;
/** Bytes of payload header and FU header. */
const fuHeaderBytes = 3;
const nalLengthBytes = 4;

/** As `packetizeH264`, for H.265. */
export function packetizeH265(frame: Frame, track: VideoTrack, batch: RtpPacketBatch): boolean {
  batch.begin();
  if (frame.isKeyFrame && !addParameterSets(track, batch)) return false;
  const bytes = frame.slab.bytes;
  let offset = frame.start;
  while (offset + nalLengthBytes <= frame.end) {
    const nalStart = offset + nalLengthBytes;
    const nalEnd = nalStart + bytes.readUInt32BE(offset);
    if (nalEnd > frame.end) return false;
    if (nalEnd > nalStart && !addNal(bytes, nalStart, nalEnd, batch)) return false;
    offset = nalEnd;
  }
  return offset === frame.end && batch.packetCount > 0;
}

function addParameterSets(track: VideoTrack, batch: RtpPacketBatch): boolean {
  const sets = [...track.vps, ...track.sps, ...track.pps];
  let payloadBytes = nalHeaderBytes;
  for (const set of sets) payloadBytes += 2 + set.length;
  if (payloadBytes > maxPayloadBytes || sets.length === 1) {
    for (const set of sets) if (set.length > 0 && !addNal(set, 0, set.length, batch)) return false;
    return true;
  }
  const first = sets[0];
  if (first === undefined) return true;
  let cursor = batch.addPacket(payloadBytes);
  if (cursor < 0) return false;
  batch.bytes[cursor++] = ((first[0] ?? 0) & firstByteKeptMask) | (aggregationType << 1);
  batch.bytes[cursor++] = first[1] ?? 1;
  for (const set of sets) {
    cursor = batch.bytes.writeUInt16BE(set.length, cursor);
    cursor += set.copy(batch.bytes, cursor);
  }
  return true;
}

function addNal(source: Buffer, start: number, end: number, batch: RtpPacketBatch): boolean {
  const sizeBytes = end - start;
  if (sizeBytes <= maxPayloadBytes) {
    const payload = batch.addPacket(sizeBytes);
    if (payload < 0) return false;
    source.copy(batch.bytes, payload, start, end);
    return true;
  }
  const firstByte = source[start] ?? 0;
  const secondByte = source[start + 1] ?? 0;
  let fuHeader = fuStartBit | ((firstByte >> 1) & typeMask);
  let offset = start + nalHeaderBytes;
  while (offset < end) {
    const pieceEnd = Math.min(end, offset + maxPayloadBytes - fuHeaderBytes);
    if (pieceEnd === end) fuHeader |= fuEndBit;
    const payload = batch.addPacket(fuHeaderBytes + pieceEnd - offset);
    if (payload < 0) return false;
    batch.bytes[payload] = (firstByte & firstByteKeptMask) | (fragmentationType << 1);
    batch.bytes[payload + 1] = secondByte;
    batch.bytes[payload + 2] = fuHeader;
    source.copy(batch.bytes, payload + fuHeaderBytes, offset, pieceEnd);
    fuHeader &= ~fuStartBit;
    offset = pieceEnd;
  }
  return true;
}
