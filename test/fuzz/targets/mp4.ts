/** Recorded files: boxes, init segments, fragments, and our index. */
import { boxesIn } from '../../../media/fmp4/box-reader.ts';
import { findDecodeTimes, parseMovieFragment, parseProducerReference } from '../../../media/fmp4/fragment-parser.ts';
import { shiftFragment } from '../../../media/fmp4/fragment-shift.ts';
import { parseInitSegment } from '../../../media/fmp4/init-parser.ts';
import { removeTrackFromFragments, removeTrackFromInit } from '../../../media/fmp4/track-removal.ts';
import { parseFileIndex } from '../../../media/recorder/file-index.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** Boxes stay within the bytes, numbers within what can be reckoned with. */
export const mp4: FuzzTarget = {
  name: 'mp4',
  run(input) {
    const init = parseInitSegment(input);
    if (init !== null) {
      mustHold(init.sizeBytes <= input.length, 'an init segment longer than its file');
      for (const track of init.tracks) mustHold(track.timescale > 0, 'a track without a clock');
    }
    const tracks = init?.tracks ?? [];
    let end = 0;
    for (const box of boxesIn(input)) {
      mustHold(box.start === end && box.bodyStart <= box.end && box.end <= input.length && box.end > box.start, 'a box leaves its file');
      end = box.end;
      if (box.type === 'prft') parseProducerReference(input, box);
      if (box.type === 'uuid') parseFileIndex(Buffer.from(input.subarray(box.start, box.end)), box.start);
      if (box.type !== 'moof') continue;
      findDecodeTimes(input, box);
      for (const fragment of parseMovieFragment(input, box, tracks) ?? []) {
        mustHold(fragment.sampleCount <= 65_536, 'too many samples');
        mustHold(Number.isSafeInteger(fragment.startTicks + fragment.durationTicks + fragment.sizeBytes), 'a time that cannot be reckoned with');
      }
    }
    const copy = Buffer.from(input);
    shiftFragment(copy, 1, new Map([[1, 90_000]]));
    removeTrackFromFragments(copy, 2);
    removeTrackFromInit(copy, 2);
  },
};
