/// <reference lib="dom" />
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import type { WebRtcEngine } from '../../../media/webrtc/engine.ts';
import { createNodeDatachannelEngine } from '../../../media/webrtc/node-datachannel-engine.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { decodeComplaints, probeStreams } from '../../support/ffmpeg.ts';
import { watchByGstreamer } from '../../support/gstreamer-viewer.ts';
import { openPlayerPages, watchByWhep, type PlayerPages } from '../../support/player-page.ts';
import { reassembleH265 } from '../../support/rtp-reassembly.ts';
import { addTone, type ToneCodec } from '../../support/tone.ts';
import { WhepPeer } from '../../support/whep-peer.ts';

const wait = { timeout: 40_000, interval: 100 };
const codecs: readonly ToneCodec[] = ['pcma', 'pcmu', 'opus', 'aac'];

/** What Chromium's decoder made of the sound. */
interface Hearing {
  readonly samples: number;
  readonly energy: number;
  readonly level: number;
  /** Share of the samples that had to be invented. */
  readonly concealedShare: number;
}

describe('codecs over WebRTC', () => {
  let engine: WebRtcEngine;

  beforeAll(async () => {
    engine = await createNodeDatachannelEngine({
      portNumber: 0,
      iceAddresses: [],
      maxViewers: 10,
      clock: systemClock,
      log: pino({ level: 'silent' }),
    });
  });

  afterAll(() => engine.close());

  async function answerOf(hub: ClipHub, offerSdp: string): Promise<string> {
    const outcome = await engine.answerOffer({ offerSdp, hub, onClosed: () => {} });
    if (!outcome.ok) throw new Error(outcome.detail);
    return outcome.session.answerSdp;
  }

  describe('sound in Chromium', () => {
    const hubs = new Map<string, { readonly hub: ClipHub; readonly stop: () => void }>();
    let whep: Server;
    let whepUrl: string;
    let players: PlayerPages;

    beforeAll(async () => {
      for (const codec of codecs) {
        const hub = new ClipHub();
        const sound = addTone(hub, codec);
        hub.advance(20);
        hub.play();
        hubs.set(`/${codec}`, { hub, stop: sound() });
      }
      whep = createServer((request, response) => {
        response.setHeader('access-control-allow-origin', '*').setHeader('access-control-allow-headers', 'content-type');
        if (request.method === 'OPTIONS') {
          response.end();
          return;
        }
        let offerSdp = '';
        request.setEncoding('utf8').on('data', (text: string) => (offerSdp += text));
        request.on('end', () => {
          const hub = hubs.get(request.url ?? '')?.hub ?? new ClipHub();
          void answerOf(hub, offerSdp).then((answer) => {
            response.statusCode = 201;
            response.end(answer);
          });
        });
      });
      await new Promise<void>((resolve) => whep.listen(0, '127.0.0.1', resolve));
      whepUrl = `http://127.0.0.1:${(whep.address() as AddressInfo).port}`;
      players = await openPlayerPages();
    });

    afterAll(async () => {
      for (const { hub, stop } of hubs.values()) {
        hub.stop();
        stop();
      }
      await players.close();
      whep.close();
    });

    async function watch(codec: ToneCodec): Promise<{ hearing: () => Promise<Hearing | null>; shownFrames: number; close: () => Promise<void> }> {
      const page = await players.open();
      const { shownFrames } = await watchByWhep(page, `${whepUrl}/${codec}`, 10);
      const hearing = () =>
        page.evaluate(async (): Promise<Hearing | null> => {
          const video = document.querySelector('video');
          if (video !== null) video.muted = false;
          const connection: RTCPeerConnection = Reflect.get(globalThis, 'connection');
          for (const report of (await connection.getStats()).values()) {
            if (report.type !== 'inbound-rtp' || report.kind !== 'audio') continue;
            return {
              samples: report.totalSamplesReceived ?? 0,
              energy: report.totalAudioEnergy ?? 0,
              level: report.audioLevel ?? 0,
              concealedShare: (report.concealedSamples ?? 0) / Math.max(1, report.totalSamplesReceived ?? 0),
            };
          }
          return null;
        });
      return { hearing, shownFrames, close: () => page.close() };
    }

    it.each(['pcma', 'pcmu', 'opus'] as const)('%s is heard', async (codec) => {
      const { hearing, close } = await watch(codec);
      await vi.waitFor(async () => {
        const heard = await hearing();
        expect(heard?.samples).toBeGreaterThan(48_000);
        // The tone has about a fifth of the full scale; silence and noise of concealment stay far below.
        expect(heard?.level).toBeGreaterThan(0.05);
      }, wait);
      const before = await hearing();
      await vi.waitFor(async () => {
        const now = await hearing();
        expect(now?.samples).toBeGreaterThan((before?.samples ?? 0) + 24_000);
        expect(now?.energy).toBeGreaterThan((before?.energy ?? 0) + 0.001);
      }, wait);
      await close();
    });

    it('AAC is left out, and the picture plays', async () => {
      const { hearing, shownFrames, close } = await watch('aac');
      expect(shownFrames).toBeGreaterThanOrEqual(10);
      expect((await hearing())?.samples ?? 0).toBe(0);
      await close();
    });
  });

  describe('H.265', () => {
    it('is decoded by GStreamer, whose offer lists it', async () => {
      const hub = new ClipHub({ codec: 'h265' });
      hub.advance(20);
      hub.play();
      const news = await watchByGstreamer('H265', 75, (offer) => answerOf(hub, offer));
      hub.stop();
      expect(news).toMatchObject({ width: 640, height: 360 });
      await vi.waitFor(() => expect(hub.sinks.size).toBe(0), wait);
    });

    it('arrives whole: ffmpeg decodes every frame of what was sent, without a complaint', async () => {
      const hub = new ClipHub({ codec: 'h265' });
      const peer = new WhepPeer({ video: 'H265' });
      hub.advance(1);
      peer.accept(await answerOf(hub, await peer.offer()));
      const frames = (): number => peer.video.filter(({ hasMarker }) => hasMarker).length;
      await vi.waitFor(() => expect(frames()).toBe(1), wait);
      for (let count = 2; count <= 60; count++) {
        hub.advance(1);
        await vi.waitFor(() => expect(frames()).toBe(count), wait);
      }
      peer.close();
      const nalUnits = reassembleH265(peer.video.map(({ payload }) => payload));
      const folder = mkdtempSync(join(tmpdir(), 'yilan-h265-'));
      const file = join(folder, 'received.h265');
      writeFileSync(file, Buffer.concat(nalUnits.flatMap((nalUnit) => [Buffer.from([0, 0, 0, 1]), nalUnit])));
      expect([await decodeComplaints(file), (await probeStreams(file)).map(({ codecName, frames: decoded }) => [codecName, decoded])]).toEqual([
        '',
        [['hevc', 60]],
      ]);
      rmSync(folder, { recursive: true });
    });
  });

  it('H.264 is decoded by GStreamer', async () => {
    const hub = new ClipHub();
    hub.advance(20);
    hub.play();
    expect(await watchByGstreamer('H264', 75, (offer) => answerOf(hub, offer))).toMatchObject({ width: 640, height: 360 });
    hub.stop();
  });
});
