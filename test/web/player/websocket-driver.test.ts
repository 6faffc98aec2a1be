// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PlayFailure } from '../../../web/player/live-machine.ts';
import { LiveSockets, type SocketLike } from '../../../web/player/live-socket.ts';
import { WebSocketDriver } from '../../../web/player/websocket-driver.ts';

class FakeSocket extends EventTarget implements SocketLike {
  binaryType: BinaryType = 'blob';
  readyState = 1;
  readonly said: { kind: string; channel: number }[] = [];

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  /** To the channel that was subscribed last. */
  tell(message: object): void {
    const channel = this.said.findLast(({ kind }) => kind === 'subscribe')?.channel;
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify({ ...message, channel }) }));
  }
}

class FakeMediaSource extends EventTarget {
  static isTypeSupported(): boolean {
    return true;
  }
}

const tracks = { kind: 'tracks', mimeType: 'video/mp4; codecs="avc1.640028"', audio: 'none' };

describe('a picture over the WebSocket', () => {
  let sockets: FakeSocket[];
  let video: HTMLVideoElement;
  let driver: WebSocketDriver;
  let failures: PlayFailure[];
  let skips: string[];
  let showFrame: () => void;

  beforeEach(async () => {
    vi.useFakeTimers();
    vi.stubGlobal('MediaSource', FakeMediaSource);
    let count = 0;
    vi.spyOn(URL, 'createObjectURL').mockImplementation(() => `blob:${(count += 1)}`);
    vi.spyOn(URL, 'revokeObjectURL').mockImplementation(() => {});
    sockets = [];
    failures = [];
    skips = [];
    video = document.createElement('video');
    video.load = () => {};
    showFrame = () => {};
    video.requestVideoFrameCallback = (onFrame) => {
      showFrame = () => onFrame(0, { mediaTime: 1 } as VideoFrameCallbackMetadata);
      return 1;
    };
    video.cancelVideoFrameCallback = () => {};
    driver = new WebSocketDriver({
      video,
      ticket: () => Promise.resolve({ ticket: 'a.b', webSocketUrl: 'ws://node/ws' } as never),
      rendition: null,
      cameraId: 'camera-1',
      role: 'main',
      sockets: new LiveSockets({
        createSocket: () => {
          const socket = new FakeSocket();
          sockets.push(socket);
          queueMicrotask(() => socket.dispatchEvent(new Event('open')));
          return socket;
        },
      }),
      listener: {
        firstFrame: () => {},
        failed: (failure) => failures.push(failure),
        interrupted: () => {},
        fellBehind: (part, times) => skips.push(`${part} ${times}`),
      },
    });
    driver.open();
    await vi.advanceTimersByTimeAsync(10);
    sockets[0]?.tell(tracks);
    showFrame();
  });
  afterEach(() => {
    driver.close();
    vi.useRealTimers();
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it('stays on screen while a connection that broke is made again, until the new one tells what it brings', async () => {
    expect(video.getAttribute('src')).toBe('blob:1');
    sockets[0]?.dispatchEvent(new Event('close'));
    await vi.advanceTimersByTimeAsync(10);
    expect([sockets.length, video.getAttribute('src'), failures]).toEqual([2, 'blob:1', []]);
    sockets[1]?.tell(tracks);
    expect(video.getAttribute('src')).toBe('blob:2');
    driver.close();
    expect(video.getAttribute('src')).toBeNull();
  });

  it('tells that the network does not keep up, and gives the stream up when that goes on', async () => {
    sockets[0]?.tell({ kind: 'slow' });
    sockets[0]?.tell({ kind: 'slow' });
    expect([skips, failures]).toEqual([['network 1', 'network 2'], []]);
    sockets[0]?.tell({ kind: 'slow' });
    expect(failures).toEqual([{ kind: 'bandwidth', code: 'too-slow' }]);
  });

  it('keeps a stream that the network holds up once in a while', async () => {
    for (let count = 0; count < 6; count++) {
      sockets[0]?.tell({ kind: 'slow' });
      for (let seconds = 0; seconds < 40; seconds += 2) {
        await vi.advanceTimersByTimeAsync(2000);
        sockets[0]?.tell({ kind: 'alive', nowMs: 1 });
      }
    }
    expect([skips.length, failures]).toEqual([6, []]);
  });
});
