/**
 * Cuts access units into RTP payloads.
 *
 *     H.264, RFC 6184            single NAL unit · STAP-A (24): header, {size 16, NAL unit}… · FU-A (28): FU indicator,
 *                                FU header S E R type, fragment
 *     H.265, RFC 7798            single NAL unit · AP (48): 2-byte header, {size 16, NAL unit}… · FU (49): 2-byte header,
 *                                FU header S E type, fragment
 *     AAC-hbr, RFC 3640 §3.3.6   AU-headers-length 16 = 16 bits, AU-size 13 | AU-Index 3, AU
 */
import type { VideoCodec } from './annex-b.ts';

/**
 * The payloads of one access unit, in order; the last takes the marker bit.
 *
 * @param maxPayloadBytes from 64; a larger NAL unit is fragmented
 * @param aggregate put neighbouring NAL units that fit one payload together (STAP-A, AP)
 */
export function packetizeAccessUnit(codec: VideoCodec, nalUnits: readonly Buffer[], maxPayloadBytes: number, aggregate: boolean): Buffer[] {
  const payloads: Buffer[] = [];
  const gathered: Buffer[] = [];
  let gatheredBytes = 0;
  const flush = (): void => {
    const [only] = gathered;
    if (gathered.length === 1 && only !== undefined) payloads.push(only);
    else if (gathered.length > 1) payloads.push(aggregatePayload(codec, gathered));
    gathered.length = 0;
    gatheredBytes = 0;
  };
  for (const nalUnit of nalUnits) {
    const sizeBytes = nalUnit.length + 2;
    if (!aggregate || gatheredBytes + sizeBytes + 2 > maxPayloadBytes) flush();
    if (nalUnit.length > maxPayloadBytes) {
      payloads.push(...fragmentPayloads(codec, nalUnit, maxPayloadBytes));
      continue;
    }
    gathered.push(nalUnit);
    gatheredBytes += sizeBytes;
  }
  flush();
  return payloads;
}

/** One AAC access unit as an AAC-hbr payload with 13-bit sizes and 3-bit indexes. */
export function packetizeAac(unit: Buffer): Buffer {
  const payload = Buffer.allocUnsafe(unit.length + 4);
  payload.writeUInt16BE(16, 0);
  payload.writeUInt16BE(unit.length << 3, 2);
  unit.copy(payload, 4);
  return payload;
}

function aggregatePayload(codec: VideoCodec, nalUnits: readonly Buffer[]): Buffer {
  const parts: Buffer[] = [];
  if (codec === 'h264') {
    const importance = Math.max(...nalUnits.map((nalUnit) => (nalUnit[0] ?? 0) & 0x60));
    parts.push(Buffer.from([importance | 24]));
  } else {
    parts.push(Buffer.from([48 << 1, 1]));
  }
  for (const nalUnit of nalUnits) {
    const size = Buffer.allocUnsafe(2);
    size.writeUInt16BE(nalUnit.length, 0);
    parts.push(size, nalUnit);
  }
  return Buffer.concat(parts);
}

function fragmentPayloads(codec: VideoCodec, nalUnit: Buffer, maxPayloadBytes: number): Buffer[] {
  const nalHeaderBytes = codec === 'h264' ? 1 : 2;
  const fragmentBytes = maxPayloadBytes - nalHeaderBytes - 1;
  const payloads: Buffer[] = [];
  for (let at = nalHeaderBytes; at < nalUnit.length; at += fragmentBytes) {
    const isStart = at === nalHeaderBytes;
    const isEnd = at + fragmentBytes >= nalUnit.length;
    const flags = (isStart ? 0x80 : 0) | (isEnd ? 0x40 : 0);
    const first = nalUnit[0] ?? 0;
    const header =
      codec === 'h264' ? [(first & 0xe0) | 28, flags | (first & 0x1f)] : [(first & 0x81) | (49 << 1), nalUnit[1] ?? 1, flags | ((first >> 1) & 0x3f)];
    payloads.push(Buffer.concat([Buffer.from(header), nalUnit.subarray(at, at + fragmentBytes)]));
  }
  return payloads;
}
