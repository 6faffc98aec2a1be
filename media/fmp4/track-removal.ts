/**
 * Takes a track out of init segments and fragments by renaming its boxes to `free`: sizes and offsets stay as they are.
 *
 *     moov › trak → free, mvex › trex → free        moof › traf → free
 *
 * The samples stay in `mdat`, where nothing refers to them any more.
 */
import type { BoxRange } from './box-reader.ts';
import { boxesIn, findBox } from './box-reader.ts';

/** *Writes into* `init`: removes the track. */
export function removeTrackFromInit(init: Buffer, trackId: number): void {
  const moov = findBox(init, 'moov');
  if (moov === null) return;
  for (const box of boxesIn(init, moov.bodyStart, moov.end)) {
    if (box.type === 'trak') renameIfOf(init, box, findBox(init, 'tkhd', box.bodyStart, box.end), trackId);
    if (box.type !== 'mvex') continue;
    for (const trex of boxesIn(init, box.bodyStart, box.end)) if (trex.type === 'trex') renameIfOf(init, trex, trex, trackId);
  }
}

/** *Writes into* `fragments`, which may be several: removes the track. */
export function removeTrackFromFragments(fragments: Buffer, trackId: number): void {
  for (const moof of boxesIn(fragments)) {
    if (moof.type !== 'moof') continue;
    for (const traf of boxesIn(fragments, moof.bodyStart, moof.end)) {
      if (traf.type === 'traf') renameIfOf(fragments, traf, findBox(fragments, 'tfhd', traf.bodyStart, traf.end), trackId);
    }
  }
}

/** `identified`: `tfhd` and `trex` have the id behind version and flags, `tkhd` behind two times as well. */
function renameIfOf(bytes: Buffer, box: BoxRange, identified: BoxRange | null, trackId: number): void {
  if (identified === null) return;
  const timesBytes = identified.type === 'tkhd' ? (bytes[identified.bodyStart] === 1 ? 16 : 8) : 0;
  const at = identified.bodyStart + 4 + timesBytes;
  if (at + 4 > identified.end || bytes.readUInt32BE(at) !== trackId) return;
  bytes.write('free', box.start + 4, 'latin1');
}
