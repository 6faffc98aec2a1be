import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, unescapeNalUnit } from '../../../media/bytes/bit-reader.ts';

/** Bits as text, to bytes. */
function bytesOf(bits: string): Buffer {
  const padded = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0');
  return Buffer.from((padded.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

function ueBits(value: number): string {
  const code = (value + 1).toString(2);
  return '0'.repeat(code.length - 1) + code;
}

describe('BitReader', () => {
  it('reads the Exp-Golomb codes of H.264 Table 9-2', () => {
    const codes: [string, number][] = [
      ['1', 0],
      ['010', 1],
      ['011', 2],
      ['00100', 3],
      ['00111', 6],
      ['0001000', 7],
    ];
    for (const [bits, value] of codes) expect(new BitReader(bytesOf(bits)).ue()).toBe(value);
    for (const [code, value] of [0, 1, -1, 2, -2, 3].entries()) expect(new BitReader(bytesOf(ueBits(code))).se()).toBe(value);
  });

  it('reads any row of fields back', () => {
    const field = fc.oneof(
      fc.record({ kind: fc.constant('ue' as const), value: fc.nat(0xfffffffe) }),
      fc
        .integer({ min: 1, max: 32 })
        .chain((width) => fc.record({ kind: fc.constant('bits' as const), width: fc.constant(width), value: fc.nat(2 ** width - 1) })),
    );
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), (fields) => {
        const bits = fields.map((entry) => (entry.kind === 'ue' ? ueBits(entry.value) : entry.value.toString(2).padStart(entry.width, '0'))).join('');
        const reader = new BitReader(bytesOf(bits));
        expect(fields.map((entry) => (entry.kind === 'ue' ? reader.ue() : reader.bits(entry.width)))).toEqual(fields.map(({ value }) => value));
        expect([reader.isFailed, reader.position]).toEqual([false, bits.length]);
      }),
    );
  });

  it('fails for good at the end, and at codes that are too long', () => {
    const reader = new BitReader(Buffer.from([0xff]));
    expect([reader.bits(9), reader.isFailed, reader.bits(1)]).toEqual([0, true, 0]);
    const zeros = new BitReader(Buffer.alloc(100));
    expect([zeros.ue(), zeros.isFailed]).toEqual([0, true]);
  });
});

describe('unescapeNalUnit', () => {
  it.each([
    ['00000301', '000001'],
    ['000003000003', '00000000'],
    ['0000030003', '00000003'],
    ['000102', '000102'],
    ['000003', '0000'],
  ])('%s → %s', (escaped, plain) => {
    expect(unescapeNalUnit(Buffer.from(escaped, 'hex')).toString('hex')).toBe(plain);
  });
});
