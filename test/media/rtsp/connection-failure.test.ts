import { expect, it } from 'vitest';
import { decideConnectionFailure } from '../../../media/rtsp/connection-failure.ts';

it.each([
  ['ENOTFOUND', false, 'address-unresolved'],
  ['EAI_AGAIN', false, 'address-unresolved'],
  ['ECONNREFUSED', false, 'connection-refused'],
  ['ETIMEDOUT', false, 'connection-timed-out'],
  ['ETIMEDOUT', true, 'no-packets'],
  ['EHOSTUNREACH', false, 'host-unreachable'],
  ['ENETUNREACH', false, 'host-unreachable'],
  ['ECONNRESET', true, 'closed-by-camera'],
  ['EPIPE', true, 'closed-by-camera'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', false, 'protocol-error'],
  ['EPROTO', false, 'protocol-error'],
  [undefined, true, 'closed-by-camera'],
] as const)('%s, connected: %s → %s', (code, wasConnected, reason) => {
  expect(decideConnectionFailure(code, wasConnected)).toBe(reason);
});
