import { connect } from 'node:net';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import type { TicketPayload } from '../../../media/contract/ticket.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { DecoderMissing } from '../../../media/inspect/key-frame-decoder.ts';
import { SnapshotMaker } from '../../../media/inspect/snapshot-maker.ts';
import { createHttpFace, type HttpFace } from '../../../media/node/http-face.ts';
import { LiveFace } from '../../../media/node/live-face.ts';
import { PlaybackFace } from '../../../media/node/playback-face.ts';
import { ServedStream } from '../../../media/node/served-stream.ts';
import { SocketFace } from '../../../media/node/socket-face.ts';
import { TicketChecker } from '../../../media/node/ticket-check.ts';
import { WhepFace } from '../../../media/node/whep-face.ts';
import type { PlaybackReader, PlaybackSpan } from '../../../media/playback/playback-contract.ts';
import type { OfferOutcome, WebRtcEngine } from '../../../media/webrtc/engine.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const issuer = createTicketIssuer();
const span = { fromMs: 1000, toMs: 5000, registerEntryId: 'entry-1' };
const playbackTicket: Partial<TicketPayload> = { right: 'playback', playback: span };

describe('HTTP face', () => {
  let face: HttpFace;
  let baseUrl: string;
  let port: number;
  let source: ClipStream;
  let stream: ServedStream;
  let asked: PlaybackSpan[];
  let closedSessions: string[];
  let offerOutcome: OfferOutcome;
  let endSession: () => void;

  const reader: PlaybackReader = {
    async playlist(asking) {
      asked.push(asking);
      return { kind: 'playlist', text: '#EXTM3U\n' };
    },
    async media(asking, file, name) {
      asked.push(asking);
      return name === 'init.mp4' ? { kind: 'media', contentType: 'video/mp4', bytes: Buffer.from(file) } : { kind: 'not-found' };
    },
    async video(asking) {
      asked.push(asking);
      if (asking.toMs === 1001) throw new Error('the disk is gone');
      const chunks = (async function* () {
        for (const chunk of ['0123', '4567', '89']) yield Buffer.from(chunk);
      })();
      return { kind: 'video', contentType: 'video/mp4', sizeBytes: 10, chunks };
    },
  };

  const engine: WebRtcEngine = {
    name: 'none',
    portNumber: 1,
    viewerCount: 0,
    async answerOffer(request) {
      endSession = request.onClosed;
      return offerOutcome;
    },
    async close() {},
  };

  beforeEach(async () => {
    asked = [];
    closedSessions = [];
    offerOutcome = { ok: true, session: { sessionId: 'session-1', answerSdp: 'v=0\r\n', close: () => closedSessions.push('session-1') } };
    source = new ClipStream(desiredStream('camera-1'));
    source.hub.advance(25);
    stream = new ServedStream({
      desired: desiredStream('camera-1'),
      createManaged: () => source,
      createPackager: () => createHlsPackager({ clock: systemClock }),
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
    const find = (cameraId: string, role: string): ServedStream | null => (cameraId === 'camera-1' && role === 'main' ? stream : null);
    const decoder = { decode: () => Promise.reject(new DecoderMissing('Snapshots need the program ffmpeg')) };
    const log = pino({ level: 'silent' });
    face = createHttpFace({
      tickets,
      live: new LiveFace({ stream: find, snapshots: new SnapshotMaker(decoder, systemClock) }),
      whep: new WhepFace({ stream: find, engine, log }),
      playback: new PlaybackFace(reader),
      sockets: new SocketFace({ stream: find, tickets, maxViewers: 10, clock: systemClock, log }),
      metricsText: async () => 'yilan_streams 1\n',
      clock: systemClock,
      log,
    });
    port = await face.listen(0, '127.0.0.1');
    baseUrl = `http://127.0.0.1:${port}`;
  });

  afterEach(async () => {
    await stream.close();
    await face.close();
  });

  function get(path: string, ticket: string | null, init: RequestInit = {}): Promise<Response> {
    return fetch(`${baseUrl}${path}${ticket === null ? '' : `${path.includes('?') ? '&' : '?'}ticket=${ticket}`}`, init);
  }

  async function problemOf(answer: Response): Promise<[number, unknown]> {
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const body: unknown = await answer.json();
    return [answer.status, typeof body === 'object' && body !== null && 'code' in body ? body.code : null];
  }

  /** Bytes on the wire as nobody polite sends them. */
  function sendRaw(text: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(text));
      let received = '';
      socket.on('data', (chunk) => {
        received += chunk.toString('latin1');
        if (received.includes('\r\n\r\n')) socket.destroy();
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(received));
    });
  }

  describe('without the right ticket', () => {
    const paths: [string, string][] = [
      ['GET', '/live/camera-1/main/index.m3u8'],
      ['GET', '/live/camera-1/main/init-0.mp4'],
      ['GET', '/live/camera-1/main/segment-1.m4s'],
      ['GET', '/live/camera-1/main/part-1.0.m4s'],
      ['GET', '/live/camera-1/main/snapshot.jpg'],
      ['POST', '/live/camera-1/main/whep'],
      ['DELETE', '/live/camera-1/main/whep/session-1'],
      ['GET', '/playback/camera-1/index.m3u8'],
      ['GET', '/playback/camera-1/video.mp4'],
      ['GET', '/playback/camera-1/file-1/init.mp4'],
    ];

    it.each(paths)('%s %s gives not a byte', async (method, path) => {
      const isPlayback = path.startsWith('/playback');
      const mine = isPlayback ? playbackTicket : {};
      const wrongRight = isPlayback ? {} : playbackTicket;
      const answers = [
        [null, [401, 'ticket-missing']],
        ['rubbish', [401, 'ticket-invalid']],
        [issuer.issue('camera-1', { ...mine, expiresAtS: 1 }), [401, 'ticket-expired']],
        [createTicketIssuer().issue('camera-1', mine), [401, 'ticket-invalid']],
        [issuer.issue('camera-2', mine), [403, 'ticket-for-another-camera']],
        [issuer.issue('camera-1', wrongRight), [403, 'ticket-right-missing']],
        ...(isPlayback ? [] : [[issuer.issue('camera-1', { role: 'sub' }), [403, 'ticket-right-missing']] as const]),
      ] as const;
      for (const [ticket, expected] of answers) expect(await problemOf(await get(path, ticket, { method }))).toEqual(expected);
      expect(asked).toEqual([]);
      expect(source.viewers).toBe(0);
    });
  });

  it('serves a playlist that repeats the ticket in every URI, and what it lists', async () => {
    const ticket = issuer.issue('camera-1');
    const pending = get('/live/camera-1/main/index.m3u8', ticket);
    source.hub.play();
    const answer = await pending;
    source.hub.stop();
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    const uris = [...(await answer.text()).matchAll(/^[^#].*m4s.*$|URI="([^"]+)"/gm)].map((match) => match[1] ?? match[0]);
    expect(uris.length).toBeGreaterThan(1);
    for (const uri of uris) expect(uri).toContain(`ticket=${ticket}`);
    const init = await fetch(new URL(uris.find((uri) => uri.startsWith('init')) ?? '', `${baseUrl}/live/camera-1/main/`));
    const body = Buffer.from(await init.arrayBuffer());
    expect([init.status, init.headers.get('content-type'), body.subarray(4, 8).toString()]).toEqual([200, 'video/mp4', 'ftyp']);
    const head = await fetch(new URL(uris.find((uri) => uri.startsWith('init')) ?? '', `${baseUrl}/live/camera-1/main/`), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(body.length)]);
    expect(source.viewers).toBe(1);
  });

  it('tells a fresh viewer of a broken stream why there is no picture', async () => {
    source.turn('waiting', 'unauthorized');
    const answer = await get('/live/camera-1/main/index.m3u8', issuer.issue('camera-1'));
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'stream-unavailable', reason: 'unauthorized' });
  });

  it('refuses what it does not serve, and malformed queries', async () => {
    expect(await problemOf(await get('/live/camera-1/sub/index.m3u8', issuer.issue('camera-1')))).toEqual([404, 'stream-unknown']);
    expect(await problemOf(await get('/live/camera-1/main/index.m3u8?_HLS_msn=x', issuer.issue('camera-1')))).toEqual([400, 'bad-request']);
    expect(await problemOf(await get('/live/camera-1/main/segment-999999.m4s', issuer.issue('camera-1')))).toEqual([404, 'not-found']);
    expect(await problemOf(await get('/nowhere', null))).toEqual([404, 'not-found']);
  });

  it('makes snapshots of a few widths only, and renditions there are', async () => {
    for (const query of ['width=', 'width=0', 'width=321', 'width=99999', 'width=3e2', 'width=320.0']) {
      expect(await problemOf(await get(`/live/camera-1/main/snapshot.jpg?${query}`, issuer.issue('camera-1')))).toEqual([400, 'bad-request']);
    }
    expect(await problemOf(await get('/live/camera-1/main/snapshot.jpg?width=320', issuer.issue('camera-1')))).toEqual([501, 'snapshot-unavailable']);
    for (const name of ['index.m3u8', 'segment-1.m4s']) {
      expect(await problemOf(await get(`/live/camera-1/main/${name}?video=av1`, issuer.issue('camera-1')))).toEqual([400, 'bad-request']);
    }
    expect(source.viewers).toBe(0);
  });

  it('repeats the rendition in everything its playlist lists', async () => {
    const ticket = issuer.issue('camera-1');
    const text = await (await get('/live/camera-1/main/index.m3u8?video=h264', ticket)).text();
    const uris = [...text.matchAll(/[\w.-]+\?[^"\n]+/g)].map(([uri]) => uri);
    expect(uris.length).toBeGreaterThan(1);
    expect(uris.filter((uri) => !uri.includes(`?video=h264&ticket=${ticket}`))).toEqual([]);
    expect(await (await get('/live/camera-1/main/index.m3u8', ticket)).text()).not.toContain('video=');
  });

  it('says what is missing for a snapshot', async () => {
    const answer = await get('/live/camera-1/main/snapshot.jpg', issuer.issue('camera-1'));
    expect(answer.status).toBe(501);
    expect(await answer.json()).toMatchObject({ code: 'snapshot-unavailable', title: 'Snapshots need the program ffmpeg' });
    expect(source.viewers).toBe(0);
  });

  describe('WHEP', () => {
    const offer = { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v=0\r\n' };

    it('answers an offer with 201 and the place of the session, which its viewer can end', async () => {
      const ticket = issuer.issue('camera-1');
      const answer = await get('/live/camera-1/main/whep', ticket, offer);
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([201, 'application/sdp', 'v=0\r\n']);
      expect(answer.headers.get('access-control-expose-headers')).toMatch(/Location/);
      expect(answer.headers.get('location')).toBe(`/live/camera-1/main/whep/session-1?ticket=${ticket}`);
      expect(source.viewers).toBe(1);
      const stranger = issuer.issue('camera-1', { personId: 'person-2' });
      expect(await problemOf(await get('/live/camera-1/main/whep/session-1', stranger, { method: 'DELETE' }))).toEqual([404, 'not-found']);
      const ended = await get('/live/camera-1/main/whep/session-1', ticket, { method: 'DELETE' });
      expect([ended.status, closedSessions]).toEqual([200, ['session-1']]);
      endSession();
      expect(source.viewers).toBe(0);
      expect((await get('/live/camera-1/main/whep/session-1', ticket, { method: 'DELETE' })).status).toBe(404);
    });

    it.each([
      ['offer-invalid', 400],
      ['codec-not-offered', 406],
      ['reordering-not-supported', 406],
      ['too-many-viewers', 503],
    ] as const)('refuses with %s', async (refusal, status) => {
      offerOutcome = { ok: false, refusal, detail: 'because' };
      expect(await problemOf(await get('/live/camera-1/main/whep', issuer.issue('camera-1'), offer))).toEqual([status, refusal]);
      expect(source.viewers).toBe(0);
    });

    it('refuses other types and bodies beyond 64 KB', async () => {
      const ticket = issuer.issue('camera-1');
      const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
      expect(await problemOf(await get('/live/camera-1/main/whep', ticket, json))).toEqual([400, 'bad-request']);
      const huge = await sendRaw(
        `POST /live/camera-1/main/whep?ticket=${ticket} HTTP/1.1\r\nHost: x\r\nContent-Type: application/sdp\r\nContent-Length: 99999999\r\n\r\n${'v'.repeat(70_000)}`,
      );
      expect(huge).toMatch(/^HTTP\/1\.1 413 /);
      expect(huge).toMatch(/connection: close/i);
      const large = { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: 'v'.repeat(5_000_000) };
      expect(await problemOf(await get('/live/camera-1/main/whep', ticket, large))).toEqual([413, 'payload-too-large']);
      const whole = { ...offer, body: 'v'.repeat(5_000_000) };
      expect(await problemOf(await get('/live/camera-1/main/whep', ticket, whole))).toEqual([413, 'payload-too-large']);
    });
  });

  describe('playback', () => {
    it('narrows the span by the query, never beyond the ticket', async () => {
      const ticket = issuer.issue('camera-1', playbackTicket);
      await get('/playback/camera-1/index.m3u8', ticket);
      await get('/playback/camera-1/index.m3u8?from=2000&to=9000', ticket);
      await get('/playback/camera-1/file-1/init.mp4', ticket);
      const whole = { cameraId: 'camera-1', role: 'main', fromMs: 1000, toMs: 5000 };
      expect(asked).toEqual([whole, { ...whole, fromMs: 2000 }, whole]);
      expect(await problemOf(await get('/playback/camera-1/index.m3u8?from=4000&to=2000', ticket))).toEqual([400, 'bad-request']);
      expect(await problemOf(await get('/playback/camera-1/index.m3u8?from=soon', ticket))).toEqual([400, 'bad-request']);
      expect(await problemOf(await get('/playback/camera-1/file-1/nothing.m4s', ticket))).toEqual([404, 'recording-not-found']);
    });

    it.each([
      [null, 200, null, '0123456789'],
      ['bytes=0-', 206, 'bytes 0-9/10', '0123456789'],
      ['bytes=3-5', 206, 'bytes 3-5/10', '345'],
      ['bytes=-2', 206, 'bytes 8-9/10', '89'],
      ['bytes=10-', 416, 'bytes */10', ''],
    ])('serves the file for Range %s', async (range, status, contentRange, text) => {
      const answer = await get('/playback/camera-1/video.mp4', issuer.issue('camera-1', playbackTicket), {
        headers: range === null ? {} : { range },
      });
      expect([answer.status, answer.headers.get('content-range'), await answer.text()]).toEqual([status, contentRange, text]);
    });

    it('answers HEAD without a body', async () => {
      const answer = await get('/playback/camera-1/video.mp4', issuer.issue('camera-1', playbackTicket), { method: 'HEAD' });
      expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([200, '10', '']);
    });

    it('answers a failure of its own with 500 and goes on', async () => {
      const answer = await get('/playback/camera-1/video.mp4?to=1001', issuer.issue('camera-1', playbackTicket));
      expect(await problemOf(answer)).toEqual([500, 'internal']);
      expect((await get('/time', null)).status).toBe(200);
    });
  });

  it('answers time, health and metrics without a ticket', async () => {
    const before = Date.now();
    const time: { nowMs: number } = JSON.parse(await (await get('/time', null)).text());
    expect(time.nowMs).toBeGreaterThanOrEqual(before);
    expect(await (await get('/healthz', null)).json()).toEqual({ status: 'ok' });
    expect(await (await get('/metrics', null)).text()).toBe('yilan_streams 1\n');
  });

  it('answers a preflight for every method a browser may use', async () => {
    const answer = await fetch(`${baseUrl}/live/camera-1/main/whep/session-1`, { method: 'OPTIONS' });
    expect([answer.status, answer.headers.get('access-control-allow-methods'), answer.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'DELETE, OPTIONS',
      '*',
    ]);
  });

  it.each([
    ['an unknown method', 'BREW /time HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 400 /],
    ['a method that is not possible', 'PUT /time HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 405 [\s\S]*allow: GET, HEAD, OPTIONS/i],
    ['a climbing path', 'GET /live/camera-1/main/../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 404 /],
    ['an absolute target', 'GET http://elsewhere/time HTTP/1.1\r\nHost: x\r\n\r\n', /^HTTP\/1\.1 404 /],
    ['a header of 100 KB', `GET /time HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
    ['no HTTP at all', '\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n', /^HTTP\/1\.1 400 |^$/],
  ])('survives %s', async (_name, bytes, expected) => {
    expect(await sendRaw(bytes)).toMatch(expected);
    expect((await get('/healthz', null)).status).toBe(200);
  });

  it('keeps connections alive', async () => {
    const received = await sendRaw('GET /time HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(received).toMatch(/connection: keep-alive/i);
  });
});
