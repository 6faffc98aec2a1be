import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeMessage } from '../../../media/contract/live-socket.ts';
import { writeChannelHead, writeInitMessage } from '../../../media/websocket/media-message.ts';
import { parsePageMessage } from '../../../media/websocket/page-message.ts';
import { liveSocketProtocol, parseMediaMessage, parseNodeMessage, type PageMessage } from '../../../web/player/live-socket-messages.ts';

/** A binary message by hand, as `media/websocket/protocol.md` lays it out. */
function binaryMessage(channel: number, kind: number, flags: number, arrivedAtMs: number, startSeconds: number, payload: string): ArrayBuffer {
  const data = new ArrayBuffer(20 + payload.length);
  const view = new DataView(data);
  view.setUint16(0, channel);
  view.setUint8(2, kind);
  view.setUint8(3, flags);
  view.setFloat64(4, arrivedAtMs);
  view.setFloat64(12, startSeconds);
  new Uint8Array(data, 20).set(Buffer.from(payload));
  return data;
}

describe('text messages', () => {
  it('are read by the node as the page means them', () => {
    const messages: readonly PageMessage[] = [
      { kind: 'subscribe', channel: 1, cameraId: 'camera-1', role: 'sub', ticket: 'a.b' },
      { kind: 'renew', channel: 65_535, ticket: 'a.b' },
      { kind: 'unsubscribe', channel: 2 },
    ];
    for (const message of messages) expect(parsePageMessage(JSON.stringify(message))).toEqual(message);
  });

  it('are read by the page as the node means them, as far as it needs them', () => {
    const cases: readonly (readonly [NodeMessage, unknown])[] = [
      [
        { kind: 'tracks', channel: 3, mimeType: 'video/mp4; codecs="avc1.640028"', audio: 'none' },
        { kind: 'tracks', channel: 3, mimeType: 'video/mp4; codecs="avc1.640028"' },
      ],
      [
        { kind: 'ended', channel: 3, code: 'ticket-expired', reason: null },
        { kind: 'ended', channel: 3, code: 'ticket-expired' },
      ],
      [
        { kind: 'interrupted', channel: 3, reason: 'no-packets' },
        { kind: 'interrupted', channel: 3, reason: 'no-packets' },
      ],
      [
        { kind: 'interrupted', channel: 3, reason: null },
        { kind: 'interrupted', channel: 3, reason: null },
      ],
      [
        { kind: 'interrupted', channel: 3, reason: null, code: 'transcoding-failed' },
        { kind: 'interrupted', channel: 3, reason: null, code: 'transcoding-failed' },
      ],
      [
        { kind: 'interrupted', channel: 3, reason: null, code: 'internal' },
        { kind: 'interrupted', channel: 3, reason: null },
      ],
      [
        { kind: 'slow', channel: 3 },
        { kind: 'slow', channel: 3 },
      ],
      [{ kind: 'alive', nowMs: 1 }, { kind: 'other' }],
    ];
    for (const [told, read] of cases) expect(parseNodeMessage(JSON.stringify(told))).toEqual(read);
  });

  it('have a reason only where these pages have words for it', () => {
    expect(parseNodeMessage('{"kind":"interrupted","channel":3,"reason":"eaten-by-a-bear"}')).toEqual({
      kind: 'interrupted',
      channel: 3,
      reason: null,
    });
    expect(parseNodeMessage('{"kind":"interrupted","reason":"no-packets"}')).toBeNull();
  });

  it.each(['', 'null', '[]', '{}', '{"kind":7}', '{"kind":"tracks","channel":1}', '{"kind":"ended","code":"internal"}'])('refuses %s', (text) => {
    expect(parseNodeMessage(text)).toBeNull();
  });

  it('speak the same protocol', () => {
    expect(liveSocketProtocol).toBe('yilan-live-1');
  });
});

describe('binary messages', () => {
  it('are read by the layout', () => {
    const message = parseMediaMessage(binaryMessage(513, 2, 1, 1_700_000_000_123.5, 12.25, 'moof'));
    expect(message).toMatchObject({ channel: 513, kind: 'fragment', isKeyFrame: true, arrivedAtMs: 1_700_000_000_123.5, startSeconds: 12.25 });
    expect(Buffer.from(message?.bytes ?? []).toString()).toBe('moof');
  });

  it('are read as the node writes them', () => {
    const written = Buffer.concat([writeChannelHead(7), writeInitMessage(Buffer.from('ftyp'))]);
    const message = parseMediaMessage(new Uint8Array(written).buffer);
    expect(message).toMatchObject({ channel: 7, kind: 'init', isKeyFrame: false, arrivedAtMs: 0, startSeconds: 0 });
    expect(Buffer.from(message?.bytes ?? []).toString()).toBe('ftyp');
  });

  it.each([
    ['nothing', new ArrayBuffer(0)],
    ['a head alone', binaryMessage(1, 2, 0, 0, 0, '')],
    ['an unknown kind', binaryMessage(1, 3, 0, 0, 0, 'x')],
    ['no number as arrival', binaryMessage(1, 2, 0, Number.NaN, 0, 'x')],
    ['an endless media time', binaryMessage(1, 2, 0, 0, Infinity, 'x')],
  ])('are refused: %s', (_what, data) => {
    expect(parseMediaMessage(data)).toBeNull();
  });

  it('survive whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const message = parseMediaMessage(new Uint8Array(bytes).buffer);
        return message === null || message.bytes.length === bytes.length - 20;
      }),
    );
  });
});
