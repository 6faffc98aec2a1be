import { describe, expect, it } from 'vitest';

import { packetizeAac, packetizeAccessUnit } from './rtp-payload.ts';

const hex = (payloads: readonly Buffer[]): string[] => payloads.map((payload) => payload.toString('hex'));

describe('H.264 payloads (RFC 6184)', () => {
  it('sends small NAL units alone', () => {
    const nalUnits = [Buffer.from('6742', 'hex'), Buffer.from('68ce', 'hex')];
    expect(hex(packetizeAccessUnit('h264', nalUnits, 1400, false))).toEqual(['6742', '68ce']);
  });

  it('aggregates neighbours, with the highest importance of them', () => {
    const nalUnits = [Buffer.from('2742', 'hex'), Buffer.from('68ce', 'hex')];
    expect(hex(packetizeAccessUnit('h264', nalUnits, 1400, true))).toEqual(['7800022742000268ce']);
  });

  it('cuts a large NAL unit into FU-A that join to it again', () => {
    const nalUnit = Buffer.concat([Buffer.from([0x65]), Buffer.from(Array.from({ length: 200 }, (_, i) => i))]);
    const payloads = packetizeAccessUnit('h264', [nalUnit], 64, true);
    expect(payloads.every((payload) => payload.length <= 64)).toBe(true);
    expect(payloads.map((payload) => payload[0])).toEqual([0x7c, 0x7c, 0x7c, 0x7c]);
    expect(payloads.map((payload) => payload[1])).toEqual([0x85, 0x05, 0x05, 0x45]);
    const body = Buffer.concat(payloads.map((payload) => payload.subarray(2)));
    expect(body.equals(nalUnit.subarray(1))).toBe(true);
  });
});

describe('H.265 payloads (RFC 7798)', () => {
  it('cuts a large NAL unit into FUs that keep layer and temporal id', () => {
    const nalUnit = Buffer.concat([Buffer.from([0x26, 0x01]), Buffer.alloc(100, 7)]);
    const payloads = packetizeAccessUnit('h265', [nalUnit], 64, false);
    expect(payloads.map((payload) => payload.toString('hex', 0, 3))).toEqual(['620193', '620153']);
    expect(Buffer.concat(payloads.map((payload) => payload.subarray(3))).length).toBe(100);
  });

  it('aggregates neighbours', () => {
    const nalUnits = [Buffer.from('40010c', 'hex'), Buffer.from('420101', 'hex')];
    expect(hex(packetizeAccessUnit('h265', nalUnits, 1400, true))).toEqual(['6001000340010c0003420101']);
  });
});

describe('AAC payloads (RFC 3640)', () => {
  it('put the size of the unit first', () => {
    expect(packetizeAac(Buffer.from('aabbcc', 'hex')).toString('hex')).toBe('00100018aabbcc');
  });
});
