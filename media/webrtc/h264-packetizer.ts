/**
 * H.264 access units to RTP payloads (RFC 6184, packetization-mode 1; hot path).
 *
 *     single NAL unit   | NAL header | …                                                  §5.6
 *     STAP-A (24)       | F NRI 24 | size 16 | NAL | size 16 | NAL | …                     §5.7.1
 *     FU-A (28)         | F NRI 28 | S E R type | piece of the NAL without its header     §5.8
 *
 * Parameter sets go before every key frame, together in one STAP-A: cameras on TCP often have them in the SDP only, and a
 * viewer that joins later would never see them.
 */
import type { Frame, VideoTrack } from '../stream/frame.ts';
import { maxPayloadBytes, type RtpPacketBatch } from './rtp-packet-batch.ts';

const stapAType = 24;
const fuAType = 28;
const forbiddenAndImportanceMask = 0xe0;
const typeMask = 0x1f;
const fuStartBit = 0x80;
const fuEndBit = 0x40;
/** Bytes of indicator and FU header. */
const fuHeaderBytes = 2;
const nalLengthBytes = 4;

/**
 * Fills `batch` with the packets of one video frame. Copies the frame's bytes. Returns false when the NAL lengths do not
 * add up or the frame is absurdly large; the batch is not to be sent then.
 */
export function packetizeH264(frame: Frame, track: VideoTrack, batch: RtpPacketBatch): boolean {
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
  const sets = [...track.sps, ...track.pps];
  let payloadBytes = 1;
  let importance = 0;
  for (const set of sets) {
    payloadBytes += 2 + set.length;
    importance = Math.max(importance, (set[0] ?? 0) & forbiddenAndImportanceMask);
  }
  if (payloadBytes > maxPayloadBytes || sets.length === 1) {
    for (const set of sets) if (set.length > 0 && !addNal(set, 0, set.length, batch)) return false;
    return true;
  }
  if (sets.length === 0) return true;
  let cursor = batch.addPacket(payloadBytes);
  if (cursor < 0) return false;
  batch.bytes[cursor++] = importance | stapAType;
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
  const header = source[start] ?? 0;
  const indicator = (header & forbiddenAndImportanceMask) | fuAType;
  let fuHeader = fuStartBit | (header & typeMask);
  let offset = start + 1;
  while (offset < end) {
    const pieceEnd = Math.min(end, offset + maxPayloadBytes - fuHeaderBytes);
    if (pieceEnd === end) fuHeader |= fuEndBit;
    const payload = batch.addPacket(fuHeaderBytes + pieceEnd - offset);
    if (payload < 0) return false;
    batch.bytes[payload] = indicator;
    batch.bytes[payload + 1] = fuHeader;
    source.copy(batch.bytes, payload + fuHeaderBytes, offset, pieceEnd);
    fuHeader &= ~fuStartBit;
    offset = pieceEnd;
  }
  return true;
}
