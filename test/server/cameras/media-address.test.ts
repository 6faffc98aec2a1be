import { expect, it } from 'vitest';
import { liveUrls, mediaBaseUrl, playbackUrls } from '../../../server/cameras/media-address.ts';

it.each([
  [{ publicUrl: null, mediaPort: 8090 }, { scheme: 'http' as const, host: 'yilan.example:8080' }, 'http://yilan.example:8090'],
  [{ publicUrl: null, mediaPort: 8090 }, { scheme: 'https' as const, host: 'yilan.example' }, 'https://yilan.example:8090'],
  [{ publicUrl: null, mediaPort: 8090 }, { scheme: 'http' as const, host: '[::1]:8080' }, 'http://[::1]:8090'],
  [{ publicUrl: 'https://video.example.cn/', mediaPort: 8090 }, { scheme: 'http' as const, host: 'x' }, 'https://video.example.cn'],
])('%j asked through %j is %s', (node, request, expected) => {
  expect(mediaBaseUrl(node, request)).toBe(expected);
});

it('puts the ticket into every address', () => {
  expect(liveUrls('http://n:8090', 'cam', 'sub', 'a.b')).toEqual({
    hls: 'http://n:8090/live/cam/sub/index.m3u8?ticket=a.b',
    whep: 'http://n:8090/live/cam/sub/whep?ticket=a.b',
    snapshot: 'http://n:8090/live/cam/sub/snapshot.jpg?ticket=a.b',
  });
  expect(playbackUrls('http://n:8090', 'cam', 'a.b')).toEqual({
    hls: 'http://n:8090/playback/cam/index.m3u8?ticket=a.b',
    mp4: 'http://n:8090/playback/cam/video.mp4?ticket=a.b',
  });
});
