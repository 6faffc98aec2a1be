/** What becomes of what an answer holds when its HTTP/2 stream is given up, or kept shut, while its connection lives on. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, constants, type ClientHttp2Session, type ClientHttp2Stream } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HlsPackager, MediaOutcome } from '../../../media/hls/packager-contract.ts';
import { DecoderMissing } from '../../../media/inspect/key-frame-decoder.ts';
import { SnapshotMaker } from '../../../media/inspect/snapshot-maker.ts';
import { loadCertificate } from '../../../media/node/certificate.ts';
import { createHttpFace, type HttpFace } from '../../../media/node/http-face.ts';
import { LiveFace } from '../../../media/node/live-face.ts';
import { PlaybackFace } from '../../../media/node/playback-face.ts';
import { SocketFace } from '../../../media/node/socket-face.ts';
import { TicketChecker } from '../../../media/node/ticket-check.ts';
import type { WatchedStream } from '../../../media/node/watched-stream.ts';
import { WhepFace } from '../../../media/node/whep-face.ts';
import { DeliveryMeasurements } from '../../../media/stream/delivery-measurements.ts';
import type { OfferOutcome } from '../../../media/webrtc/engine.ts';
import { writeSelfSigned } from '../../support/certificate.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const issuer = createTicketIssuer();
const soon = { timeout: 20_000, interval: 5 };

describe('an answer over HTTP/2', () => {
  const clock = new FakeClock();
  let folder: string;
  let face: HttpFace;
  let live: LiveFace;
  let whep: WhepFace;
  let session: ClientHttp2Session;
  let logged: string[];
  let answerMedia: ((outcome: MediaOutcome) => void)[];
  let answerOffer: ((outcome: OfferOutcome) => void)[];
  let released: number;

  beforeEach(async () => {
    clock.advance(Date.now() - clock.wallClockMs());
    folder = mkdtempSync(join(tmpdir(), 'yilan-test-'));
    logged = [];
    answerMedia = [];
    answerOffer = [];
    released = 0;
    const packager = { media: () => new Promise<MediaOutcome>((resolve) => answerMedia.push(resolve)) } as unknown as HlsPackager;
    const stream: WatchedStream = {
      hub: new ClipHub(),
      delivery: new DeliveryMeasurements(),
      acquire: () => () => {},
      hlsFor: () => packager,
      holdHls: () => () => {},
      waitForPicture: async () => ({ ok: true }),
      observe: () => ({ reason: null }),
    };
    const find = (): WatchedStream => stream;
    const tickets = new TicketChecker();
    tickets.setKeys([issuer.key]);
    const log = pino({ level: 'error' }, { write: (line: string) => void logged.push(line) });
    live = new LiveFace({ stream: find, snapshots: new SnapshotMaker({ decode: () => Promise.reject(new DecoderMissing('none')) }, clock) });
    whep = new WhepFace({
      stream: find,
      engine: {
        name: 'none',
        portNumber: 1,
        viewerCount: 0,
        droppedFrames: 0,
        answerOffer: () => new Promise((resolve) => answerOffer.push(resolve)),
        close: async () => {},
      },
      tickets,
      clock,
      log,
    });
    face = createHttpFace({
      tickets,
      live,
      whep,
      playback: new PlaybackFace({
        playlist: async () => ({ kind: 'not-found' }),
        media: async () => ({ kind: 'not-found' }),
        video: async () => {
          const chunks = (async function* () {
            for (;;) yield Buffer.alloc(64 * 1024);
          })();
          return { kind: 'video', contentType: 'video/mp4', sizeBytes: 1e9, revision: 'r1', chunks };
        },
      }),
      sockets: new SocketFace({ stream: find, tickets, maxViewers: 10, clock, log }),
      metricsText: async () => null,
      certificate: loadCertificate(writeSelfSigned(folder, 'first.example.cn')),
      clock,
      log,
    });
    const port = await face.listen(0, '127.0.0.1');
    // Nothing of a body gets through: its reader opens the window, and does not.
    session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false, settings: { initialWindowSize: 0 } });
    await once(session, 'remoteSettings');
  });

  afterEach(async () => {
    session.destroy();
    whep.close();
    await face.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const part = (): MediaOutcome => ({
    kind: 'media',
    contentType: 'video/mp4',
    sizeBytes: 100_000,
    buffers: [Buffer.alloc(100_000)],
    release: () => released++,
  });

  function request(path: string, ticket: string, method = 'GET', headers: Record<string, string> = {}): ClientHttp2Stream {
    const stream = session.request({ ':path': `${path}?ticket=${ticket}`, ':method': method, ...headers });
    stream.on('error', () => {});
    return stream;
  }

  async function reset(stream: ClientHttp2Stream): Promise<void> {
    const closed = once(stream, 'close');
    stream.close(constants.NGHTTP2_CANCEL);
    await closed;
    // An answer behind it on the same connection: the node has read the reset.
    const next = session.request({ ':path': '/healthz', ':method': 'HEAD' });
    next.resume();
    await once(next, 'response');
    await once(next, 'close');
  }

  const partPath = '/live/camera-1/main/part-1.0.m4s';

  it('gives a part back whose viewer left while it was waited for', async () => {
    const stream = request(partPath, issuer.issue('camera-1'));
    await vi.waitFor(() => expect(answerMedia).toHaveLength(1), soon);
    await reset(stream);
    answerMedia[0]?.(part());
    await vi.waitFor(() => expect(released).toBe(1), soon);
    expect([live.leasedBytes, logged]).toEqual([0, []]);
  });

  it('is given up when nobody reads it for 30 s, whatever else its connection does', async () => {
    const stream = request(partPath, issuer.issue('camera-1'));
    await vi.waitFor(() => expect(answerMedia).toHaveLength(1), soon);
    answerMedia[0]?.(part());
    await once(stream, 'response');
    expect([live.leasedBytes, released]).toEqual([100_000, 0]);
    clock.advance(25_000);
    expect(released).toBe(0);
    clock.advance(10_000);
    await vi.waitFor(() => expect([released, live.leasedBytes, stream.closed]).toEqual([1, 0, true]), soon);
    expect(session.destroyed).toBe(false);
  });

  it('opens no session for a page that left with its offer unanswered', async () => {
    const stream = request('/live/camera-1/main/whep', issuer.issue('camera-1'), 'POST', { 'content-type': 'application/sdp' });
    stream.end('v=0\r\n');
    await vi.waitFor(() => expect(answerOffer).toHaveLength(1), soon);
    await reset(stream);
    let closes = 0;
    answerOffer[0]?.({
      ok: true,
      session: { sessionId: 's', answerSdp: '', addCandidates: () => 'taken', end: () => {}, close: () => closes++ },
    });
    await vi.waitFor(() => expect(closes).toBe(1), soon);
    expect(logged).toEqual([]);
  });

  it('of a recording may be left in the middle, and is no failure of ours', async () => {
    const ticket = issuer.issue('camera-1', { right: 'playback', playback: { fromMs: 1000, toMs: 5000, registerEntryId: 'entry-1' } });
    const stream = request('/playback/camera-1/video.mp4', ticket);
    await once(stream, 'response');
    await reset(stream);
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(logged).toEqual([]);
  });
});
