import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MIN_SLAB_BYTES, SlabPool } from '../../../media/stream/slab-pool.ts';
import { SlabWriter } from '../../../media/stream/slab-writer.ts';

describe('SlabWriter', () => {
  const bytes = Buffer.from('0123456789abcdef');

  it('writes units one after another, NAL units behind their lengths', () => {
    const writer = new SlabWriter(new SlabPool(), 100, 64);
    writer.beginNal();
    writer.appendByte(0x65);
    writer.append(bytes, 0, 3);
    writer.endNal();
    writer.beginNal();
    writer.append(bytes, 4, 5);
    writer.dropNal();
    const first = [writer.unitStart, writer.unitEnd];
    expect(writer.slab.bytes.toString('latin1', writer.unitStart, writer.unitEnd)).toBe('\0\0\0\u0004e012');
    writer.commitUnit();
    writer.append(bytes, 0, 2);
    writer.dropUnit();
    writer.append(bytes, 10, 12);
    expect([first, [writer.unitStart, writer.unitEnd], writer.slab.bytes.toString('latin1', 8, 10)]).toEqual([[0, 8], [8, 10], 'ab']);
  });

  it('refuses what would outgrow the bound, and writes nothing of it', () => {
    const writer = new SlabWriter(new SlabPool(), 20, 64);
    expect([
      writer.append(bytes, 0, 16),
      writer.append(bytes, 0, 5),
      writer.beginNal(),
      writer.beginNal(),
      writer.unitEnd - writer.unitStart,
    ]).toEqual([true, false, true, false, 20]);
  });

  it('asks for larger slabs as the bitrate grows, and lets them shrink again', () => {
    const writer = new SlabWriter(new SlabPool(), 4_000_000, MIN_SLAB_BYTES);
    const frame = Buffer.alloc(40_000);
    let nowMs = 0;
    const run = (count: number, sizeBytes: number): number => {
      for (let index = 0; index < count; index += 1) {
        writer.append(frame, 0, sizeBytes);
        writer.commitUnit();
        writer.observeTime((nowMs += 40));
      }
      return writer.slab.bytes.length;
    };
    expect(run(250, 40_000)).toBeGreaterThanOrEqual(512 * 1024);
    expect(run(25_000, 100)).toBeLessThanOrEqual(MIN_SLAB_BYTES * 2);
  });

  it('moves a unit to a new slab unharmed, wherever the old one ends', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 20 }),
        (units) => {
          const pool = new SlabPool();
          const writer = new SlabWriter(pool, 1_000_000, 1);
          const source = Buffer.alloc(40_000, 1);
          for (const [index, parts] of units.entries()) {
            source.fill(index + 1);
            for (const sizeBytes of parts) expect(writer.append(source, 0, sizeBytes)).toBe(true);
            const unit = writer.slab.bytes.subarray(writer.unitStart, writer.unitEnd);
            expect(unit.length).toBe(parts.reduce((sum, sizeBytes) => sum + sizeBytes, 0));
            expect(unit.every((byte) => byte === index + 1)).toBe(true);
            writer.commitUnit();
            expect(pool.slabsInUse).toBe(1);
          }
          writer.close();
          expect(pool.slabsInUse).toBe(0);
        },
      ),
      { numRuns: 30 },
    );
  });
});
