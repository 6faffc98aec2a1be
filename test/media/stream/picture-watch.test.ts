import { expect, it } from 'vitest';
import { judgePicture } from '../../../media/stream/picture-watch.ts';
import type { PictureEvidence } from '../../../media/stream/picture-watch.ts';

const now = 100_000;
const running: PictureEvidence = {
  playingSinceMs: now - 60_000,
  lastVideoPacketMs: now - 10,
  lastAudioPacketMs: null,
  lastFrameMs: now - 40,
  lastKeyFrameMs: now - 900,
  areTimestampsBroken: false,
};
const starting: PictureEvidence = { ...running, playingSinceMs: now - 1000, lastVideoPacketMs: null, lastFrameMs: null, lastKeyFrameMs: null };
/** No frame for so long, nor video packets. */
function quiet(ms: number): Partial<PictureEvidence> {
  return { lastFrameMs: now - ms, lastVideoPacketMs: now - ms, lastKeyFrameMs: now - ms };
}

it.each([
  ['all well', running, {}, null, false],
  ['not yet playing', { ...starting, playingSinceMs: null }, {}, null, false],
  ['playing for a moment', starting, {}, null, false],
  ['nothing since it plays', starting, { playingSinceMs: now - 3000 }, 'no-packets', false],
  ['nothing for 2.9 s', running, quiet(2900), null, false],
  ['nothing for 3 s', running, quiet(3000), 'no-packets', false],
  ['nothing for 10 s', running, quiet(10_000), 'no-packets', true],
  ['sound alone for 3 s', running, { ...quiet(3000), lastAudioPacketMs: now - 100 }, 'no-video', false],
  ['sound alone for 10 s', running, { ...quiet(10_000), lastAudioPacketMs: now - 100 }, 'no-video', true],
  ['packets without pictures at first', starting, { playingSinceMs: now - 11_900, lastVideoPacketMs: now }, null, false],
  ['packets without pictures for 12 s', starting, { playingSinceMs: now - 12_000, lastVideoPacketMs: now }, 'no-key-frame', false],
  ['packets without pictures for 30 s', starting, { playingSinceMs: now - 30_000, lastVideoPacketMs: now }, 'no-key-frame', true],
  ['pictures that stopped while packets come', running, { lastFrameMs: now - 3000 }, 'no-key-frame', false],
  ['pictures without key frame for 12 s', running, { lastKeyFrameMs: now - 12_000 }, 'no-key-frame', false],
  ['timestamps of nonsense', running, { areTimestampsBroken: true }, 'timestamps-broken', false],
] as const)('%s', (_, base, change, reason, isHopeless) => {
  expect(judgePicture({ ...base, ...change }, now)).toEqual({ reason, isHopeless });
});
