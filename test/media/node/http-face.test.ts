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
import type { OfferOutcome, WebRtcEngine, WebRtcSession } from '../../../media/webrtc/engine.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const issuer = createTicketIssuer();
const span = { fromMs: 1000, toMs: 5000, registerEntryId: 'entry-1' };
const playbackTicket: Partial<TicketPayload> = { right: 'playback', playback: span };

describe('HTTP face', () => {
  let face: HttpFace;
  let whep: WhepFace;
  let baseUrl: string;
  let port: number;
  let source: ClipStream;
  let stream: ServedStream;
  let asked: PlaybackSpan[];
  let closedSessions: string[];
  let offerOutcome: OfferOutcome;
  let endSession: () => void;
  let sayToNode: (text: string) => void;
  let endings: string[];
  let trickled: string[];
  let clock: FakeClock;

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
      return { kind: 'video', contentType: 'video/mp4', sizeBytes: 10, revision: 'r1', chunks };
    },
  };

  const engine: WebRtcEngine = {
    name: 'none',
    portNumber: 1,
    viewerCount: 0,
    droppedFrames: 0,
    async answerOffer(request) {
      endSession = request.onClosed;
      sayToNode = (text) => request.onText?.(text);
      return offerOutcome;
    },
    async close() {},
  };

  beforeEach(async () => {
    asked = [];
    closedSessions = [];
    endings = [];
    trickled = [];
    clock = new FakeClock();
    clock.advance(Date.now() - clock.wallClockMs());
    const session: WebRtcSession = {
      sessionId: 'session-1',
      answerSdp: 'v=0\r\n',
      addCandidates(fragment) {
        if (fragment.iceUfrag !== 'Qh0D') return 'other-ice-session';
        trickled.push(...fragment.candidates);
        return 'taken';
      },
      end: (code) => endings.push(code),
      close: () => closedSessions.push('session-1'),
    };
    offerOutcome = { ok: true, session };
    source = new ClipStream(desiredStream('camera-1'));
    source.hub.advance(25);
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
    const find = (cameraId: string, role: string): ServedStream | null => (cameraId === 'camera-1' && role === 'main' ? stream : null);
    const decoder = { decode: () => Promise.reject(new DecoderMissing('Snapshots need the program ffmpeg')) };
    const log = pino({ level: 'silent' });
    whep = new WhepFace({ stream: find, engine, tickets, clock, log });
    face = createHttpFace({
      tickets,
      live: new LiveFace({ stream: find, snapshots: new SnapshotMaker(decoder, systemClock) }),
      whep,
      playback: new PlaybackFace(reader),
      sockets: new SocketFace({ stream: find, tickets, maxViewers: 10, clock: systemClock, log }),
      metricsText: async (request) => (request.headers.via === undefined ? 'yilan_streams 1\n' : null),
      certificate: null,
      clock: systemClock,
      log,
    });
    port = await face.listen(0, '127.0.0.1');
    baseUrl = `http://127.0.0.1:${port}`;
  });

  afterEach(async () => {
    whep.close();
    expect(clock.timerCount).toBe(0);
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
      ['PATCH', '/live/camera-1/main/whep/session-1'],
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

  it('counts a person once, whichever ticket is shown', async () => {
    source.hub.advance(60);
    const nowS = Math.floor(Date.now() / 1000);
    for (const expiresAtS of [nowS + 300, nowS + 600]) {
      const answer = await get('/live/camera-1/main/index.m3u8', issuer.issue('camera-1', { expiresAtS }));
      expect(answer.status).toBe(200);
      await answer.text();
    }
    expect(source.viewers).toBe(1);
  });

  describe('of a running stream', () => {
    /** Paths of the playlist's first part and of its init segment, with ticket. */
    async function listed(ticket: string): Promise<{ part: string; init: string; playlist: Response; text: string }> {
      source.hub.advance(60);
      const playlist = await get('/live/camera-1/main/index.m3u8', ticket);
      const text = await playlist.text();
      const uri = (pattern: RegExp): string => `/live/camera-1/main/${pattern.exec(text)?.[1] ?? ''}`;
      return { part: uri(/EXT-X-PART:.*URI="([^"?]+)/), init: uri(/EXT-X-MAP:URI="([^"?]+)/), playlist, text };
    }

    it('serves ranges of parts and init segments, if they are what the viewer has', async () => {
      const ticket = issuer.issue('camera-1');
      const { part, init } = await listed(ticket);
      for (const path of [part, init]) {
        const whole = Buffer.from(await (await get(path, ticket)).arrayBuffer());
        const answer = await get(path, ticket, { headers: { range: 'bytes=4-99' } });
        expect([answer.status, answer.headers.get('content-range')]).toEqual([206, `bytes 4-99/${whole.length}`]);
        expect(Buffer.from(await answer.arrayBuffer()).equals(whole.subarray(4, 100))).toBe(true);
        const etag = answer.headers.get('etag') ?? '';
        const same = await get(path, ticket, { headers: { range: `bytes=${whole.length - 3}-`, 'if-range': etag } });
        expect([same.status, Buffer.from(await same.arrayBuffer()).equals(whole.subarray(-3))]).toEqual([206, true]);
        const other = await get(path, ticket, { headers: { range: 'bytes=0-3', 'if-range': '"other"' } });
        expect([other.status, (await other.arrayBuffer()).byteLength]).toEqual([200, whole.length]);
        const beyond = await get(path, ticket, { headers: { range: `bytes=${whole.length}-` } });
        expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${whole.length}`]);
      }
    });

    it('keeps media for good and playlists not at all', async () => {
      const ticket = issuer.issue('camera-1');
      const { part, playlist } = await listed(ticket);
      expect([playlist.headers.get('cache-control'), playlist.headers.get('etag')]).toEqual(['no-store', null]);
      const answer = await get(part, ticket);
      expect(answer.headers.get('cache-control')).toBe('private, max-age=30, immutable');
      await answer.arrayBuffer();
      const again = await get(part, ticket, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
      expect([again.status, await again.text()]).toEqual([304, '']);
      const stranger = await get(part, issuer.issue('camera-2'), { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
      expect(stranger.status).toBe(403);
    });

    it('answers HEAD with the headers of GET', async () => {
      const ticket = issuer.issue('camera-1');
      const { part } = await listed(ticket);
      const headersOf = async (path: string, method: string): Promise<[number, [string, string][]]> => {
        const answer = await get(path, ticket, { method });
        await answer.arrayBuffer();
        return [answer.status, [...answer.headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name))];
      };
      for (const path of [part, '/live/camera-1/main/index.m3u8', '/live/camera-1/main/segment-1.m4s', '/time'])
        expect(await headersOf(path, 'HEAD')).toEqual(await headersOf(path, 'GET'));
    });

    it('compresses playlists for those who take it', async () => {
      const ticket = issuer.issue('camera-1');
      const { playlist, text } = await listed(ticket);
      expect([playlist.headers.get('content-encoding'), playlist.headers.get('vary')]).toEqual(['gzip', 'Accept-Encoding']);
      const plain = await get('/live/camera-1/main/index.m3u8', ticket, { headers: { 'accept-encoding': 'identity' } });
      expect([plain.headers.get('content-encoding'), plain.headers.get('content-length')]).toEqual([null, String(text.length)]);
      expect(await plain.text()).toBe(text);
      expect(Number(playlist.headers.get('content-length'))).toBeLessThan(text.length / 3);
    });

    it('refuses directives that make no sense with a problem', async () => {
      const ticket = issuer.issue('camera-1');
      await listed(ticket);
      for (const query of ['_HLS_msn=99999999999', '_HLS_part=1', '_HLS_msn=-1', '_HLS_msn=1&_HLS_part=one'])
        expect(await problemOf(await get(`/live/camera-1/main/index.m3u8?${query}`, ticket))).toEqual([400, 'bad-request']);
    });
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

    const fragment = 'a=ice-ufrag:Qh0D\r\na=ice-pwd:HUMWslERBHdu3rNMxbhnSBs4\r\nm=video 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n';
    const candidate = 'candidate:1 1 udp 2113937151 192.0.2.9 52299 typ host generation 0';

    async function patch(body: string, headers: Record<string, string>, ticket = issuer.issue('camera-1')): Promise<Response> {
      const all = { 'content-type': 'application/trickle-ice-sdpfrag', ...headers };
      return get('/live/camera-1/main/whep/session-1', ticket, { method: 'PATCH', headers: all, body });
    }

    it('takes more addresses of the viewer under the entity tag of the session', async () => {
      const answer = await get('/live/camera-1/main/whep', issuer.issue('camera-1'), offer);
      const tag = answer.headers.get('etag') ?? '';
      expect([tag, answer.headers.get('accept-patch')]).toEqual([expect.stringMatching(/^"[^"]+"$/), 'application/trickle-ice-sdpfrag']);
      const taken = await patch(`${fragment}a=${candidate}\r\na=candidate:2 1 tcp 1 192.0.2.9 9 typ host\r\na=end-of-candidates\r\n`, {
        'if-match': tag,
      });
      expect([taken.status, await taken.text(), trickled]).toEqual([204, '', [candidate]]);
    });

    it.each([
      ['without If-Match', {}, fragment, 428, 'precondition-required'],
      ['with the tag of another ICE session', { 'if-match': '"ice-0"' }, fragment, 412, 'precondition-failed'],
      ['that asks for an ICE restart', { 'if-match': '*' }, fragment.replace('Qh0D', 'new1'), 422, 'ice-restart-not-supported'],
      ['with other credentials', { 'if-match': '"ice-1"' }, fragment.replace('Qh0D', 'new1'), 422, 'ice-restart-not-supported'],
      ['that is no fragment', { 'if-match': '"ice-1"' }, 'hello', 400, 'bad-request'],
      ['of another type', { 'if-match': '"ice-1"', 'content-type': 'application/sdp' }, fragment, 415, 'media-type-not-supported'],
      ['of 20 KB', { 'if-match': '"ice-1"' }, fragment + 'a=x\r\n'.repeat(4000), 413, 'payload-too-large'],
    ])('refuses a PATCH %s', async (_what, headers, body, status, code) => {
      await get('/live/camera-1/main/whep', issuer.issue('camera-1'), offer);
      expect(await problemOf(await patch(body, headers))).toEqual([status, code]);
      expect(trickled).toEqual([]);
      const stranger = issuer.issue('camera-1', { personId: 'person-2' });
      expect(await problemOf(await patch(body, headers, stranger))).toEqual([404, 'not-found']);
    });

    it('ends a session within a second after its ticket, with the reason', async () => {
      const expiresAtS = Math.floor(clock.wallClockMs() / 1000) + 60;
      await get('/live/camera-1/main/whep', issuer.issue('camera-1', { expiresAtS }), offer);
      clock.advance(58_000);
      expect(endings).toEqual([]);
      clock.advance(3_000);
      expect(endings[0]).toBe('ticket-expired');
      endSession();
      clock.advance(1_000);
      expect(clock.timerCount).toBe(0);
    });

    it('goes on with a renewed ticket, and ends at once with one that is no good', async () => {
      await get('/live/camera-1/main/whep', issuer.issue('camera-1'), offer);
      sayToNode('rubbish');
      sayToNode('{"kind":"renew"}');
      sayToNode(JSON.stringify({ kind: 'renew', ticket: issuer.issue('camera-1', { expiresAtS: Math.floor(clock.wallClockMs() / 1000) + 300 }) }));
      clock.advance(200_000);
      expect(endings).toEqual([]);
      const foreign = issuer.issue('camera-2', { expiresAtS: Math.floor(clock.wallClockMs() / 1000) + 300 });
      sayToNode(JSON.stringify({ kind: 'renew', ticket: foreign }));
      expect(endings).toEqual(['ticket-for-another-camera']);
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

    it('sends nothing again that has not changed', async () => {
      const ticket = issuer.issue('camera-1', playbackTicket);
      for (const path of ['/playback/camera-1/index.m3u8', '/playback/camera-1/file-1/init.mp4', '/playback/camera-1/video.mp4']) {
        const answer = await get(path, ticket);
        expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'private, no-cache']);
        await answer.arrayBuffer();
        const again = await get(path, ticket, { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } });
        expect([path, again.status, await again.text()]).toEqual([path, 304, '']);
      }
      const resumed = await get('/playback/camera-1/video.mp4', ticket, { headers: { range: 'bytes=5-', 'if-range': '"r0"' } });
      expect([resumed.status, await resumed.text()]).toEqual([200, '0123456789']);
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
    expect((await get('/metrics', null)).headers.get('access-control-allow-origin')).toBeNull();
    expect((await get('/metrics', null, { headers: { Via: '1.1 proxy' } })).status).toBe(404);
  });

  it('lets pages of other origins read what players need', async () => {
    const exposed = (await get('/time', null)).headers.get('access-control-expose-headers')?.split(', ') ?? [];
    expect(exposed).toEqual(expect.arrayContaining(['Date', 'Content-Range', 'ETag', 'Location', 'Last-Modified', 'Retry-After', 'Content-Length']));
    const preflight = await fetch(`${baseUrl}/live/camera-1/main/part-1.0.m4s`, {
      method: 'OPTIONS',
      headers: { origin: 'http://page.example', 'access-control-request-method': 'GET', 'access-control-request-headers': 'range, if-range' },
    });
    const allowed = preflight.headers.get('access-control-allow-headers')?.toLowerCase().split(', ') ?? [];
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, HEAD, OPTIONS']);
    expect(allowed).toEqual(expect.arrayContaining(['range', 'if-range', 'if-none-match', 'if-modified-since', 'content-type']));
  });

  it('answers a preflight for every method a browser may use', async () => {
    const answer = await fetch(`${baseUrl}/live/camera-1/main/whep/session-1`, { method: 'OPTIONS' });
    expect([answer.status, answer.headers.get('access-control-allow-methods'), answer.headers.get('access-control-allow-origin')]).toEqual([
      204,
      'PATCH, DELETE, OPTIONS',
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
