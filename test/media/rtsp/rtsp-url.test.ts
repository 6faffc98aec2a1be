import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtspUrl, resolveControl } from '../../../media/rtsp/rtsp-url.ts';

describe('parseRtspUrl', () => {
  it.each([
    ['rtsp://10.0.0.1/live', '10.0.0.1', 554, 'rtsp://10.0.0.1/live', null],
    ['RTSP://cam:8554', 'cam', 8554, 'rtsp://cam:8554', null],
    ['rtsp://[fe80::1]:555/a?b=c', 'fe80::1', 555, 'rtsp://[fe80::1]:555/a?b=c', null],
    ['rtsp://admin:a%3Ab@10.0.0.1/x', '10.0.0.1', 554, 'rtsp://10.0.0.1/x', { username: 'admin', password: 'a:b' }],
    ['rtsp://admin:p@ss:w%@10.0.0.1/x', '10.0.0.1', 554, 'rtsp://10.0.0.1/x', { username: 'admin', password: 'p@ss:w%' }],
    ['rtsp://admin@10.0.0.1', '10.0.0.1', 554, 'rtsp://10.0.0.1', { username: 'admin', password: '' }],
    ['rtsp://h/cam/realmonitor?channel=1&subtype=0', 'h', 554, 'rtsp://h/cam/realmonitor?channel=1&subtype=0', null],
  ])('%s', (text, host, portNumber, requestUri, credentials) => {
    expect(parseRtspUrl(text)).toEqual({ url: { host, portNumber, isEncrypted: false, requestUri }, credentials });
  });

  it('knows RTSP within TLS, and its port', () => {
    const url = { host: 'cam', portNumber: 322, isEncrypted: true, requestUri: 'rtsps://cam/x' };
    expect(parseRtspUrl('RTSPS://a:b@cam/x')).toEqual({ url, credentials: { username: 'a', password: 'b' } });
    expect(parseRtspUrl('rtsps://cam:7441/x')?.url).toMatchObject({ portNumber: 7441, requestUri: 'rtsps://cam:7441/x' });
    expect([resolveControl('rtsps://cam/x', '/y'), resolveControl('rtsp://cam/x', 'rtsps://cam/z')]).toEqual(['rtsps://cam/y', 'rtsps://cam/z']);
  });

  it.each([
    '',
    'http://a/b',
    'rtsp://',
    'rtsp://a:0/b',
    'rtsp://a:70000/b',
    'rtsp://a b/c',
    'rtsp://a/b c',
    'rtsp://a/b\r\nX: y',
    'rtsp://admin:12/3@camera/x',
    'rtsp://a@b/:geheim@camera/x',
  ])('refuses %j', (text) => {
    expect(parseRtspUrl(text)).toBeNull();
  });

  it('never leaves credentials or line ends in a request URI', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (user, rest) => {
        const parsed = parseRtspUrl(`rtsp://${user}:geheim@camera/${rest}`);
        if (parsed === null) return;
        expect(parsed.url.requestUri).not.toMatch(/[\r\n]/);
        if (!rest.includes('geheim')) expect(parsed.url.requestUri).not.toContain('geheim');
      }),
    );
  });
});

describe('resolveControl', () => {
  it.each([
    ['rtsp://h/a', null, 'rtsp://h/a'],
    ['rtsp://h/a/', '*', 'rtsp://h/a/'],
    ['rtsp://h/a', '', 'rtsp://h/a'],
    ['rtsp://h/a', 'trackID=1', 'rtsp://h/a/trackID=1'],
    ['rtsp://h/a/', 'trackID=1', 'rtsp://h/a/trackID=1'],
    ['rtsp://h/a?b=c', 'trackID=1', 'rtsp://h/a?b=c/trackID=1'],
    ['rtsp://h/a?b=c/', 'trackID=1', 'rtsp://h/a?b=c/trackID=1'],
    ['rtsp://h:8554/a/b', '/c/trackID=1', 'rtsp://h:8554/c/trackID=1'],
    ['rtsp://h/a', '?ctrl=1', 'rtsp://h/a?ctrl=1'],
    ['rtsp://h/a', 'rtsp://192.168.1.64/a/trackID=1', 'rtsp://192.168.1.64/a/trackID=1'],
  ])('%s with %s', (base, control, expected) => {
    expect(resolveControl(base, control)).toBe(expected);
  });
});
