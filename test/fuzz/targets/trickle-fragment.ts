/** Addresses that a viewer adds to its session, down to what is handed to the native library. */
import { parseTrickleFragment } from '../../../media/webrtc/trickle-fragment.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** Only candidates on one line of plain text, with a literal address, and no more of them than a viewer can need. */
export const trickleFragment: FuzzTarget = {
  name: 'trickle-fragment',
  run(input) {
    const fragment = parseTrickleFragment(input.toString('utf8'));
    if (fragment === null) return;
    mustHold(fragment.candidates.length <= 24, 'too many candidates');
    mustHold(
      fragment.candidates.every((candidate) => /^candidate:[\x20-\x7e]{1,400}$/.test(candidate) && /^(\S+ ){4}[\d.a-f:]+ /i.test(candidate)),
      'a malformed candidate',
    );
  },
};
