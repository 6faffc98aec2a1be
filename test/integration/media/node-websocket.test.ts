import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DesiredStream, ObservedStream, StreamRole } from '../../../media/contract/streams.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { openPlayerPages, watchBySocket, type PlayerPages } from '../../support/player-page.ts';
import { SocketPage } from '../../support/socket-page.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';

const waitLong = { timeout: 30_000, interval: 100 };
const issuer = createTicketIssuer();

function desiredStream(cameraId: string, role: StreamRole, url: string, changes: Partial<DesiredStream> = {}): DesiredStream {
  return { cameraId, role, deviceId: null, url, credentials: null, transport: 'tcp', mode: 'always', recording: null, ...changes };
}

describe('a media node over a WebSocket', () => {
  const server = new LinkServer();
  let simulator: Simulator;
  let node: NodeProcess;
  let players: PlayerPages;
  let url: string;

  function observed(cameraId: string, role: StreamRole): ObservedStream | undefined {
    return server.observed.at(-1)?.streams.find((stream) => stream.cameraId === cameraId && stream.role === role);
  }

  beforeAll(async () => {
    simulator = await createSimulator({
      cameras: [
        { clip: 'test-card', audio: 'aac' },
        { clip: 'test-card-h265', audio: 'pcma' },
      ],
    });
    const [h264, h265] = simulator.cameras;
    if (h264 === undefined || h265 === undefined) throw new Error('the simulator has two cameras');
    await server.start();
    server.desired = {
      generation: 1,
      ticketKeys: [issuer.key],
      streams: [
        desiredStream('camera-h264', 'main', h264.mainUrl),
        desiredStream('camera-h264', 'sub', h264.subUrl, { mode: 'on-demand' }),
        desiredStream('camera-h265', 'main', h265.mainUrl),
      ],
    };
    node = new NodeProcess({ serverUrl: server.url });
    await vi.waitFor(() => expect(observed('camera-h264', 'main')?.phase).toBe('streaming'), waitLong);
    await vi.waitFor(() => expect(observed('camera-h265', 'main')?.phase).toBe('streaming'), waitLong);
    url = `ws://127.0.0.1:${server.hellos[0]?.mediaPort}/ws`;
    players = await openPlayerPages();
  });

  afterAll(async () => {
    await players?.close();
    await node?.remove();
    await simulator?.close();
    await server.stop();
  });

  it('plays H.264 with AAC in Chromium by Media Source Extensions: the picture moves and its age is known', async () => {
    const page = await players.open();
    const viewing = await watchBySocket(page, url, { cameraId: 'camera-h264', role: 'main', ticket: issuer.issue('camera-h264') }, 40);
    expect(viewing).toMatchObject({ width: 1280, error: null });
    expect(viewing.mimeType).toMatch(/^video\/mp4; codecs="avc1\.\w{6},mp4a\.40\.2"$/);
    expect(viewing.shownFrames).toBeGreaterThanOrEqual(40);
    // Both clocks are this machine's; more while both cores are busy.
    expect(viewing.ageMs).toBeGreaterThan(0);
    expect(viewing.ageMs).toBeLessThan(3000);
    await page.close();
    await vi.waitFor(() => expect(observed('camera-h264', 'main')?.viewers).toBe(0), waitLong);
  });

  it('carries H.265, with G.711 left out and said so', async () => {
    const page = await SocketPage.open(url);
    page.subscribe(1, 'camera-h265', issuer.issue('camera-h265'));
    await vi.waitFor(() => expect(page.mediaOf(1).length).toBeGreaterThan(5), waitLong);
    expect(page.told[0]).toMatchObject({ kind: 'tracks', audio: 'left-out', mimeType: expect.stringMatching(/codecs="hvc1\.[\w.]+"$/) });
    page.close();
  });

  it('pulls an on-demand stream for its viewers, and lets it go when the page is gone without a word', async () => {
    expect(observed('camera-h264', 'sub')).toMatchObject({ phase: 'idle', viewers: 0 });
    const page = await SocketPage.open(url);
    page.subscribe(1, 'camera-h264', issuer.issue('camera-h264'), 'sub');
    await vi.waitFor(() => expect(page.mediaOf(1).length).toBeGreaterThan(5), waitLong);
    await vi.waitFor(() => expect(observed('camera-h264', 'sub')).toMatchObject({ phase: 'streaming', viewers: 1 }), waitLong);
    page.close();
    await vi.waitFor(() => expect(observed('camera-h264', 'sub')?.viewers).toBe(0), waitLong);
  });

  it('answers offers of other protocols as ordinary requests, and has nothing else at its address', async () => {
    const base = url.replace('ws:', 'http:').replace('/ws', '');
    expect((await fetch(`${base}/ws`)).status).toBe(404);
    const declined = await new Promise<number | undefined>((resolve, reject) => {
      const offer = request(`${base}/time`, { headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c' } }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      offer.on('error', reject);
      offer.end();
    });
    expect(declined).toBe(200);
  });

  it('says goodbye to its pages when it ends', async () => {
    const page = await SocketPage.open(url);
    page.subscribe(1, 'camera-h264', issuer.issue('camera-h264'));
    await vi.waitFor(() => expect(page.media.length).toBeGreaterThan(1), waitLong);
    node.signal('SIGTERM');
    expect(await node.exited).toBe(0);
    expect(page.closeCode).not.toBeNull();
  });
});
