import { describe, expect, it } from 'vitest';
import { MAX_SLAB_BYTES, MIN_SLAB_BYTES, SlabPool } from '../../../media/stream/slab-pool.ts';
import type { SlabMemory } from '../../../media/stream/slab-pool.ts';

class CountedMemory implements SlabMemory {
  taken = 0;
  dropped = 0;

  take(sizeBytes: number): Buffer {
    this.taken += 1;
    return Buffer.alloc(sizeBytes);
  }

  drop(): void {
    this.dropped += 1;
  }
}

const slabBytes = 64 * 1024;

describe('a slab pool', () => {
  it('uses a slab again once nobody holds it', () => {
    const pool = new SlabPool();
    const slab = pool.take(1000);
    slab.retain();
    slab.release();
    expect([pool.slabsInUse, pool.take(1000) === slab]).toEqual([1, false]);
    slab.release();
    expect([pool.slabsInUse, pool.take(MIN_SLAB_BYTES) === slab]).toEqual([1, true]);
  });

  it('refuses to count wrong', () => {
    const slab = new SlabPool().take(1);
    slab.release();
    expect(() => slab.release()).toThrow(/more often/);
    expect(() => slab.retain()).toThrow(/without holders/);
  });

  it('takes memory from where it is told, once for slabs that come back', () => {
    const memory = new CountedMemory();
    const pool = new SlabPool(memory);
    for (let round = 0; round < 50; round += 1) pool.take(slabBytes - 5).release();
    expect([memory.taken, memory.dropped, pool.slabsInUse, pool.freeBytes]).toEqual([1, 0, 0, slabBytes]);
  });

  it('needs no new memory when many streams let go and take together, again and again', () => {
    const memory = new CountedMemory();
    const pool = new SlabPool(memory);
    const steady = Array.from({ length: 100 }, () => pool.take(slabBytes));
    for (let group = 0; group < 20; group += 1) {
      const swell = Array.from({ length: 60 }, () => pool.take(slabBytes));
      for (const slab of swell) slab.release();
    }
    // 160 at first; after that each trough drops a few.
    expect(memory.taken).toBeLessThan(160 + 19 * 5);
    for (const slab of steady) slab.release();
  });

  it('gives most of it back when it was long not needed', () => {
    const memory = new CountedMemory();
    const pool = new SlabPool(memory);
    for (const slab of Array.from({ length: 1000 }, () => pool.take(slabBytes))) slab.release();
    const before = pool.freeBytes;
    for (let round = 0; round < 20_000; round += 1) pool.take(slabBytes).release();
    expect(pool.freeBytes).toBeLessThan(before / 2);
    expect(memory.taken - memory.dropped).toBe(pool.freeBytes / slabBytes);
  });

  it('keeps no more than were in use at once, none beyond its largest size, and lets go of sizes nobody asks for any more', () => {
    const memory = new CountedMemory();
    const pool = new SlabPool(memory);
    const slabs = Array.from({ length: 20 }, () => pool.take(1));
    const huge = pool.take(MAX_SLAB_BYTES + 1);
    expect(huge.bytes.length).toBe(MAX_SLAB_BYTES + 1);
    for (const slab of [huge, ...slabs]) slab.release();
    expect(pool.freeBytes).toBeLessThanOrEqual(20 * MIN_SLAB_BYTES);
    expect(pool.take(MAX_SLAB_BYTES + 1)).not.toBe(huge);
    for (let round = 0; round < 200; round += 1) for (const slab of Array.from({ length: 5 }, () => pool.take(slabBytes))) slab.release();
    expect([...slabs].includes(pool.take(1))).toBe(false);
  });
});
