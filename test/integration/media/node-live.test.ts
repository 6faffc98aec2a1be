/// <reference lib="dom" />
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DesiredStream, ObservedStream, StreamRole } from '../../../media/contract/streams.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';

const run = promisify(execFile);
const waitLong = { timeout: 30_000, interval: 100 };
const issuer = createTicketIssuer();

function desiredStream(cameraId: string, role: StreamRole, url: string, changes: Partial<DesiredStream> = {}): DesiredStream {
  return { cameraId, role, deviceId: null, url, credentials: null, transport: 'tcp', mode: 'always', recording: null, ...changes };
}

describe('a media node with a live camera', () => {
  const camera = 'camera-h264';
  const server = new LinkServer();
  let simulator: Simulator;
  let node: NodeProcess;
  let browser: Browser;
  let pages: Server;
  let baseUrl: string;

  function observed(cameraId: string, role: StreamRole): ObservedStream | undefined {
    return server.observed.at(-1)?.streams.find((stream) => stream.cameraId === cameraId && stream.role === role);
  }

  function liveUrl(cameraId: string, role: StreamRole, name: string): string {
    return `${baseUrl}/live/${cameraId}/${role}/${name}?ticket=${issuer.issue(cameraId)}`;
  }

  async function openPage(): Promise<Page> {
    const page = await browser.newPage();
    const address = pages.address() as AddressInfo;
    await page.goto(`http://127.0.0.1:${address.port}/`);
    return page;
  }

  beforeAll(async () => {
    simulator = await createSimulator({
      cameras: [
        { clip: 'test-card', audio: 'pcma' },
        { clip: 'test-card-h265', audio: 'aac' },
        { clip: 'test-card', ownPort: true },
      ],
    });
    const [h264, h265, refusing] = simulator.cameras;
    if (h264 === undefined || h265 === undefined || refusing === undefined) throw new Error('the simulator has three cameras');
    refusing.setFault('refuse');
    await server.start();
    server.desired = {
      generation: 1,
      ticketKeys: [issuer.key],
      streams: [
        desiredStream(camera, 'main', h264.mainUrl),
        desiredStream(camera, 'sub', h264.subUrl, { mode: 'on-demand' }),
        desiredStream('camera-h265', 'main', h265.mainUrl),
        desiredStream('camera-gone', 'main', refusing.mainUrl),
      ],
    };
    node = new NodeProcess({ serverUrl: server.url });
    await vi.waitFor(() => expect(observed(camera, 'main')?.phase).toBe('streaming'), waitLong);
    baseUrl = `http://127.0.0.1:${server.hellos[0]?.mediaPort}`;
    const player = readFileSync(new URL('../../../node_modules/hls.js/dist/hls.min.js', import.meta.url));
    pages = createServer((request, response) => {
      if (request.url === '/hls.js') response.end(player);
      else response.setHeader('content-type', 'text/html').end('<script src="/hls.js"></script><video autoplay muted playsinline></video>');
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'],
    });
  });

  afterAll(async () => {
    await browser?.close();
    pages?.close();
    await node?.remove();
    await simulator?.close();
    await server.stop();
  });

  it('plays by WebRTC: the picture moves, the cached group comes first, the clock channel tells its age', async () => {
    const page = await openPage();
    const result = await page.evaluate(
      async (whepUrl) => {
        const video = document.querySelector('video');
        if (video === null) throw new Error('no video element');
        const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
        connection.addTransceiver('video', { direction: 'recvonly' });
        connection.addTransceiver('audio', { direction: 'recvonly' });
        const stream = new MediaStream();
        connection.ontrack = ({ track }) => stream.addTrack(track);
        video.srcObject = stream;
        const shown: { rtpTimestamp: number; atMs: number }[] = [];
        const onFrame = (_now: number, metadata: { rtpTimestamp?: number }): void => {
          shown.push({ rtpTimestamp: metadata.rtpTimestamp ?? -1, atMs: Date.now() });
          video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
        const clock: { rtpTimestamp: number; clockRateHz: number; arrivedAtMs: number; nowMs: number }[] = [];
        connection.createDataChannel('clock').addEventListener('message', ({ data }) => clock.push(JSON.parse(String(data))));
        await connection.setLocalDescription();
        const answer = await fetch(whepUrl, {
          method: 'POST',
          headers: { 'content-type': 'application/sdp' },
          body: connection.localDescription?.sdp ?? '',
        });
        const location = answer.headers.get('location');
        await connection.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
        for (let waited = 0; waited < 200 && (shown.length < 40 || clock.length < 3); waited++)
          await new Promise((resolve) => setTimeout(resolve, 100));
        const inbound = [...(await connection.getStats()).values()].filter((report) => report.type === 'inbound-rtp');
        const last = shown.at(-1);
        const newest = clock.at(-1);
        if (last === undefined || newest === undefined || location === null) throw new Error(`no picture: ${connection.connectionState}`);
        const arrivedAtMs = newest.arrivedAtMs + (last.rtpTimestamp - newest.rtpTimestamp) / (newest.clockRateHz / 1000);
        const ended = await fetch(new URL(location, whepUrl), { method: 'DELETE' });
        const videoReport = inbound.find((report) => report.kind === 'video');
        return {
          status: answer.status,
          frames: shown.length,
          width: video.videoWidth,
          ageMs: last.atMs - arrivedAtMs,
          keyFrameRequests: videoReport?.pliCount,
          audioPackets: inbound.find((report) => report.kind === 'audio')?.packetsReceived ?? 0,
          ended: ended.status,
        };
      },
      liveUrl(camera, 'main', 'whep'),
    );
    expect(result).toMatchObject({ status: 201, width: 1280, ended: 200 });
    expect(result.frames).toBeGreaterThanOrEqual(40);
    expect(result.audioPackets).toBeGreaterThan(20);
    // Both clocks are this machine's; the true age is tens of milliseconds, more while both cores are busy.
    expect(result.ageMs).toBeGreaterThan(-50);
    expect(result.ageMs).toBeLessThan(3000);
    await page.close();
  });

  it('plays by LL-HLS in hls.js', async () => {
    const page = await openPage();
    const result = await page.evaluate(
      async (url) => {
        const video = document.querySelector('video');
        const Hls = Reflect.get(globalThis, 'Hls');
        if (video === null) throw new Error('no video element');
        const errors: string[] = [];
        const hls = new Hls({ lowLatencyMode: true });
        hls.on(Hls.Events.ERROR, (_event: string, data: { fatal: boolean; details: string }) => {
          if (data.fatal) errors.push(data.details);
        });
        hls.loadSource(url);
        hls.attachMedia(video);
        const shownAt: number[] = [];
        const onFrame = (now: number): void => {
          shownAt.push(now);
          video.requestVideoFrameCallback(onFrame);
        };
        video.requestVideoFrameCallback(onFrame);
        for (let waited = 0; waited < 250 && shownAt.length < 45 && errors.length === 0; waited++) {
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
        const playingDate = hls.playingDate as Date | null;
        const outcome = { errors, width: video.videoWidth, frames: shownAt.length };
        const ageMs = playingDate === null ? -1 : Date.now() - playingDate.getTime();
        hls.destroy();
        return { ...outcome, ageMs };
      },
      liveUrl(camera, 'main', 'index.m3u8'),
    );
    expect(result.errors).toEqual([]);
    expect(result.width).toBe(1280);
    expect(result.frames).toBeGreaterThanOrEqual(45);
    expect(result.ageMs).toBeGreaterThan(0);
    expect(result.ageMs).toBeLessThan(15_000);
    await page.close();
  });

  it.each([
    ['H.264', camera, 'h264'],
    ['H.265', 'camera-h265', 'hevc'],
  ])('%s over LL-HLS decodes in ffprobe without an error', async (_name, cameraId, codec) => {
    await vi.waitFor(() => expect(observed(cameraId, 'main')?.phase).toBe('streaming'), waitLong);
    const read = [
      '-count_frames',
      '-read_intervals',
      '%+4',
      '-select_streams',
      'v',
      '-show_entries',
      'stream=codec_name,width,nb_read_frames',
      '-of',
      'json',
    ];
    const { stdout, stderr } = await run('ffprobe', ['-v', 'error', '-allowed_extensions', 'ALL', ...read, liveUrl(cameraId, 'main', 'index.m3u8')], {
      timeout: 60_000,
    });
    const stream: { codec_name: string; width: number; nb_read_frames: string } = JSON.parse(stdout).streams[0];
    expect(stderr).toBe('');
    expect(stream).toMatchObject({ codec_name: codec, width: 1280 });
    expect(Number(stream.nb_read_frames)).toBeGreaterThan(30);
  });

  it('pulls an on-demand stream for its viewers only, and counts them', async () => {
    expect(observed(camera, 'sub')).toMatchObject({ phase: 'idle', viewers: 0 });
    const answer = await fetch(liveUrl(camera, 'sub', 'index.m3u8'));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toMatch(/part-|segment-/);
    await vi.waitFor(() => expect(observed(camera, 'sub')).toMatchObject({ phase: 'streaming', viewers: 1, width: 640 }), waitLong);
    // 12 s of silence from the viewer and 15 s of linger.
    await vi.waitFor(() => expect(observed(camera, 'sub')).toMatchObject({ phase: 'idle', viewers: 0 }), { timeout: 60_000, interval: 500 });
  });

  it('says why there is no picture', async () => {
    await vi.waitFor(() => expect(observed('camera-gone', 'main')?.phase).toBe('waiting'), waitLong);
    for (const name of ['index.m3u8', 'snapshot.jpg']) {
      const answer = await fetch(liveUrl('camera-gone', 'main', name));
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: 'stream-unavailable', reason: observed('camera-gone', 'main')?.reason });
    }
  });

  it('takes snapshots of H.264 and H.265', async () => {
    for (const cameraId of [camera, 'camera-h265']) {
      const answer = await fetch(liveUrl(cameraId, 'main', 'snapshot.jpg'));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      const jpeg = Buffer.from(await answer.arrayBuffer());
      expect(jpeg.subarray(0, 3).toString('hex')).toBe('ffd8ff');
      expect(jpeg.length).toBeGreaterThan(5000);
    }
  });
});
