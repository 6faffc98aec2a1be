import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { ServedStream } from '../../../media/node/served-stream.ts';
import { SocketFace } from '../../../media/node/socket-face.ts';
import { TicketChecker } from '../../../media/node/ticket-check.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';
import { SocketPage } from '../../support/socket-page.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const issuer = createTicketIssuer();
const soon = { timeout: 10_000, interval: 10 };

describe('WebSocket face', () => {
  let face: SocketFace;
  let server: Server;
  let url: string;
  let source: ClipStream;
  let stream: ServedStream;
  let page: SocketPage;
  /** Seconds that the node's clock is ahead of the machine's: tickets age as the test says. */
  let aheadSeconds: number;
  let isServed: boolean;
  /** Fires the timers of at least so many ms that wait. */
  let jump: (ms: number) => void;

  beforeEach(async () => {
    aheadSeconds = 0;
    const waiting = new Set<{ readonly ms: number; readonly fire: () => void }>();
    jump = (fromMs) => {
      for (const { ms, fire } of waiting) if (ms >= fromMs) fire();
    };
    isServed = true;
    source = new ClipStream(desiredStream('camera-1'));
    source.hub.advance(5);
    stream = new ServedStream({
      desired: desiredStream('camera-1'),
      createManaged: () => source,
      createPackager: () => createHlsPackager({ clock: systemClock }),
      createTranscoded: () => {
        throw new Error('nothing is transcoded here');
      },
      createRecorder: () => {
        throw new Error('nothing is recorded here');
      },
      onChange: () => {},
      onFailed: (error) => {
        throw error;
      },
      clock: systemClock,
    });
    const tickets = new TicketChecker();
    tickets.setKeys([issuer.key]);
    face = new SocketFace({
      stream: (cameraId, role) => (isServed && cameraId === 'camera-1' && role === 'main' ? stream : null),
      tickets,
      maxViewers: 70,
      clock: {
        ...systemClock,
        wallClockMs: () => Date.now() + aheadSeconds * 1000,
        setTimer: (ms, fn) => {
          const fire = (): void => {
            waiting.delete(timer);
            fn();
          };
          const timer = { ms, fire };
          waiting.add(timer);
          const cancel = systemClock.setTimer(ms, fire);
          return () => {
            waiting.delete(timer);
            cancel();
          };
        },
      },
      log: pino({ level: 'silent' }),
    });
    server = createServer();
    server.on('upgrade', (request, socket, head) => face.accept(request, socket, head));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/ws`;
    page = await SocketPage.open(url);
  });

  afterEach(async () => {
    page.close();
    face.close();
    server.close();
    await stream.close();
  });

  it('sends init segment, cached group and every frame that follows, and nothing after unsubscribing', async () => {
    page.subscribe(7, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(page.mediaOf(7)).toHaveLength(2), soon);
    expect(page.told).toEqual([{ kind: 'tracks', channel: 7, mimeType: expect.stringContaining('avc1.'), audio: 'none' }]);
    const arrivedMs = 1_700_000_000_000;
    source.hub.advance(3, arrivedMs);
    await vi.waitFor(() => expect(page.mediaOf(7)).toHaveLength(5), soon);
    expect(page.mediaOf(7).map(({ kind, isKeyFrame }) => [kind, isKeyFrame])).toEqual([
      [1, false],
      [2, true],
      [2, false],
      [2, false],
      [2, false],
    ]);
    expect(page.mediaOf(7).at(-1)?.arrivedAtMs).toBe(arrivedMs);
    expect([source.viewers, face.counts]).toEqual([1, { pages: 1, channels: 1, droppedFragments: 0 }]);
    page.say({ kind: 'unsubscribe', channel: 7 });
    await vi.waitFor(() => expect([source.viewers, source.hub.sinks.size]).toEqual([0, 0]), soon);
    source.hub.advance(3);
    expect(page.media).toHaveLength(5);
  });

  it('feeds two channels of one page, and other pages, from one sink', async () => {
    const other = await SocketPage.open(url);
    page.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    page.subscribe(2, 'camera-1', issuer.issue('camera-1'));
    other.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect([page.media.length, other.media.length]).toEqual([4, 2]), soon);
    expect([source.hub.sinks.size, source.viewers, face.counts.channels]).toEqual([1, 3, 3]);
    other.close();
    await vi.waitFor(() => expect([source.viewers, face.counts.pages]).toEqual([2, 1]), soon);
  });

  it.each([
    ['no ticket', () => '', 'ticket-missing'],
    ['a forged one', () => createTicketIssuer().issue('camera-1'), 'ticket-invalid'],
    ['an expired one', () => issuer.issue('camera-1', { expiresAtS: 1000 }), 'ticket-expired'],
    ["another camera's", () => issuer.issue('camera-2'), 'ticket-for-another-camera'],
    ["another stream's", () => issuer.issue('camera-1', { role: 'sub' }), 'ticket-right-missing'],
    ['one for recordings', () => issuer.issue('camera-1', { right: 'playback' }), 'ticket-right-missing'],
  ])('sends not a byte of video for %s', async (_what, ticket, code) => {
    page.subscribe(1, 'camera-1', ticket());
    await vi.waitFor(() => expect(page.told).toEqual([{ kind: 'ended', channel: 1, code, reason: null }]), soon);
    source.hub.advance(3);
    page.subscribe(2, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(page.mediaOf(2).length).toBeGreaterThan(1), soon);
    expect(page.mediaOf(1)).toEqual([]);
  });

  it('ends a channel when its ticket does, unless it was renewed', async () => {
    const nowS = Math.floor(Date.now() / 1000);
    page.subscribe(1, 'camera-1', issuer.issue('camera-1', { expiresAtS: nowS + 60 }));
    page.subscribe(2, 'camera-1', issuer.issue('camera-1', { expiresAtS: nowS + 60 }));
    page.say({ kind: 'renew', channel: 2, ticket: issuer.issue('camera-1', { expiresAtS: nowS + 600 }) });
    await vi.waitFor(() => expect(page.media).toHaveLength(4), soon);
    aheadSeconds = 100;
    const ended = { kind: 'ended', channel: 1, code: 'ticket-expired', reason: null };
    await vi.waitFor(() => expect(page.told).toContainEqual(ended), soon);
    source.hub.advance(1);
    await vi.waitFor(() => expect(page.media).toHaveLength(5), soon);
    expect(page.media.at(-1)?.readUInt16BE(0)).toBe(2);
    page.say({ kind: 'renew', channel: 2, ticket: issuer.issue('camera-2', { expiresAtS: nowS + 600 }) });
    await vi.waitFor(() => expect(page.told.at(-1)).toMatchObject({ channel: 2, code: 'ticket-for-another-camera' }), soon);
  });

  it('tells a camera that gives no picture, with its reason, and an unknown one', async () => {
    source.turn('waiting', 'connection-refused');
    page.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    page.subscribe(2, 'camera-9', issuer.issue('camera-9'));
    await vi.waitFor(() => expect(page.told).toHaveLength(2), soon);
    expect(page.told).toContainEqual({ kind: 'ended', channel: 1, code: 'stream-unavailable', reason: 'connection-refused' });
    expect(page.told).toContainEqual({ kind: 'ended', channel: 2, code: 'stream-unknown', reason: null });
    expect(source.viewers).toBe(0);
  });

  it('tells that a camera is gone, then why, and goes on with new parameters when it is back', async () => {
    page.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(page.media).toHaveLength(2), soon);
    source.turn('waiting', 'closed-by-camera');
    for (const sink of source.hub.sinks) sink.onInterrupted();
    await vi.waitFor(() => expect(page.told).toContainEqual({ kind: 'interrupted', channel: 1, reason: 'closed-by-camera' }), soon);
    source.turn('streaming', null);
    const before = page.media.length;
    source.hub.tracks = { ...source.hub.tracks, generation: 2 };
    for (const sink of source.hub.sinks) sink.onTracks(source.hub.tracks);
    source.hub.advance(40);
    await vi.waitFor(() => expect(page.media.length).toBeGreaterThan(before + 2), soon);
    expect(page.told.filter(({ kind }) => kind === 'tracks')).toHaveLength(2);
    const [init, first] = page.mediaOf(1).slice(before);
    expect([init?.kind, first?.kind, first?.isKeyFrame]).toEqual([1, 2, true]);
  });

  it('tells that a picture ended because the node cannot make it, not the camera', async () => {
    page.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(page.media).toHaveLength(2), soon);
    const refusal = { code: 'transcoding-failed', detail: 'Transcoding this stream failed' };
    vi.spyOn(stream, 'observe').mockReturnValue(Object.assign(stream.observe(), { refusal }));
    for (const sink of source.hub.sinks) sink.onInterrupted();
    await vi.waitFor(() => expect(page.told.at(-1)).toEqual({ kind: 'interrupted', channel: 1, reason: null, code: 'transcoding-failed' }), soon);
  });

  it('ends channels of a stream that the node serves no more', async () => {
    page.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(page.media).toHaveLength(2), soon);
    isServed = false;
    await vi.waitFor(() => expect(page.told.at(-1)).toMatchObject({ kind: 'ended', code: 'stream-unknown' }), soon);
    expect([source.viewers, source.hub.sinks.size]).toEqual([0, 0]);
  });

  it('leaves fragments out for a page that does not read, counts them, tells it once, and goes on at a key frame when it reads again', async () => {
    page.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(page.media).toHaveLength(2), soon);
    page.socket.pause();
    // More than the buffers of the kernel and the bound take together, whatever the machine.
    for (let round = 0; face.counts.droppedFragments === 0 && round < 4000; round++) {
      source.hub.advance(30);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(face.counts.droppedFragments).toBeGreaterThan(0);
    expect(stream.observe()).toMatchObject({ slowViewers: 1, droppedFrames: face.counts.droppedFragments });
    page.socket.resume();
    const afterGap = await vi.waitFor(() => {
      source.hub.advance(5);
      const media = page.mediaOf(1).slice(1);
      const gapAt = media.findIndex(({ startSeconds }, index) => startSeconds - (media[index - 1]?.startSeconds ?? startSeconds) > 0.5 && index > 1);
      if (gapAt < 0) throw new Error('nothing came after the gap yet');
      return media[gapAt];
    }, soon);
    expect(afterGap?.isKeyFrame).toBe(true);
    // Told once, however many were left out.
    expect(page.told.filter(({ kind }) => kind === 'slow')).toEqual([{ kind: 'slow', channel: 1 }]);
  });

  it('serves 64 channels of a page, and as many of all pages as it may', async () => {
    const other = await SocketPage.open(url);
    for (let channel = 1; channel <= 65; channel++) page.subscribe(channel, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(page.told).toContainEqual({ kind: 'ended', channel: 65, code: 'too-many-viewers', reason: null }), soon);
    for (let channel = 1; channel <= 7; channel++) other.subscribe(channel, 'camera-1', issuer.issue('camera-1'));
    await vi.waitFor(() => expect(other.told).toContainEqual({ kind: 'ended', channel: 7, code: 'too-many-viewers', reason: null }), soon);
    expect(face.counts.channels).toBe(70);
    other.close();
  });

  it('has places for those with a ticket, however many connect without', async () => {
    const strangers = await Promise.all(Array.from({ length: 63 }, () => SocketPage.open(url)));
    const refused = await SocketPage.open(url);
    await vi.waitFor(() => expect(refused.closeCode).toBe(1013), soon);
    // Neither the pages of before nor their channels count against the node's 70 places.
    page.subscribe(1, 'camera-1', issuer.issue('camera-1'));
    strangers[0]?.subscribe(1, 'camera-1', '');
    await vi.waitFor(() => expect([page.mediaOf(1).length > 0, strangers[0]?.told.length]).toEqual([true, 1]), soon);
    // Who showed a ticket is no stranger, and makes room for one.
    const next = await SocketPage.open(url);
    const full = await SocketPage.open(url);
    await vi.waitFor(() => expect([full.closeCode, next.closeCode]).toEqual([1013, null]), soon);
    jump(10_000);
    await vi.waitFor(() => expect([...strangers, next].map(({ closeCode }) => closeCode)).toEqual(Array.from({ length: 64 }, () => 1000)), soon);
    expect([face.counts.pages, page.closeCode]).toEqual([1, null]);
  });

  it.each([
    ['no message', (socket: SocketPage) => socket.socket.send('hello'), 1008],
    ['a binary message', (socket: SocketPage) => socket.socket.send(Buffer.from([1, 2, 3])), 1003],
    ['a message that is too long', (socket: SocketPage) => socket.socket.send('x'.repeat(5000)), 1009],
    ['messages without end', (socket: SocketPage) => Array.from({ length: 601 }, () => socket.say({ kind: 'unsubscribe', channel: 1 })), 1008],
  ])('closes a page that says %s', async (_what, misbehave, code) => {
    misbehave(page);
    await vi.waitFor(() => expect([page.closeCode, face.counts.pages]).toEqual([code, 0]), soon);
  });

  it('does not connect a page that speaks another protocol', async () => {
    const stranger = new SocketPage(url, 'chat');
    await vi.waitFor(() => expect(stranger.closeCode).not.toBeNull(), soon);
    expect(face.counts.pages).toBe(1);
  });

  it('says that it is alive, and goodbye', async () => {
    await vi.waitFor(() => expect(page.told.at(-1)).toMatchObject({ kind: 'alive' }), soon);
    face.close();
    await vi.waitFor(() => expect([page.closeCode === null, face.counts.pages]).toEqual([false, 0]), soon);
  });
});
