/** The socket shell against cameras that a test writes; time stands still unless the test moves it. */
import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { StreamTransport } from '../../../media/contract/streams.ts';
import { openRtspConnection } from '../../../media/rtsp/rtsp-connection.ts';
import type { RtspConnection } from '../../../media/rtsp/rtsp-connection.ts';
import { parseRtspUrl } from '../../../media/rtsp/rtsp-url.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { buildRtpPacket, interleave } from '../rtp/rtp-builder.ts';
import { answer, ordinary, ScriptedCamera } from './scripted-camera.ts';
import type { Script } from './scripted-camera.ts';

const cameras: ScriptedCamera[] = [];
const connections: RtspConnection[] = [];

afterEach(async () => {
  await Promise.all(connections.splice(0).map((connection) => connection.stop()));
  await Promise.all(cameras.splice(0).map((camera) => camera.close()));
});

async function startCamera(script: Script, options: { readonly isEncrypted?: boolean } = {}): Promise<{ camera: ScriptedCamera; url: string }> {
  const camera = new ScriptedCamera(script, options);
  cameras.push(camera);
  return { camera, url: await camera.listen() };
}

class Client {
  readonly events: string[] = [];
  readonly clock = new FakeClock();
  /** Thrown with every packet. */
  bug: Error | null = null;
  readonly faults: unknown[] = [];
  readonly connection: RtspConnection;

  constructor(text: string, credentials = { username: 'admin', password: 'geheim' }, transport: StreamTransport = 'tcp') {
    const parsed = parseRtspUrl(text);
    if (parsed === null) throw new Error('not a URL');
    this.connection = openRtspConnection({ url: parsed.url, credentials, transport }, this.clock, {
      onTracksPlanned: ({ video }) => this.events.push(`tracks ${video.format.codec} on ${video.channels.rtp}`),
      onPlaying: () => this.events.push('playing'),
      onPacket: (channel, _bytes, start, end) => {
        this.events.push(`${channel}: ${end - start} bytes`);
        if (this.bug !== null) throw this.bug;
      },
      onEnded: (reason, detail, fault) => {
        this.events.push(`ended ${reason}: ${detail}`);
        if (fault !== undefined) this.faults.push(fault);
      },
    });
    connections.push(this.connection);
  }
}

async function until(isTrue: () => boolean): Promise<void> {
  const startedMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startedMs > 20_000) throw new Error('did not happen');
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const packet = interleave(0, buildRtpPacket({ payload: Buffer.from('6588', 'hex') }));

describe('a connection', () => {
  it('reads no more than the budget while a camera sends at line rate, and gives it up after five seconds of that', async () => {
    const empty = Buffer.from('24090000'.repeat(16_384), 'hex');
    const { url } = await startCamera((request, socket) => {
      ordinary(request, socket);
      if (request.method !== 'PLAY') return;
      const flood = (): void => {
        while (socket.writable && socket.write(empty));
      };
      socket.on('drain', flood);
      flood();
    });
    const client = new Client(url);
    const packets = (): number => client.events.filter((event) => event === '9: 0 bytes').length;
    // What is in hand when the budget is found overdrawn is one read.
    await until(() => packets() >= 64_000);
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(packets()).toBeLessThanOrEqual(64_000 + 16_384);
    const isOver = (): boolean => client.events.at(-1)?.startsWith('ended') === true;
    const startedMs = client.clock.monotonicMs();
    while (!isOver() && client.clock.monotonicMs() - startedMs < 20_000) {
      client.clock.advance(100);
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
    const tookMs = client.clock.monotonicMs() - startedMs;
    expect(client.events.at(-1)).toMatch(/^ended protocol-error: sends more than 100 Mbit/);
    expect(tookMs).toBeGreaterThanOrEqual(4500);
    expect(packets()).toBeLessThanOrEqual(64_000 + tookMs * 50 + 2 * 16_384);
  });

  it('gives up a camera that asks and asks and reads no answer', async () => {
    const { camera, url } = await startCamera((request, socket) => {
      ordinary(request, socket);
      if (request.method === 'PLAY') socket.pause();
    });
    const client = new Client(url);
    await until(() => client.events.includes('playing'));
    const questions = `OPTIONS * RTSP/1.0\r\nCSeq: ${'1'.repeat(20)}\r\n\r\n`.repeat(400);
    const [socket] = camera.sockets;
    // Far below the 500 messages a second that it may send; what the kernel takes in for both sides is some megabytes.
    for (let round = 0; round < 1000 && client.events.at(-1) === 'playing'; round++) {
      socket?.write(questions);
      await drained(socket);
      client.clock.advance(5000);
    }
    expect(client.events.at(-1)).toMatch(/^ended protocol-error: reads nothing/);
  });

  it('ends with the first packet that wakes a bug, and tells of it', async () => {
    const { url } = await startCamera((request, socket) => {
      ordinary(request, socket);
      if (request.method === 'PLAY') socket.write(Buffer.concat([packet, packet]));
    });
    const client = new Client(url);
    const bug = new Error('one of ours');
    client.bug = bug;
    await until(() => client.events.at(-1)?.startsWith('ended') === true);
    expect(client.events.slice(-2)).toEqual(['0: 14 bytes', 'ended protocol-error: what the camera sent met a fault of ours: Error: one of ours']);
    expect(client.faults).toEqual([bug]);
  });

  it('plays, keeps alive, carries packets both ways, and says TEARDOWN', async () => {
    const { camera, url } = await startCamera((request, socket) => {
      ordinary(request, socket);
      if (request.method === 'PLAY') socket.write(packet);
    });
    const client = new Client(url);
    await until(() => client.events.includes('0: 14 bytes'));
    expect(client.events).toEqual(['tracks h264 on 0', 'playing', '0: 14 bytes']);
    client.clock.advance(10_000);
    await until(() => camera.requests.at(-1)?.method === 'GET_PARAMETER');
    client.clock.advance(10_000);
    await until(() => camera.requests.filter(({ method }) => method === 'GET_PARAMETER').length === 2);
    client.connection.sendRtcp(1, Buffer.from('80c90000', 'hex'));
    await until(() => camera.packets.length === 1);
    await client.connection.stop();
    expect(camera.requests.map(({ method }) => method)).toEqual([
      'OPTIONS',
      'DESCRIBE',
      'SETUP',
      'PLAY',
      'GET_PARAMETER',
      'GET_PARAMETER',
      'TEARDOWN',
    ]);
    expect(client.events.at(-1)).toBe('ended stopped: stopped by us');
    expect(client.clock.timerCount).toBe(0);
  });

  it('takes media that comes before the answer to PLAY, in the same read', async () => {
    const { url } = await startCamera((request, socket) => {
      if (request.method !== 'PLAY') {
        ordinary(request, socket);
        return;
      }
      socket.cork();
      socket.write(packet);
      answer(request, socket);
      socket.write(packet);
      socket.uncork();
    });
    const client = new Client(url);
    await until(() => client.events.length === 4);
    expect(client.events).toEqual(['tracks h264 on 0', 'playing', '0: 14 bytes', '0: 14 bytes']);
  });

  it('takes answers that come just in time', async () => {
    const late: (() => void)[] = [];
    const { url } = await startCamera((request, socket) => late.push(() => ordinary(request, socket)));
    const client = new Client(url);
    for (let answered = 0; answered < 4; answered += 1) {
      await until(() => late.length > answered);
      client.clock.advance(7900);
      late[answered]?.();
    }
    await until(() => client.events.includes('playing'));
  });

  it.each([
    ['OPTIONS', 0],
    ['DESCRIBE', 1],
    ['SETUP', 2],
    ['PLAY', 3],
  ])('gives up when %s is not answered', async (method, place) => {
    const { camera, url } = await startCamera((request, socket) => {
      if (request.method !== method) ordinary(request, socket);
    });
    const client = new Client(url);
    await until(() => camera.requests.length === place + 1);
    client.clock.advance(8000);
    expect(client.events.at(-1)).toBe(`ended no-answer: no answer to ${method}`);
  });

  it('follows one redirect, and gives the password only to the same host', async () => {
    const target = await startCamera(ordinary);
    const challengeOnce: Script = (request, socket) => {
      if (request.text.includes('Authorization')) answer(request, socket, 302, { Location: target.url });
      else answer(request, socket, 401, { 'WWW-Authenticate': 'Basic realm="a"' });
    };
    const { url } = await startCamera((request, socket) =>
      request.method === 'OPTIONS' ? ordinary(request, socket) : challengeOnce(request, socket),
    );
    const client = new Client(url);
    await until(() => client.events.includes('playing'));
    expect(target.camera.requests[0]?.uri).toBe(target.url);
    for (const { text } of target.camera.requests) expect(text).not.toContain('Authorization');

    const strict = await startCamera((request, socket) => {
      if (request.text.includes('Authorization')) ordinary(request, socket);
      else answer(request, socket, 401, { 'WWW-Authenticate': 'Basic realm="a"' });
    });
    const elsewhere = await startCamera((request, socket) => {
      if (request.method === 'OPTIONS') ordinary(request, socket);
      else answer(request, socket, 302, { Location: strict.url.replace('127.0.0.1', '127.0.0.2') });
    });
    const refused = new Client(elsewhere.url);
    await until(() => refused.events.some((event) => event.startsWith('ended')));
    expect(refused.events.at(-1)).toMatch(/^ended (unauthorized|connection-refused)/);
    expect(strict.camera.requests.some(({ text }) => text.includes('Authorization'))).toBe(false);
  });

  it('asks a proxy for what it was to ask the camera', async () => {
    const proxy = await startCamera(ordinary);
    const { url } = await startCamera((request, socket) => answer(request, socket, 305, { Location: proxy.url.replace('/live', '/') }));
    const client = new Client(url);
    await until(() => client.events.includes('playing'));
    expect(proxy.camera.requests[0]?.uri).toBe(url);
  });

  it('plays within TLS, whoever signed the certificate', async () => {
    const { camera, url } = await startCamera(
      (request, socket) => {
        ordinary(request, socket);
        if (request.method === 'PLAY') socket.write(packet);
      },
      { isEncrypted: true },
    );
    expect(url).toMatch(/^rtsps:/);
    const client = new Client(url);
    await until(() => client.events.includes('0: 14 bytes'));
    await client.connection.stop();
    expect(camera.requests.at(-1)?.method).toBe('TEARDOWN');
  });

  it('says that a port speaks no TLS, and gives up a handshake that never ends', async () => {
    const { camera, url } = await startCamera(ordinary);
    const plain = new Client(url.replace('rtsp:', 'rtsps:'));
    await until(() => camera.sockets.size > 0);
    for (const socket of camera.sockets) socket.write('RTSP/1.0 400 Bad Request\r\n\r\n');
    await until(() => plain.events.length > 0);
    expect(plain.events).toEqual([expect.stringMatching(/^ended protocol-error: (ERR_SSL|EPROTO)/)]);
    const mute = new Client(url.replace('rtsp:', 'rtsps:'));
    await until(() => camera.sockets.size > 0);
    mute.clock.advance(5000);
    expect(mute.events[0]).toMatch(/^ended connection-timed-out/);
  });

  it('does not follow a redirect out of TLS with the password', async () => {
    const open = await startCamera((request, socket) => {
      if (request.text.includes('Authorization')) ordinary(request, socket);
      else answer(request, socket, 401, { 'WWW-Authenticate': 'Basic realm="a"' });
    });
    const { url } = await startCamera((request, socket) => answer(request, socket, 302, { Location: open.url }), { isEncrypted: true });
    const client = new Client(url);
    await until(() => client.events.length > 0);
    expect(client.events).toEqual(['ended unauthorized: the camera asks for a password and none is known']);
    expect(open.camera.requests.some(({ text }) => text.includes('Authorization'))).toBe(false);
  });

  it('ends with the position when the bytes make no sense', async () => {
    const { url } = await startCamera((request, socket) => {
      ordinary(request, socket);
      if (request.method === 'PLAY') socket.write(Buffer.concat([packet, Buffer.from([0xff, 0xfe])]));
    });
    const client = new Client(url);
    await until(() => client.events.some((event) => event.startsWith('ended')));
    expect(client.events.at(-1)).toMatch(/^ended protocol-error: byte 0xff .* byte \d+ of the connection$/);
  });

  it('tells a camera that hangs up from a port that is closed', async () => {
    const { camera, url } = await startCamera(ordinary);
    const client = new Client(url);
    await until(() => client.events.includes('playing'));
    for (const socket of camera.sockets) socket.end();
    await until(() => client.events.some((event) => event.startsWith('ended')));
    expect(client.events.at(-1)).toMatch(/^ended closed-by-camera/);
    await camera.close();
    const other = new Client(url);
    await until(() => other.events.length > 0);
    expect(other.events).toEqual(['ended connection-refused: ECONNREFUSED']);
  });

  it('gives up connecting in time', async () => {
    // 192.0.2.0/24 is set aside for documentation (RFC 5737): nobody answers, or the network says so at once.
    const client = new Client('rtsp://192.0.2.1/live');
    client.clock.advance(5000);
    await until(() => client.events.length > 0);
    expect(client.events[0]).toMatch(/^ended (connection-timed-out|host-unreachable)/);
    await client.connection.stop();
  });

  it('stops in any moment, and only once', async () => {
    for (const moment of ['', 'OPTIONS', 'SETUP', 'PLAY']) {
      const { camera, url } = await startCamera(ordinary);
      const client = new Client(url);
      if (moment !== '') await until(() => camera.requests.some(({ method }) => method === moment));
      await Promise.all([client.connection.stop(), client.connection.stop()]);
      expect(client.events.filter((event) => event.startsWith('ended'))).toEqual(['ended stopped: stopped by us']);
      expect(client.clock.timerCount).toBe(0);
    }
  });
});

/** A few turns of the loop, more while the socket still has something to write. */
async function drained(socket: Socket | undefined): Promise<void> {
  for (let turn = 0; turn < 50; turn++) {
    if (turn >= 3 && (socket?.writableLength ?? 0) === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
