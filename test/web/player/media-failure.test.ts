// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import {
  failureOfAnswer,
  failureOfEndedChannel,
  failureOfError,
  failureOfTicketProblem,
  PlayError,
  problemCodeIn,
  problemCodeOfRequest,
} from '../../../web/player/media-failure.ts';

it.each([
  [422, 'codec-not-offered', 'candidate', 'codec-not-offered'],
  [422, 'reordering-not-supported', 'candidate', 'reordering-not-supported'],
  [503, 'stream-unavailable', 'source', 'stream-unavailable'],
  [503, 'too-many-viewers', 'transport', 'too-many-viewers'],
  [503, 'transcoding-limit-reached', 'source', 'transcoding-limit-reached'],
  [503, 'transcoding-failed', 'source', 'transcoding-failed'],
  [501, 'transcoding-unavailable', 'source', 'transcoding-unavailable'],
  [401, 'ticket-expired', 'transport', 'ticket-refused'],
  [403, null, 'transport', 'ticket-refused'],
  [503, null, 'source', 'stream-unavailable'],
  [500, null, 'transport', 'connection-lost'],
] as const)('%d %s', (status, problemCode, kind, code) => {
  expect(failureOfAnswer(status, problemCode)).toEqual({ kind, code });
});

it.each([
  ['stream-unavailable', 'source', 'stream-unavailable'],
  ['stream-unknown', 'source', 'stream-unavailable'],
  ['ticket-expired', 'transport', 'ticket-refused'],
  ['too-many-viewers', 'transport', 'too-many-viewers'],
  ['internal', 'transport', 'connection-lost'],
] as const)('a channel that ended with %s', (problemCode, kind, code) => {
  expect(failureOfEndedChannel(problemCode)).toEqual({ kind, code });
});

it('keeps a failure that came by way of an exception', () => {
  const failure = { kind: 'source', code: 'no-media-node' } as const;
  expect(failureOfError(new PlayError(failure))).toEqual(failure);
  expect(failureOfError(new TypeError('fetch'))).toEqual({ kind: 'transport', code: 'connection-lost' });
});

it('does not insist where a ticket was refused for good', () => {
  expect(failureOfTicketProblem('camera-has-no-such-stream').kind).toBe('candidate');
  expect(failureOfTicketProblem('network-unreachable')).toEqual({ kind: 'source', code: 'server-unreachable' });
});

it('finds the code in a problem, and none in anything else', () => {
  expect(problemCodeIn('{"code":"transcoding-unavailable"}')).toBe('transcoding-unavailable');
  expect(['', 'Bad gateway', '[]', 'null', '{"code":5}'].map(problemCodeIn)).toEqual([null, null, null, null, null]);
});

it('reads a refusal of HLS as of any other way, whatever hls.js asked for', () => {
  const body = '{"code":"transcoding-limit-reached"}';
  const asked = (response: unknown) => Object.defineProperty(new XMLHttpRequest(), 'response', { value: response });
  expect(problemCodeOfRequest(asked(body))).toBe('transcoding-limit-reached');
  expect(problemCodeOfRequest(asked(new TextEncoder().encode(body).buffer))).toBe('transcoding-limit-reached');
  expect([asked(null), null, new Response(body)].map(problemCodeOfRequest)).toEqual([null, null, null]);
});
