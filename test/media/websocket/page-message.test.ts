import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePageMessage } from '../../../media/websocket/page-message.ts';

const subscribe = { kind: 'subscribe', channel: 1, cameraId: 'camera-1', role: 'sub', ticket: 'a.b' };

describe('parsePageMessage', () => {
  it.each([subscribe, { ...subscribe, video: 'h264' }, { kind: 'renew', channel: 65_535, ticket: 'a.b' }, { kind: 'unsubscribe', channel: 7 }])(
    'reads %o',
    (message) => {
      expect(parsePageMessage(JSON.stringify(message))).toEqual(message);
    },
  );

  it.each([
    ['nothing', ''],
    ['no JSON', '{"kind":"subscribe"'],
    ['no object', '"subscribe"'],
    ['an unknown kind', JSON.stringify({ ...subscribe, kind: 'publish' })],
    ['channel 0', JSON.stringify({ ...subscribe, channel: 0 })],
    ['a channel that does not fit two bytes', JSON.stringify({ ...subscribe, channel: 65_536 })],
    ['half a channel', JSON.stringify({ ...subscribe, channel: 1.5 })],
    ['no ticket', JSON.stringify({ ...subscribe, ticket: undefined })],
    ['an unknown stream', JSON.stringify({ ...subscribe, role: 'third' })],
    ['a rendition nobody makes', JSON.stringify({ ...subscribe, video: 'h266' })],
    ['something more', JSON.stringify({ ...subscribe, url: 'rtsp://elsewhere' })],
    ['a ticket without end', JSON.stringify({ ...subscribe, ticket: 'x'.repeat(5000) })],
  ])('refuses %s', (_what, text) => {
    expect(parsePageMessage(text)).toBeNull();
  });

  it('survives whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        const message = parsePageMessage(text);
        return message === null || ['subscribe', 'renew', 'unsubscribe'].includes(message.kind);
      }),
    );
  });
});
