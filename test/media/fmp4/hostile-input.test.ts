/** Every reader of MP4 meets random, cut and changed bytes: no exception, no endless loop, nothing outside of the buffer. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boxesIn, findBox, readBox } from '../../../media/fmp4/box-reader.ts';
import { findDecodeTimes, parseMovieFragment, parseProducerReference } from '../../../media/fmp4/fragment-parser.ts';
import { shiftFragment } from '../../../media/fmp4/fragment-shift.ts';
import { parseInitSegment } from '../../../media/fmp4/init-parser.ts';
import { removeTrackFromFragments, removeTrackFromInit } from '../../../media/fmp4/track-removal.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { bytesOf, collectFragment, initOf } from '../../support/fragment-collection.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';

const feeder = new FrameFeeder({ clock: new FakeClock(), audio: 'aac' });
const init = initOf(feeder);
const fragment = bytesOf(collectFragment(feeder, 0.5, true));
const tracks = parseInitSegment(init)?.tracks ?? [];

/** Random bytes, or a good input with some bytes changed and its end cut off. Mostly within the first KB, where the boxes are. */
function hostile(good: Buffer): fc.Arbitrary<Buffer> {
  const change = fc.record({ at: fc.nat(Math.min(good.length, 1_024) - 1), value: fc.nat(255) });
  const mutated = fc.tuple(fc.array(change, { maxLength: 12 }), fc.nat(good.length)).map(([changes, length]) => {
    const bytes = Buffer.from(good);
    for (const { at, value } of changes) bytes[at] = value;
    return bytes.subarray(0, length);
  });
  return fc.oneof(
    mutated,
    mutated.map((bytes) => Buffer.concat([bytes, good])),
    fc.uint8Array({ maxLength: 512 }).map((bytes) => Buffer.from(bytes)),
  );
}

describe('hostile MP4', () => {
  it('is walked without leaving the buffer', () => {
    fc.assert(
      fc.property(hostile(fragment), (bytes) => {
        let end = 0;
        for (const box of boxesIn(bytes)) {
          expect(box.start).toBe(end);
          expect(box.bodyStart).toBeLessThanOrEqual(box.end);
          expect(box.end).toBeLessThanOrEqual(bytes.length);
          expect(box.end).toBeGreaterThan(box.start);
          end = box.end;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives an init segment or null', () => {
    fc.assert(
      fc.property(hostile(init), (bytes) => {
        const parsed = parseInitSegment(bytes);
        if (parsed === null) return;
        expect(parsed.sizeBytes).toBeLessThanOrEqual(bytes.length);
        for (const track of parsed.tracks) expect(track.timescale).toBeGreaterThan(0);
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives track fragments with safe numbers, or null', () => {
    fc.assert(
      fc.property(hostile(fragment), (bytes) => {
        for (const box of boxesIn(bytes)) {
          if (box.type === 'prft') parseProducerReference(bytes, box);
          if (box.type !== 'moof') continue;
          findDecodeTimes(bytes, box);
          for (const parsed of parseMovieFragment(bytes, box, tracks) ?? []) {
            expect(parsed.sampleCount).toBeLessThanOrEqual(65_536);
            expect(Number.isSafeInteger(parsed.startTicks + parsed.durationTicks + parsed.sizeBytes)).toBe(true);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is rewritten in place without an exception', () => {
    fc.assert(
      fc.property(hostile(fragment), hostile(init), fc.integer(), (bytes, initBytes, shift) => {
        shiftFragment(bytes, 1, new Map([[1, shift]]));
        removeTrackFromFragments(bytes, 2);
        removeTrackFromInit(initBytes, 2);
      }),
      { numRuns: 500 },
    );
  });

  it('does not believe in four billion samples of default size', () => {
    const moof = Buffer.from(fragment);
    const box = [...boxesIn(moof)].find((candidate) => candidate.type === 'moof');
    const traf = box === undefined ? null : findBox(moof, 'traf', box.bodyStart, box.end);
    const trun = traf === null ? null : findBox(moof, 'trun', traf.bodyStart, traf.end);
    if (box === undefined || trun === null) throw new Error('a box is missing');
    moof.writeUInt32BE(0x0000_0001, trun.bodyStart);
    moof.writeUInt32BE(0xffff_ffff, trun.bodyStart + 4);
    expect(parseMovieFragment(moof, box, tracks)).toBeNull();
  });
});

describe('readBox', () => {
  it.each([
    ['an ordinary box', '0000000c66726565deadbeef', { type: 'free', start: 0, bodyStart: 8, end: 12 }],
    ['a 64-bit size', '00000001667265650000000000000012beef', { type: 'free', start: 0, bodyStart: 16, end: 18 }],
    ['a size to the end', '0000000066726565beef', { type: 'free', start: 0, bodyStart: 8, end: 10 }],
    ['a size below its own head', '0000000766726565', null],
    ['a 64-bit size below its own head', '0000000166726565000000000000000f', null],
    ['a 64-bit size beyond all numbers', '0000000166726565ffffffffffffffff', null],
    ['a size beyond the buffer', '0000000d66726565deadbeef', null],
    ['half a head', '0000000c6672', null],
  ])('%s', (_, hex, expected) => {
    expect(readBox(Buffer.from(hex, 'hex'), 0)).toEqual(expected);
  });
});
