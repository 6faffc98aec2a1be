import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMediaUrl } from '../../../media/node/media-route.ts';

describe('parseMediaUrl', () => {
  it.each([
    ['/time', { kind: 'open', page: 'time' }],
    ['/healthz?x=1', { kind: 'open', page: 'health' }],
    ['/metrics', { kind: 'open', page: 'metrics' }],
    ['/live/camera-1/main/index.m3u8?ticket=t', { kind: 'live-playlist', cameraId: 'camera-1', role: 'main' }],
    ['/live/c/sub/init-3.mp4', { kind: 'live-media', cameraId: 'c', role: 'sub', name: 'init-3.mp4' }],
    ['/live/c/sub/segment-12.m4s', { kind: 'live-media', cameraId: 'c', role: 'sub', name: 'segment-12.m4s' }],
    ['/live/c/main/part-12.3.m4s', { kind: 'live-media', cameraId: 'c', role: 'main', name: 'part-12.3.m4s' }],
    ['/live/c/main/whep', { kind: 'whep', cameraId: 'c', role: 'main' }],
    ['/live/c/main/whep/s-1', { kind: 'whep-session', cameraId: 'c', role: 'main', sessionId: 's-1' }],
    ['/live/c/main/snapshot.jpg', { kind: 'snapshot', cameraId: 'c', role: 'main' }],
    ['/playback/c/index.m3u8', { kind: 'playback-playlist', cameraId: 'c' }],
    ['/playback/c/video.mp4', { kind: 'playback-video', cameraId: 'c' }],
    ['/playback/c/2026-11-21T20.mp4/init.mp4', { kind: 'playback-media', cameraId: 'c', file: '2026-11-21T20.mp4', name: 'init.mp4' }],
  ])('%s', (target, route) => {
    expect(parseMediaUrl(target)?.route).toEqual(route);
  });

  it.each([
    '/',
    '*',
    '',
    'http://elsewhere/live/c/main/whep',
    '//live/c/main/whep',
    '/live/c/main/../../../etc/passwd',
    '/live/c/main/%2e%2e',
    '/live/c/other/index.m3u8',
    '/live/c/main/index.m3u8/',
    '/live/c/main/part-1.m4s',
    '/live/c%00/main/whep',
    '/live//main/whep',
    '/playback/c/../index.m3u8',
    '/playback/c/..%2f..%2fetc/passwd',
    '/playback/c/.hidden/init.mp4',
    '/playback/c/a/b/c',
    '/playback/c\\..\\d/index.m3u8',
  ])('refuses %s', (target) => {
    expect(parseMediaUrl(target)).toBeNull();
  });

  it('never throws, and never yields a name that climbs', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.webPath(),
          fc.string({ unit: 'binary' }),
          fc.string().map((text) => `/playback/c/${text}`),
        ),
        (target) => {
          const route = parseMediaUrl(target)?.route;
          if (route?.kind !== 'playback-media') return true;
          return ![route.file, route.name].some((name) => name.includes('/') || name.includes('\\') || name.startsWith('.'));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('reads a query as the standard reads it, whichever way', () => {
    fc.assert(
      fc.property(
        fc.webQueryParameters(),
        fc.constantFrom('', 'ticket=a.b-c_d', '_HLS_msn=3&ticket=a.b', 'ticket=%41&ticket=b', 'xticket=1&ticket=2'),
        (before, after) => {
          const text = [before, after].filter((part) => part !== '').join('&');
          const query = parseMediaUrl(`/live/c/main/index.m3u8?${text}`)?.query;
          for (const name of ['ticket', '_HLS_msn', 'from']) if (query?.get(name) !== new URLSearchParams(text).get(name)) return false;
          return true;
        },
      ),
    );
  });
});
