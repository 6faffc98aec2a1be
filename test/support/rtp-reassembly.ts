/** Takes RTP payloads apart again as a viewer does (RFC 6184, RFC 7798), to compare with what was packetized. */

/** NAL units of H.264 payloads, in order. Throws on what mode 1 does not allow. */
export function reassembleH264(payloads: readonly Buffer[]): Buffer[] {
  const nalUnits: Buffer[] = [];
  let fragments: Buffer[] | null = null;
  for (const payload of payloads) {
    const first = payload.readUInt8(0);
    const type = first & 0x1f;
    if (type === 28) {
      const fuHeader = payload.readUInt8(1);
      if ((fuHeader & 0x80) !== 0) {
        if (fragments !== null) throw new Error('a fragment starts within another');
        fragments = [Buffer.from([(first & 0xe0) | (fuHeader & 0x1f)])];
      }
      if (fragments === null) throw new Error('a fragment without start');
      if ((fuHeader & 0xc0) === 0xc0) throw new Error('a fragment is both start and end');
      fragments.push(payload.subarray(2));
      if ((fuHeader & 0x40) !== 0) {
        nalUnits.push(Buffer.concat(fragments));
        fragments = null;
      }
      continue;
    }
    if (fragments !== null) throw new Error('a fragmented unit was not finished');
    if (type === 24) nalUnits.push(...splitAggregate(payload, 1));
    else if (type >= 1 && type <= 23) nalUnits.push(Buffer.from(payload));
    else throw new Error(`payload type ${type} is not part of mode 1`);
  }
  if (fragments !== null) throw new Error('the last unit was not finished');
  return nalUnits;
}

/** NAL units of H.265 payloads. */
export function reassembleH265(payloads: readonly Buffer[]): Buffer[] {
  const nalUnits: Buffer[] = [];
  let fragments: Buffer[] | null = null;
  for (const payload of payloads) {
    const type = (payload.readUInt8(0) >> 1) & 0x3f;
    if (type === 49) {
      const fuHeader = payload.readUInt8(2);
      if ((fuHeader & 0x80) !== 0) fragments = [Buffer.from([(payload.readUInt8(0) & 0x81) | ((fuHeader & 0x3f) << 1), payload.readUInt8(1)])];
      if (fragments === null) throw new Error('a fragment without start');
      if ((fuHeader & 0xc0) === 0xc0) throw new Error('a fragment is both start and end');
      fragments.push(payload.subarray(3));
      if ((fuHeader & 0x40) !== 0) {
        nalUnits.push(Buffer.concat(fragments));
        fragments = null;
      }
      continue;
    }
    if (fragments !== null) throw new Error('a fragmented unit was not finished');
    if (type === 48) nalUnits.push(...splitAggregate(payload, 2));
    else nalUnits.push(Buffer.from(payload));
  }
  if (fragments !== null) throw new Error('the last unit was not finished');
  return nalUnits;
}

function splitAggregate(payload: Buffer, headerBytes: number): Buffer[] {
  const nalUnits: Buffer[] = [];
  let offset = headerBytes;
  while (offset < payload.length) {
    const end = offset + 2 + payload.readUInt16BE(offset);
    if (end > payload.length) throw new Error('an aggregate is cut');
    nalUnits.push(Buffer.from(payload.subarray(offset + 2, end)));
    offset = end;
  }
  return nalUnits;
}
