/// <reference lib="dom" />
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import pino from 'pino';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import type { OfferOutcome, WebRtcEngine } from '../../../media/webrtc/engine.ts';
import { createNodeDatachannelEngine } from '../../../media/webrtc/node-datachannel-engine.ts';
import { claimUdpPort, UdpPortUnavailable } from '../../../media/webrtc/udp-port.ts';
import { chromiumOffer } from '../../support/chromium-offer.ts';
import { ClipHub } from '../../support/clip-hub.ts';

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
    if (first?.ok !== true) throw new Error('the first offer was answered');
    first.session.close();
    first.session.close();
    expect([closed, engine.viewerCount]).toEqual([1, 1]);
    expect((await offer()).ok).toBe(true);
    await engine.close();
    expect([closed, engine.viewerCount, hub.sinks.size, hub.heldSlabs]).toEqual([3, 0, 0, 0]);
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
    let pages: Server;
    let browser: Browser;
    let outcomes: OfferOutcome[];

    beforeAll(async () => {
      outcomes = [];
      engine = await createEngine();
      hub = playingHub();
      hub.play();
      const h265 = playingHub('h265');
      pages = createServer((request, response) => {
        if (request.method !== 'POST') {
          response.setHeader('content-type', 'text/html').end('<video autoplay muted playsinline></video>');
          return;
        }
        let offerSdp = '';
        request.setEncoding('utf8').on('data', (text: string) => (offerSdp += text));
        request.on('end', () => {
          void engine.answerOffer({ offerSdp, hub: request.url === '/h265' ? h265 : hub, onClosed: () => {} }).then((outcome) => {
            outcomes.push(outcome);
            response.statusCode = outcome.ok ? 201 : 406;
            response.end(outcome.ok ? outcome.session.answerSdp : outcome.refusal);
          });
        });
      });
      await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
      browser = await chromium.launch({
        executablePath: '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
      });
    });

    afterAll(async () => {
      hub.stop();
      await browser.close();
      pages.close();
      await engine.close();
    });

    /** Watches until `frames` were shown; returns how many times the browser asked for a key frame. */
    async function watch(
      path: string,
      frames: number,
    ): Promise<{ page: Page; status: number; text: string; shown: number; keyFrameRequests: number }> {
      const page = await browser.newPage();
      await page.goto(`http://127.0.0.1:${(pages.address() as AddressInfo).port}/`);
      const result = await page.evaluate(
        async ([url, wanted]) => {
          const video = document.querySelector('video');
          if (video === null) throw new Error('no video element');
          const connection = new RTCPeerConnection();
          Reflect.set(globalThis, 'connection', connection);
          connection.addTransceiver('video', { direction: 'recvonly' });
          connection.ontrack = ({ track }) => (video.srcObject = new MediaStream([track]));
          const shownAt: number[] = [];
          const onFrame = (now: number): void => {
            shownAt.push(now);
            video.requestVideoFrameCallback(onFrame);
          };
          video.requestVideoFrameCallback(onFrame);
          await connection.setLocalDescription();
          const answer = await fetch(url, { method: 'POST', body: connection.localDescription?.sdp ?? '' });
          const text = await answer.text();
          if (!answer.ok) return { status: answer.status, text, shown: 0, keyFrameRequests: 0 };
          await connection.setRemoteDescription({ type: 'answer', sdp: text });
          for (let waited = 0; waited < 200 && shownAt.length < wanted; waited++) await new Promise((resolve) => setTimeout(resolve, 100));
          const inbound = [...(await connection.getStats()).values()].find((report) => report.type === 'inbound-rtp');
          return { status: answer.status, text: '', shown: shownAt.length, keyFrameRequests: inbound?.pliCount ?? -1 };
        },
        [path, frames] as const,
      );
      return { page, ...result };
    }

    it('feeds several viewers of one stream through one sink, none of which has to ask for a key frame', async () => {
      const viewers = await Promise.all([watch('/', 30), watch('/', 30), watch('/', 30)]);
      expect(viewers.map(({ shown, keyFrameRequests }) => [shown >= 30, keyFrameRequests])).toEqual(Array.from({ length: 3 }, () => [true, 0]));
      expect([hub.sinks.size, engine.viewerCount]).toEqual([1, 3]);
      await Promise.all(viewers.map(({ page }) => page.evaluate(() => Reflect.get(globalThis, 'connection').close())));
      await vi.waitFor(() => expect([hub.sinks.size, engine.viewerCount]).toEqual([0, 0]), waitLong);
    });

    it('ends the session of a tab that is gone without a word', async () => {
      const { page, shown } = await watch('/', 5);
      expect(shown).toBeGreaterThanOrEqual(5);
      await page.close();
      await vi.waitFor(() => expect(engine.viewerCount).toBe(0), waitLong);
    });

    it('says that this browser does not play H.265', async () => {
      expect(await watch('/h265', 1)).toMatchObject({ status: 406, text: 'codec-not-offered' });
    });

    it('ends sessions when the stream gets B-frames, so that viewers fall back', async () => {
      const { page, shown } = await watch('/', 5);
      expect(shown).toBeGreaterThanOrEqual(5);
      const { video } = hub.tracks;
      if (video === null) throw new Error('the clip has video');
      const before = hub.tracks;
      hub.tracks = { ...before, generation: 2, video: { ...video, hasReordering: true } };
      for (const sink of hub.sinks) sink.onTracks(hub.tracks);
      expect([engine.viewerCount, hub.sinks.size]).toEqual([0, 0]);
      expect(await watch('/', 1)).toMatchObject({ status: 406, text: 'reordering-not-supported' });
      hub.tracks = before;
      await page.close();
    });
  });
});
