import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveSockets, type ChannelListener, type SocketLike } from '../../../web/player/live-socket.ts';

class FakeSocket extends EventTarget implements SocketLike {
  binaryType: BinaryType = 'blob';
  readyState = 0;
  readonly said: Record<string, unknown>[] = [];
  isClosed = false;

  send(text: string): void {
    this.said.push(JSON.parse(text));
  }

  close(): void {
    this.isClosed = true;
  }

  accept(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event('open'));
  }

  hear(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  tell(message: object): void {
    this.hear(JSON.stringify(message));
  }

  breakOff(): void {
    this.readyState = 3;
    this.dispatchEvent(new Event('close'));
  }
}

function listen(): ChannelListener & { readonly heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    tracks: (mimeType) => heard.push(`tracks ${mimeType}`),
    media: ({ kind }) => heard.push(kind),
    interrupted: ({ reason }) => heard.push(`interrupted ${reason}`),
    slow: () => heard.push('slow'),
    ended: (code) => heard.push(`ended ${code}`),
    lost: () => heard.push('lost'),
  };
}

function initOn(channel: number): ArrayBuffer {
  const data = new ArrayBuffer(21);
  new DataView(data).setUint16(0, channel);
  new DataView(data).setUint8(2, 1);
  return data;
}

const url = 'ws://node:8090/ws';
const stream = (cameraId: string) => ({ cameraId, role: 'sub' as const, ticket: `ticket-${cameraId}` });

describe('LiveSocket', () => {
  let sockets: FakeSocket[];
  let live: LiveSockets;

  beforeEach(() => {
    vi.useFakeTimers();
    sockets = [];
    live = new LiveSockets({
      createSocket: () => {
        const socket = new FakeSocket();
        sockets.push(socket);
        return socket;
      },
    });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('carries all channels of a node over one connection, each message to its own tile', () => {
    const [first, second] = [listen(), listen()];
    live.to(url).open(stream('a'), first);
    live.to(url).open(stream('b'), second);
    expect(sockets).toHaveLength(1);
    sockets[0]?.accept();
    expect(sockets[0]?.said).toEqual([
      { kind: 'subscribe', channel: 1, ...stream('a') },
      { kind: 'subscribe', channel: 2, ...stream('b') },
    ]);
    sockets[0]?.tell({ kind: 'tracks', channel: 2, mimeType: 'video/mp4', audio: 'none' });
    sockets[0]?.hear(initOn(2));
    sockets[0]?.hear(initOn(1));
    expect([first.heard, second.heard]).toEqual([['init'], ['tracks video/mp4', 'init']]);
  });

  it('has a connection of its own for every node', () => {
    live.to(url).open(stream('a'), listen());
    live.to('ws://other:8090/ws').open(stream('b'), listen());
    expect(sockets).toHaveLength(2);
  });

  it('hears nothing of a channel that was closed, and never gives its number to the next', () => {
    const first = listen();
    const channel = live.to(url).open(stream('a'), first);
    sockets[0]?.accept();
    channel.close();
    channel.close();
    const second = listen();
    live.to(url).open(stream('b'), second);
    sockets[0]?.hear(initOn(1));
    expect([first.heard, second.heard]).toEqual([[], []]);
    expect(sockets[0]?.said.map(({ kind, channel: number }) => [kind, number])).toEqual([
      ['subscribe', 1],
      ['unsubscribe', 1],
      ['subscribe', 2],
    ]);
  });

  it('tells the tile that its camera is gone, or that it is slow, keeps the channel, and goes on when it is back', () => {
    const [first, second] = [listen(), listen()];
    live.to(url).open(stream('a'), first);
    live.to(url).open(stream('b'), second);
    sockets[0]?.accept();
    sockets[0]?.tell({ kind: 'interrupted', channel: 1, reason: null });
    sockets[0]?.tell({ kind: 'interrupted', channel: 1, reason: 'closed-by-camera' });
    sockets[0]?.tell({ kind: 'slow', channel: 2 });
    sockets[0]?.tell({ kind: 'tracks', channel: 1, mimeType: 'video/mp4', audio: 'none' });
    expect([first.heard, second.heard]).toEqual([['interrupted null', 'interrupted closed-by-camera', 'tracks video/mp4'], ['slow']]);
  });

  it('renews tickets of channels that are open', () => {
    const channel = live.to(url).open(stream('a'), listen());
    sockets[0]?.accept();
    channel.renew('newer');
    sockets[0]?.tell({ kind: 'ended', channel: 1, code: 'ticket-expired', reason: null });
    channel.renew('too late');
    expect(sockets[0]?.said.at(-1)).toEqual({ kind: 'renew', channel: 1, ticket: 'newer' });
  });

  it('tells the tile that the node ended its channel', () => {
    const listener = listen();
    live.to(url).open(stream('a'), listener);
    sockets[0]?.accept();
    sockets[0]?.tell({ kind: 'ended', channel: 1, code: 'stream-unavailable', reason: 'no-packets' });
    sockets[0]?.breakOff();
    expect(listener.heard).toEqual(['ended stream-unavailable']);
  });

  it('tells all tiles when the connection breaks, and makes a new one for who asks again', () => {
    const listeners = [listen(), listen()];
    for (const listener of listeners) live.to(url).open(stream('a'), listener);
    sockets[0]?.breakOff();
    expect(listeners.map(({ heard }) => heard)).toEqual([['lost'], ['lost']]);
    live.to(url).open(stream('a'), listen());
    expect(sockets).toHaveLength(2);
  });

  it('takes 8 s of silence for a dead connection, and any word for life', () => {
    const listener = listen();
    live.to(url).open(stream('a'), listener);
    sockets[0]?.accept();
    vi.advanceTimersByTime(7000);
    sockets[0]?.tell({ kind: 'alive', nowMs: 1 });
    vi.advanceTimersByTime(7000);
    expect(listener.heard).toEqual([]);
    vi.advanceTimersByTime(1500);
    expect([listener.heard, sockets[0]?.isClosed]).toEqual([['lost'], true]);
  });

  it('keeps the connection for a moment after the last channel, then closes it and leaves no timer', () => {
    const channel = live.to(url).open(stream('a'), listen());
    sockets[0]?.accept();
    channel.close();
    vi.advanceTimersByTime(2000);
    const again = live.to(url).open(stream('b'), listen());
    vi.advanceTimersByTime(2000);
    expect(sockets[0]?.isClosed).toBe(false);
    again.close();
    vi.advanceTimersByTime(3500);
    expect([sockets.length, sockets[0]?.isClosed, vi.getTimerCount()]).toEqual([1, true, 0]);
  });

  it('tells the tile when the browser refuses the address', async () => {
    const refusing = new LiveSockets({
      createSocket: () => {
        throw new SyntaxError('not an address');
      },
    });
    const listener = listen();
    refusing.to('nowhere').open(stream('a'), listener);
    await Promise.resolve();
    expect(listener.heard).toEqual(['lost']);
  });

  it('survives what is no message', () => {
    const listener = listen();
    live.to(url).open(stream('a'), listener);
    sockets[0]?.accept();
    for (const data of ['', '{', '{"kind":"tracks"}', new ArrayBuffer(3), new ArrayBuffer(40), 7]) sockets[0]?.hear(data);
    expect(listener.heard).toEqual([]);
  });
});
