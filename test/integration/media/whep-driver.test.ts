import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
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
import { createPlaybackReader } from '../../../media/playback/playback-reader.ts';
import type { OfferOutcome, OfferRequest, WebRtcEngine } from '../../../media/webrtc/engine.ts';
import { createNodeDatachannelEngine } from '../../../media/webrtc/node-datachannel-engine.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { ClipStream, desiredStream } from '../../support/clip-stream.ts';
import { openPlayerPages, type PlayerPages } from '../../support/player-page.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';
import { narrowLine, UdpRelay } from '../../support/udp-relay.ts';
import { closeDriver, playByDriver, readRecord, resetGap } from '../../support/whep-driver-page.ts';

const wait = { timeout: 60_000, interval: 100 };
const issuer = createTicketIssuer();
const log = pino({ level: 'silent' });

/** The engine behind one relay per session, over which alone a viewer reaches it. */
class RelayedEngine implements WebRtcEngine {
  readonly relays: UdpRelay[] = [];
  /** Relays that are made let nothing pass. */
  isBlocked = false;
  readonly #engine: WebRtcEngine;

  constructor(engine: WebRtcEngine) {
    this.#engine = engine;
  }

  readonly name = 'relayed';

  get portNumber(): number {
    return this.#engine.portNumber;
  }

  get viewerCount(): number {
    return this.#engine.viewerCount;
  }

  get droppedFrames(): number {
    return this.#engine.droppedFrames;
  }

  async answerOffer(request: OfferRequest): Promise<OfferOutcome> {
    const relay = await UdpRelay.open(this.#engine.portNumber);
    relay.isCut = this.isBlocked;
    this.relays.push(relay);
    const outcome = await this.#engine.answerOffer({ ...request, offerSdp: relay.withoutCandidates(request.offerSdp) });
    if (!outcome.ok) return outcome;
    const { session } = outcome;
    return {
      ok: true,
      session: {
        sessionId: session.sessionId,
        answerSdp: relay.throughRelay(session.answerSdp),
        addCandidates: (fragment) => session.addCandidates(fragment),
        end: (code) => session.end(code),
        close: () => session.close(),
      },
    };
  }

  async close(): Promise<void> {
    for (const relay of this.relays) relay.close();
    await this.#engine.close();
  }
}

describe('the WebRTC driver of the pages in Chromium', () => {
  let players: PlayerPages;
  let engine: RelayedEngine;
  let whep: WhepFace;
  let source: ClipStream;
  let stream: ServedStream;
  let face: HttpFace;
  let whepUrl: string;

  beforeAll(async () => {
    players = await openPlayerPages();
  });

  afterAll(() => players.close());

  beforeEach(async () => {
    engine = new RelayedEngine(await createNodeDatachannelEngine({ portNumber: 0, iceAddresses: [], maxViewers: 10, clock: systemClock, log }));
    source = new ClipStream(desiredStream('camera-1'), () => {}, new ClipHub({ role: 'main' }));
    source.hub.play();
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
    const find = (): ServedStream => stream;
    const decoder = { decode: () => Promise.reject(new DecoderMissing('none here')) };
    whep = new WhepFace({ stream: find, engine, tickets, clock: systemClock, log });
    face = createHttpFace({
      tickets,
      live: new LiveFace({ stream: find, snapshots: new SnapshotMaker(decoder, systemClock) }),
      whep,
      playback: new PlaybackFace(createPlaybackReader({ directory: '/nonexistent' })),
      sockets: new SocketFace({ stream: find, tickets, maxViewers: 10, clock: systemClock, log }),
      metricsText: async () => '',
      certificate: null,
      clock: systemClock,
      log,
    });
    whepUrl = `http://127.0.0.1:${await face.listen(0, '127.0.0.1')}/live/camera-1/main/whep`;
  });

  afterEach(async () => {
    source.hub.stop();
    whep.close();
    await engine.close();
    await face.close();
    await stream.close();
  });

  /** A ticket that ends in `seconds`. */
  function ticketFor(seconds: number): string {
    return issuer.issue('camera-1', { expiresAtS: Math.floor(Date.now() / 1000) + seconds });
  }

  it.each([
    ['gets another address', (relay: UdpRelay) => relay.move()],
    [
      'loses its path',
      async (relay: UdpRelay) => {
        relay.isCut = true;
      },
    ],
  ])('goes on in place when the viewer %s, with the last picture on screen', async (_what, happen) => {
    const page = await players.open();
    await playByDriver(page, whepUrl, [ticketFor(600)]);
    await vi.waitFor(async () => expect((await readRecord(page)).shownFrames).toBeGreaterThan(30), wait);
    const [first] = engine.relays;
    if (first === undefined) throw new Error('one session was made');
    await resetGap(page);
    const before = (await readRecord(page)).shownFrames;
    await happen(first);
    await vi.waitFor(async () => {
      expect(engine.relays).toHaveLength(2);
      expect((await readRecord(page)).shownFrames).toBeGreaterThan(before + 60);
    }, wait);
    const record = await readRecord(page);
    // One session was made anew, nothing was told to the owner, and the picture was never taken away.
    expect(record).toMatchObject({ firstFrames: 1, failures: [], blackLooks: 0, hasArrival: true });
    expect(record.looks).toBeGreaterThan(20);
    // 1.5 s until it is noticed and a new session; generous, for the machine may be busy.
    expect(record.longestGapMs).toBeLessThan(10_000);
    // The node hears nothing on the old one and lets go of it.
    await vi.waitFor(() => expect([engine.viewerCount, source.viewers]).toEqual([1, 1]), wait);
    await closeDriver(page);
    await vi.waitFor(() => expect([engine.viewerCount, source.viewers, source.hub.sinks.size]).toEqual([0, 0, 0]), wait);
    await page.close();
  });

  it('gives up to the next way when the path breaks again at once', async () => {
    const page = await players.open();
    await playByDriver(page, whepUrl, [ticketFor(600)]);
    await vi.waitFor(async () => expect((await readRecord(page)).shownFrames).toBeGreaterThan(10), wait);
    const cutting = setInterval(() => {
      for (const relay of engine.relays) relay.isCut = true;
    }, 20);
    try {
      // That the path carries too little may be told before, and does not end it.
      await vi.waitFor(async () => expect((await readRecord(page)).failures).toContainEqual({ kind: 'transport', code: 'not-connected' }), wait);
    } finally {
      clearInterval(cutting);
    }
    await closeDriver(page);
    await page.close();
  });

  it('leaves a path that lets nothing through to the next way, without waiting for ICE', async () => {
    engine.isBlocked = true;
    const page = await players.open();
    await playByDriver(page, whepUrl, [ticketFor(600)]);
    await vi.waitFor(async () => expect((await readRecord(page)).failures).toEqual([{ kind: 'transport', code: 'not-connected' }]), wait);
    expect(engine.relays).toHaveLength(1);
    await closeDriver(page);
    // Chromium was never connected, so that the node must be told by DELETE.
    await vi.waitFor(() => expect([engine.viewerCount, source.viewers]).toEqual([0, 0]), { timeout: 12_000, interval: 100 });
    await page.close();
  });

  it('asks for the other stream when the path does not carry this one', async () => {
    const page = await players.open();
    await playByDriver(page, whepUrl, [ticketFor(600)]);
    await vi.waitFor(async () => expect((await readRecord(page)).shownFrames).toBeGreaterThan(10), wait);
    const [relay] = engine.relays;
    if (relay === undefined) throw new Error('one session was made');
    // The clip has about 600 kbps.
    relay.isLost = narrowLine(300_000);
    await vi.waitFor(async () => expect((await readRecord(page)).failures).toContainEqual({ kind: 'bandwidth', code: 'too-slow' }), wait);
    expect(stream.observe().slowViewers).toBe(1);
    expect(stream.observe().droppedFrames).toBeGreaterThan(0);
    await closeDriver(page);
    await page.close();
  });

  it('goes on with renewed tickets; without, the node ends the session and says why', async () => {
    const renewing = await players.open();
    await playByDriver(renewing, whepUrl, [ticketFor(24), ticketFor(600)], 8_000);
    await vi.waitFor(async () => expect((await readRecord(renewing)).shownFrames).toBeGreaterThan(5), wait);
    const forgetful = await players.open();
    await playByDriver(forgetful, whepUrl, [ticketFor(24)]);
    await vi.waitFor(async () => expect((await readRecord(forgetful)).shownFrames).toBeGreaterThan(5), wait);
    expect(engine.viewerCount).toBe(2);
    await vi.waitFor(async () => expect((await readRecord(forgetful)).failures).toEqual([{ kind: 'transport', code: 'ticket-refused' }]), wait);
    await vi.waitFor(() => expect(engine.viewerCount).toBe(1), wait);
    await renewing.bringToFront();
    const before = (await readRecord(renewing)).shownFrames;
    await vi.waitFor(async () => expect((await readRecord(renewing)).shownFrames).toBeGreaterThan(before + 30), wait);
    expect((await readRecord(renewing)).failures).toEqual([]);
    await Promise.all([closeDriver(renewing), closeDriver(forgetful)]);
    await Promise.all([renewing.close(), forgetful.close()]);
  });
});
