import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileIndex, IndexedFragment } from '../../../media/recorder/file-index.ts';
import { endOf, endOffsetOf, parseFileIndex, writeFileIndex } from '../../../media/recorder/file-index.ts';

const fragmentFields = fc.record({
  sizeBytes: fc.integer({ min: 1, max: 2_000_000 }),
  arrivedAfterMs: fc.integer({ min: -5_000, max: 700_000 }),
  durationTicks: fc.integer({ min: 1, max: 180_000 }),
  startsWithKeyFrame: fc.boolean(),
});

const indexes = fc
  .record({ fromMs: fc.integer({ min: 1, max: 2 ** 42 }), fields: fc.array(fragmentFields, { minLength: 1, maxLength: 50 }) })
  .map(({ fromMs, fields }): FileIndex => {
    const fragments: IndexedFragment[] = [];
    let offset = 1_000;
    let startTicks = 0;
    for (const [position, { arrivedAfterMs, ...rest }] of fields.entries()) {
      fragments.push({ ...rest, offset, startTicks, arrivedMs: fromMs + (position === 0 ? 0 : arrivedAfterMs) });
      offset += rest.sizeBytes;
      startTicks += rest.durationTicks;
    }
    return { timescale: 90_000, initBytes: 1_000, fragments };
  });

describe('file index', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(indexes, (index) => {
        expect(parseFileIndex(writeFileIndex(index), endOffsetOf(index))).toEqual(index);
      }),
    );
  });

  it('is not believed at another place of the file', () => {
    fc.assert(
      fc.property(indexes, fc.integer({ min: 1, max: 1_000 }), (index, by) => {
        expect(parseFileIndex(writeFileIndex(index), endOffsetOf(index) + by)).toBeNull();
      }),
    );
  });

  it('is not believed when the clock moved by more than it can say', () => {
    const fragment = { offset: 10, sizeBytes: 5, startTicks: 0, durationTicks: 90_000, startsWithKeyFrame: true };
    const fragments = [
      { ...fragment, arrivedMs: 2 ** 41 },
      { ...fragment, offset: 15, startTicks: 90_000, arrivedMs: 0 },
    ];
    const index = { timescale: 90_000, initBytes: 10, fragments };
    expect(parseFileIndex(writeFileIndex(index), 20)).toBeNull();
  });

  it('survives changed and cut bytes', () => {
    const changes = fc.array(fc.tuple(fc.nat(2_000), fc.nat(255)), { maxLength: 8 });
    fc.assert(
      fc.property(indexes, changes, fc.nat(2_000), (index, changed, length) => {
        const bytes = writeFileIndex(index);
        for (const [at, value] of changed) if (at < bytes.length) bytes[at] = value;
        const parsed = parseFileIndex(bytes.subarray(0, length), endOffsetOf(index));
        if (parsed !== null) expect(endOffsetOf(parsed)).toBe(endOffsetOf(index));
      }),
    );
  });

  it('ends with its latest fragment, even after the clock went back', () => {
    const fragment = { offset: 0, sizeBytes: 1, startTicks: 0, durationTicks: 90_000, startsWithKeyFrame: true };
    const fragments = [
      { ...fragment, arrivedMs: 10_000 },
      { ...fragment, arrivedMs: 4_000 },
    ];
    expect(endOf({ timescale: 90_000, initBytes: 0, fragments })).toBe(11_000);
  });
});
