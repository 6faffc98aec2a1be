import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteWriter } from '../../../media/bytes/byte-writer.ts';

describe('ByteWriter', () => {
  it('writes numbers big-endian, one behind the other', () => {
    const writer = new ByteWriter(Buffer.alloc(30));
    writer.u8(0x01);
    writer.u16(0x0203);
    writer.u24(0x040506);
    writer.u32(0x0708090a);
    writer.i32(-2);
    writer.u64(0x1_2345_6789_abcd);
    writer.ascii('moof');
    writer.raw(Buffer.from([0xee]));
    writer.zeros(3);
    expect(writer.bytes.toString('hex')).toBe('0102030405060708090afffffffe00012345' + '6789abcd6d6f6f66ee000000');
    expect(writer.position).toBe(30);
  });

  it('writes every whole number up to 2^53 − 1 as 64 bits', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const writer = new ByteWriter(Buffer.alloc(8));
        writer.u64(value);
        expect(writer.bytes.readBigUInt64BE(0)).toBe(BigInt(value));
      }),
    );
  });

  it('refuses to write past the end', () => {
    const writer = new ByteWriter(Buffer.alloc(3));
    expect(() => writer.u32(1)).toThrow(RangeError);
    expect(() => writer.raw(Buffer.alloc(4))).toThrow(RangeError);
  });
});
