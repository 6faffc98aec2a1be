import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { mayReadMetrics } from '../../../media/node/metrics-access.ts';

const secret = 'a-token-of-sixteen';

function from(remoteAddress: string | undefined, headers: IncomingMessage['headers'] = {}): Pick<IncomingMessage, 'headers' | 'socket'> {
  return { headers, socket: { remoteAddress } as IncomingMessage['socket'] };
}

describe('mayReadMetrics', () => {
  it.each([
    ['this machine', from('127.0.0.1'), null, true],
    ['this machine over IPv6', from('::1'), null, true],
    ['this machine on a dual-stack socket', from('::ffff:127.0.0.1'), null, true],
    ['this machine without the token that is set', from('127.0.0.1'), secret, false],
    ['this machine with it', from('127.0.0.1', { authorization: `Bearer ${secret}` }), secret, true],
    ['a page of another origin in a browser here', from('127.0.0.1', { origin: 'http://page.example' }), null, false],
    ['a page that made its own name this machine', from('127.0.0.1', { 'sec-fetch-site': 'same-origin' }), null, false],
    ['another machine', from('10.0.0.7'), null, false],
    ['an address that only looks alike', from('127.0.0.1.example'), null, false],
    ['a connection that is gone already', from(undefined), null, false],
    ['somebody behind a proxy on this machine', from('127.0.0.1', { 'x-forwarded-for': '10.0.0.7' }), null, false],
    ['another machine with the token', from('10.0.0.7', { authorization: `Bearer ${secret}` }), secret, true],
    ['a proxied request with the token', from('127.0.0.1', { via: '1.1 proxy', authorization: `bearer ${secret}` }), secret, true],
    ['another token', from('10.0.0.7', { authorization: 'Bearer something-else' }), secret, false],
    ['the token as a password', from('10.0.0.7', { authorization: `Basic ${secret}` }), secret, false],
    ['an empty token where none is set', from('10.0.0.7', { authorization: 'Bearer null' }), null, false],
  ])('%s', (_name, request, token, expected) => {
    expect(mayReadMetrics(request, token)).toBe(expected);
  });
});
