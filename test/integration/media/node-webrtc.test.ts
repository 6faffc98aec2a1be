import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import pino from 'pino';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import type { OfferOutcome, WebRtcEngine } from '../../../media/webrtc/engine.ts';
import { createNodeDatachannelEngine } from '../../../media/webrtc/node-datachannel-engine.ts';
import { claimUdpPort, UdpPortUnavailable } from '../../../media/webrtc/udp-port.ts';
import { chromiumOffer } from '../../support/chromium-offer.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { hangUp, openPlayerPages, watchByWhep, type PlayerPages } from '../../support/player-page.ts';

const waitLong = { timeout: 40_000, interval: 100 };

function createEngine(maxViewers = 10): Promise<WebRtcEngine> {
  return createNodeDatachannelEngine({
    portNumber: 0,
    iceAddresses: ['203.0.113.7'],
    maxViewers,
    clock: systemClock,
    log: pino({ level: 'silent' }),
  });
}

function playingHub(codec: 'h264' | 'h265' = 'h264'): ClipHub {
  const hub = new ClipHub({ codec });
  hub.advance(20);
  return hub;
}

describe('the WebRTC engine on libdatachannel', () => {
  it('answers with one port for all, its addresses and the configured one, without RTX', async () => {
    const engine = await createEngine();
    const outcome = await engine.answerOffer({ offerSdp: chromiumOffer(), hub: playingHub(), onClosed: () => {} });
    if (!outcome.ok) throw new Error(outcome.detail);
    const { answerSdp } = outcome.session;
    const candidates = answerSdp.split('\r\n').filter((line) => line.startsWith('a=candidate:'));
    expect(new Set(candidates.map((line) => line.split(' ')[5]))).toEqual(new Set([String(engine.portNumber)]));
    expect(candidates.map((line) => line.split(' ')[4])).toEqual(expect.arrayContaining(['127.0.0.1', '203.0.113.7']));
    expect(answerSdp).toMatch(/a=rtpmap:\d+ H264\/90000/);
    expect(answerSdp).not.toMatch(/rtx/i);
    await engine.close();
  });

  it('holds its port before the first viewer and after the last, so that nobody else takes it', async () => {
    const engine = await createEngine();
    await expect(claimUdpPort(engine.portNumber)).rejects.toBeInstanceOf(UdpPortUnavailable);
    const outcome = await engine.answerOffer({ offerSdp: chromiumOffer(), hub: playingHub(), onClosed: () => {} });
    if (!outcome.ok) throw new Error(outcome.detail);
    outcome.session.close();
    await expect(claimUdpPort(engine.portNumber)).rejects.toBeInstanceOf(UdpPortUnavailable);
    await engine.close();
  });

  it('refuses viewers beyond its limit, and takes new ones when others have gone', async () => {
    const engine = await createEngine(2);
    const hub = playingHub();
    let closed = 0;
    const offer = (): Promise<OfferOutcome> => engine.answerOffer({ offerSdp: chromiumOffer(), hub, onClosed: () => closed++ });
    const outcomes = await Promise.all([offer(), offer(), offer()]);
    expect(outcomes.map((outcome) => (outcome.ok ? 'answered' : outcome.refusal))).toEqual(['answered', 'answered', 'too-many-viewers']);
    const [first] = outcomes;
    if (first === undefined || !first.ok) throw new Error('the first offer was answered');
    first.session.close();
    first.session.close();
    expect([closed, engine.viewerCount]).toEqual([1, 1]);
    expect((await offer()).ok).toBe(true);
    await engine.close();
    expect([closed, engine.viewerCount, hub.sinks.size, hub.heldSlabs]).toEqual([3, 0, 0, 0]);
  });

  it('lets go of closed sessions', async () => {
    const engine = await createEngine();
    const hub = playingHub();
    const sessions: WeakRef<object>[] = [];
    for (let count = 0; count < 10; count++) {
      const outcome = await engine.answerOffer({ offerSdp: chromiumOffer(), hub, onClosed: () => {} });
      if (!outcome.ok) throw new Error(outcome.detail);
      sessions.push(new WeakRef(outcome.session));
      outcome.session.close();
    }
    setFlagsFromString('--expose_gc');
    const collectGarbage: () => void = runInNewContext('gc');
    // The last one may still be in a register of this function.
    await vi.waitFor(() => {
      collectGarbage();
      expect(sessions.filter((session) => session.deref() !== undefined).length).toBeLessThanOrEqual(1);
    }, waitLong);
    await engine.close();
  });

  it('survives mutated offers, and leaves nothing open for those it refuses', async () => {
    const engine = await createEngine(1000);
    const hub = playingHub();
    const lines = chromiumOffer().split('\r\n');
    const mutation = fc.record({
      at: fc.nat(lines.length - 1),
      action: fc.constantFrom('drop', 'double', 'swap', 'cut', 'noise'),
      other: fc.nat(lines.length - 1),
      noise: fc.string({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 6 }), async (mutations) => {
        const mutated = [...lines];
        for (const { at, action, other, noise } of mutations) {
          const line = mutated[at] ?? '';
          if (action === 'drop') mutated.splice(at, 1);
          else if (action === 'double') mutated.splice(at, 0, line);
          else if (action === 'swap') mutated[at] = mutated[other] ?? '';
          else if (action === 'cut') mutated[at] = line.slice(0, line.length / 2);
          else mutated[at] = line + noise;
        }
        const before = engine.viewerCount;
        const outcome = await engine.answerOffer({ offerSdp: mutated.join('\r\n'), hub, onClosed: () => {} });
        if (outcome.ok) outcome.session.close();
        expect(engine.viewerCount).toBe(before);
      }),
      { numRuns: 60 },
    );
    expect((await engine.answerOffer({ offerSdp: chromiumOffer(), hub, onClosed: () => {} })).ok).toBe(true);
    await engine.close();
  });

  describe('with Chromium', () => {
    let engine: WebRtcEngine;
    let hub: ClipHub;
    let whep: Server;
    let whepUrl: string;
    let players: PlayerPages;

    beforeAll(async () => {
      engine = await createEngine();
      hub = playingHub();
      hub.play();
      const h265 = playingHub('h265');
      whep = createServer((request, response) => {
        response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', 'content-type');
        if (request.method === 'OPTIONS') {
          response.end();
          return;
        }
        let offerSdp = '';
        request.setEncoding('utf8').on('data', (text: string) => (offerSdp += text));
        request.on('end', () => {
          void engine.answerOffer({ offerSdp, hub: request.url === '/h265' ? h265 : hub, onClosed: () => {} }).then((outcome) => {
            response.statusCode = outcome.ok ? 201 : 406;
            response.end(outcome.ok ? outcome.session.answerSdp : outcome.refusal);
          });
        });
      });
      await new Promise<void>((resolve) => whep.listen(0, '127.0.0.1', resolve));
      whepUrl = `http://127.0.0.1:${(whep.address() as AddressInfo).port}`;
      players = await openPlayerPages();
    });

    afterAll(async () => {
      hub.stop();
      await players.close();
      whep.close();
      await engine.close();
    });

    it('feeds several viewers of one stream through one sink, none of which has to ask for a key frame', async () => {
      const pages: Page[] = [];
      // One after the other, for a browser shows only the newest of its pages; the others stay connected.
      for (let opened = 1; opened <= 3; opened++) {
        const page = await players.open();
        pages.push(page);
        const { shownFrames, keyFrameRequests } = await watchByWhep(page, whepUrl, 30);
        expect([shownFrames >= 30, keyFrameRequests]).toEqual([true, 0]);
      }
      expect([hub.sinks.size, engine.viewerCount]).toEqual([1, 3]);
      await Promise.all(pages.map(hangUp));
      await vi.waitFor(() => expect([hub.sinks.size, engine.viewerCount]).toEqual([0, 0]), waitLong);
    });

    it('ends the session of a tab that is gone without a word', async () => {
      const page = await players.open();
      expect((await watchByWhep(page, whepUrl, 5)).shownFrames).toBeGreaterThanOrEqual(5);
      await page.close();
      await vi.waitFor(() => expect(engine.viewerCount).toBe(0), waitLong);
    });

    it('says that this browser does not play H.265', async () => {
      const page = await players.open();
      expect(await watchByWhep(page, `${whepUrl}/h265`, 1)).toMatchObject({ status: 406, refusal: 'codec-not-offered' });
    });

    it('ends sessions when the stream gets B-frames, so that viewers fall back', async () => {
      const page = await players.open();
      expect((await watchByWhep(page, whepUrl, 5)).shownFrames).toBeGreaterThanOrEqual(5);
      const { video } = hub.tracks;
      if (video === null) throw new Error('the clip has video');
      const before = hub.tracks;
      hub.tracks = { ...before, generation: 2, video: { ...video, hasReordering: true } };
      for (const sink of hub.sinks) sink.onTracks(hub.tracks);
      expect(hub.sinks.size).toBe(0);
      await vi.waitFor(() => expect(engine.viewerCount).toBe(0), waitLong);
      expect(await watchByWhep(page, whepUrl, 1)).toMatchObject({ status: 406, refusal: 'reordering-not-supported' });
      hub.tracks = before;
    });
  });
});
