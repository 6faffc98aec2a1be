import { expect, it } from 'vitest';
import { explainSilence } from '../../../web/player/sound-carriage.ts';

it.each([
  ['webrtc', null, null],
  ['webrtc', 'aac', 'webrtc'],
  ['webrtc', 'pcma', null],
  ['webrtc', 'pcmu', null],
  ['webrtc', 'opus', null],
  ['websocket', null, null],
  ['websocket', 'aac', null],
  ['websocket', 'pcma', 'fragments'],
  ['hls', 'aac', null],
  ['hls', 'opus', 'fragments'],
] as const)('by %s with %s: %s', (transport, audioCodec, why) => {
  expect(explainSilence(transport, audioCodec)).toBe(why);
});
