/** A viewer's offer, down to what is handed to the native library. */
import { writeCanonicalOffer } from '../../../media/webrtc/canonical-offer.ts';
import { chooseCodecs } from '../../../media/webrtc/codec-choice.ts';
import type { ChosenFormat } from '../../../media/webrtc/codec-choice.ts';
import { parseWhepOffer } from '../../../media/webrtc/whep-offer.ts';
import { fixedTracks } from '../fixed-tracks.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** Only well-formed lines of plain text reach the library, and no more of them than an offer can need. */
export const whepOffer: FuzzTarget = {
  name: 'whep-offer',
  run(input) {
    const reading = parseWhepOffer(input.toString('utf8'));
    if (!reading.ok) return;
    for (const tracks of fixedTracks) {
      const choice = chooseCodecs(reading.offer, tracks);
      const chosen: ChosenFormat[] = choice.ok ? [choice.video, ...(choice.audio === null ? [] : [choice.audio])] : [];
      const lines = writeCanonicalOffer(reading.offer, chosen).split('\r\n');
      mustHold(lines.pop() === '', 'no line end at the end');
      mustHold(
        lines.every((line) => /^[a-z]=[\x20-\x7e]*$/.test(line)),
        'a malformed line',
      );
      mustHold(lines.length < 1000, 'too many lines');
    }
  },
};
