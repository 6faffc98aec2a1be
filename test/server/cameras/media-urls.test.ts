import { expect, it } from 'vitest';
import { liveSocketUrl, liveUrls, playbackUrls } from '../../../server/cameras/media-urls.ts';

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

it('keeps the WebSocket, which serves many cameras, free of tickets', () => {
  expect(liveSocketUrl('http://n:8090')).toBe('ws://n:8090/ws');
  expect(liveSocketUrl('https://n')).toBe('wss://n/ws');
});
