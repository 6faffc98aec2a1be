/** Moves a fragment in time, in place: for joining files whose decode times each begin at 0. */
import { boxesIn, findBox } from './box-reader.ts';
import { findDecodeTimes } from './fragment-parser.ts';

/** Ticks to add per track, each in its own timescale. */
export type TrackShifts = ReadonlyMap<number, number>;

/**
 * *Writes into* `fragment`: adds to the decode times of its `moof` and gives it a sequence number. Times never become
 * negative. False when it has no decode times of version 1, as every fragment of ours has.
 */
export function shiftFragment(fragment: Buffer, sequenceNumber: number, shifts: TrackShifts): boolean {
  for (const moof of boxesIn(fragment)) {
    if (moof.type !== 'moof') continue;
    const mfhd = findBox(fragment, 'mfhd', moof.bodyStart, moof.end);
    const times = findDecodeTimes(fragment, moof);
    if (mfhd === null || mfhd.bodyStart + 8 > mfhd.end || times === null) return false;
    fragment.writeUInt32BE(sequenceNumber >>> 0, mfhd.bodyStart + 4);
    for (const { trackId, offset } of times) {
      const ticks = fragment.readUInt32BE(offset) * 0x1_0000_0000 + fragment.readUInt32BE(offset + 4);
      const shifted = Math.max(0, ticks + (shifts.get(trackId) ?? 0));
      const high = Math.floor(shifted / 0x1_0000_0000);
      fragment.writeUInt32BE(high >>> 0, offset);
      fragment.writeUInt32BE(shifted - high * 0x1_0000_0000, offset + 4);
    }
    return true;
  }
  return false;
}
