import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseStreamAddress } from '../../../server/cameras/stream-address.ts';

describe('parseStreamAddress', () => {
  it.each<[string, ReturnType<typeof parseStreamAddress>]>([
    ['rtsp://10.0.0.5/main', { url: 'rtsp://10.0.0.5/main', host: '10.0.0.5', credentials: null }],
    [
      'rtsp://admin:12345@10.0.0.5:554/Streaming/Channels/101?transportmode=unicast',
      {
        url: 'rtsp://10.0.0.5:554/Streaming/Channels/101?transportmode=unicast',
        host: '10.0.0.5',
        credentials: { username: 'admin', password: '12345' },
      },
    ],
    ['rtsp://admin:p%40ss%2Fword@cam/x', { url: 'rtsp://cam/x', host: 'cam', credentials: { username: 'admin', password: 'p@ss/word' } }],
    ['rtsp://admin:p@ss@cam/x', { url: 'rtsp://cam/x', host: 'cam', credentials: { username: 'admin', password: 'p@ss' } }],
    ['rtsp://admin:100%@cam/x', { url: 'rtsp://cam/x', host: 'cam', credentials: { username: 'admin', password: '100%' } }],
    ['rtsp://admin:a:b@cam/x', { url: 'rtsp://cam/x', host: 'cam', credentials: { username: 'admin', password: 'a:b' } }],
    ['rtsp://admin@cam/x', { url: 'rtsp://cam/x', host: 'cam', credentials: { username: 'admin', password: '' } }],
    ['RTSP://cam:8554', { url: 'rtsp://cam:8554', host: 'cam', credentials: null }],
    ['rtsp://[2001:db8::1]:554/x', { url: 'rtsp://[2001:db8::1]:554/x', host: '[2001:db8::1]', credentials: null }],
    ['http://cam/x', 'not-rtsp'],
    ['RTSPS://admin:x@cam/x', { url: 'rtsps://cam/x', host: 'cam', credentials: { username: 'admin', password: 'x' } }],
    ['rtspu://cam/x', 'not-rtsp'],
    ['file:///etc/passwd', 'not-rtsp'],
    ['rtsp:///x', 'no-host'],
    ['rtsp://user:pw@/x', 'no-host'],
    ['rtsp://:554/x', 'no-host'],
    ['rtsp://cam:70000/x', 'not-a-url'],
    ['rtsp://cam/a b', 'not-a-url'],
    ['rtsp://cam/\r\nX: y', 'not-a-url'],
    ['cam/x', 'not-a-url'],
    ['', 'not-a-url'],
  ])('%j', (text, expected) => {
    expect(parseStreamAddress(text)).toEqual(expected);
  });

  it('never lets a password into the address', () => {
    const secret = fc.string({ minLength: 6, maxLength: 20 }).filter((text) => !'rtsp://camera.example:554/main'.includes(text));
    fc.assert(
      fc.property(secret, (password) => {
        const parsed = parseStreamAddress(`rtsp://admin:${encodeURIComponent(password)}@camera.example:554/main`);
        if (typeof parsed === 'string') throw new Error(`refused: ${parsed}`);
        expect(parsed.credentials).toEqual({ username: 'admin', password });
        expect(parsed.url).toBe('rtsp://camera.example:554/main');
      }),
    );
  });

  it('answers any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseStreamAddress(`rtsp://${text}`) !== undefined));
  });
});
