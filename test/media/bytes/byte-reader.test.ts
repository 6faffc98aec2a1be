import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ByteReader } from '../../../media/bytes/byte-reader.ts';

describe('ByteReader', () => {
  it('reads big-endian fields and views', () => {
    const reader = new ByteReader(Buffer.from('fefedcfedcbafedcba98616263', 'hex'));
    expect([reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.view(3).toString()]).toEqual([0xfe, 0xfedc, 0xfedcba, 0xfedcba98, 'abc']);
    expect([reader.remaining, reader.isFailed]).toEqual([0, false]);
  });

  it('stays failed after the first read past the end', () => {
    const reader = new ByteReader(Buffer.from([1, 2, 3]));
    expect([reader.u8(), reader.u32(), reader.isFailed, reader.u8(), reader.view(1).length, reader.remaining]).toEqual([1, 0, true, 0, 0, 0]);
  });

  it('never leaves its range, whatever is asked', () => {
    const read = fc.oneof(fc.constantFrom('u8', 'u16', 'u24', 'u32'), fc.integer({ min: -5, max: 40 }));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 30 }),
        fc.integer({ min: -3, max: 40 }),
        fc.integer({ min: -3, max: 40 }),
        fc.array(read),
        (raw, start, end, reads) => {
          const reader = new ByteReader(Buffer.from(raw), start, end);
          for (const step of reads) {
            if (step === 'u8') reader.u8();
            else if (step === 'u16') reader.u16();
            else if (step === 'u24') reader.u24();
            else if (step === 'u32') reader.u32();
            else if (typeof step === 'number') reader.view(step);
            expect(reader.position).toBeLessThanOrEqual(Math.max(0, Math.min(end, raw.length)));
            expect(reader.remaining).toBeGreaterThanOrEqual(0);
          }
        },
      ),
    );
  });
});
