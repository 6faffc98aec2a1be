import { expect, it } from 'vitest';
import { parseWhepMessage } from '../../../web/player/whep-messages.ts';

const clock = { rtpTimestamp: 1, clockRateHz: 90_000, arrivedAtMs: 2, nowMs: 3 };

it.each([
  [JSON.stringify(clock), { kind: 'clock', clock }],
  ['{"kind":"slow","droppedFrames":7}', { kind: 'slow', droppedFrames: 7 }],
  ['{"kind":"ended","code":"ticket-expired"}', { kind: 'ended', code: 'ticket-expired' }],
  ['{"kind":"ended"}', { kind: 'alive' }],
  ['{"kind":"news"}', { kind: 'alive' }],
  ['null', { kind: 'alive' }],
  ['rubbish', { kind: 'alive' }],
])('reads %s', (text, message) => {
  expect(parseWhepMessage(text)).toEqual(message);
});
