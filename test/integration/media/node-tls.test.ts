/** A node with a certificate of its own: HTTP/2 for a wall of tiles, HTTP/1.1 and WebSockets as ever, renewal without a restart. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { CertificateFiles } from '../../../media/node/certificate.ts';
import { writeSelfSigned } from '../../support/certificate.ts';
import { openBrowser } from '../../support/chromium.ts';
import { decodeComplaints } from '../../support/ffmpeg.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';

const run = promisify(execFile);
const issuer = createTicketIssuer();
const camera = 'camera-1';
const hlsScript = fileURLToPath(new URL('../../../node_modules/hls.js/dist/hls.min.js', import.meta.url));

/** What the page says of its tiles. */
interface WallState {
  /** Frames decoded by each tile. */
  readonly frames: readonly number[];
  readonly fatal: readonly string[];
  /** Protocols by which playlists and media came. */
  readonly protocols: readonly string[];
}

describe('a media node with a certificate', () => {
  const server = new LinkServer();
  let folder: string;
  let files: CertificateFiles;
  let simulator: Simulator;
  let node: NodeProcess;
  let port: number;

  const url = (name: string): string => `https://localhost:${port}/live/${camera}/sub/${name}?ticket=${issuer.issue(camera)}`;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'yilan-tls-'));
    files = writeSelfSigned(folder, 'first.example.cn');
    simulator = await createSimulator({ cameras: [{ clip: 'test-card' }] });
    await server.start();
    const stream = { cameraId: camera, role: 'sub', deviceId: null, credentials: null, transport: 'tcp', mode: 'always', recording: null } as const;
    server.desired = { generation: 1, ticketKeys: [issuer.key], streams: [{ ...stream, url: simulator.cameras[0]?.subUrl ?? '' }] };
    node = new NodeProcess({ serverUrl: server.url, certificate: files });
    await vi.waitFor(() => expect(server.observed.at(-1)?.streams[0]?.phase).toBe('streaming'), { timeout: 60_000, interval: 100 });
    port = server.hellos[0]?.mediaPort ?? 0;
  });

  afterAll(async () => {
    await node?.remove();
    await simulator?.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('tells the server that browsers have to come by https', () => {
    expect(server.hellos[0]).toMatchObject({ usesTls: true, publicUrl: null });
  });

  it('speaks HTTP/2 and HTTP/1.1 with curl', async () => {
    const ask = async (version: string): Promise<string> => {
      const { stdout } = await run('curl', [
        '--silent',
        '--insecure',
        version,
        '--write-out',
        ' %{http_version} %{http_code}',
        `https://localhost:${port}/healthz`,
      ]);
      return stdout;
    };
    expect(await ask('--http2')).toBe('{"status":"ok"} 2 200');
    expect(await ask('--http1.1')).toBe('{"status":"ok"} 1.1 200');
  });

  it('reads offers over HTTP/2, and refuses those that are too large', async () => {
    const offer = async (bytes: number): Promise<unknown> => {
      const sdp = 'v'.repeat(bytes);
      const { stdout } = await run('curl', [
        '--silent',
        '--insecure',
        '--http2',
        '--header',
        'Content-Type: application/sdp',
        '--data',
        sdp,
        url('whep'),
      ]);
      return JSON.parse(stdout);
    };
    expect(await offer(100)).toMatchObject({ status: 400, code: 'offer-invalid' });
    expect(await offer(100_000)).toMatchObject({ status: 413, code: 'payload-too-large' });
  });

  it('decodes in ffmpeg without a complaint', async () => {
    expect(await decodeComplaints(url('index.m3u8'), ['-tls_verify', '0', '-t', '6'])).toBe('');
  });

  it('takes WebSockets', async () => {
    const socket = new WebSocket(`wss://localhost:${port}/ws`, 'yilan-live-1', { rejectUnauthorized: false });
    const kinds: string[] = [];
    socket.on('open', () =>
      socket.send(JSON.stringify({ kind: 'subscribe', channel: 1, cameraId: camera, role: 'sub', ticket: issuer.issue(camera) })),
    );
    socket.on('message', (_data, isBinary) => kinds.push(isBinary ? 'media' : 'message'));
    await vi.waitFor(() => expect(new Set(kinds)).toEqual(new Set(['message', 'media'])), { timeout: 30_000, interval: 50 });
    socket.close();
  });

  it('plays 16 low-latency tiles over HTTP/2 in Chromium, where six connections would not do', async () => {
    const browser = await openBrowser({ width: 1280, height: 720, args: ['--ignore-certificate-errors'] });
    try {
      const page = await browser.context.newPage();
      const urls = Array.from({ length: 16 }, (_, tile) => `${url('index.m3u8')}&tile=${tile}`);
      await page.setContent(urls.map(() => '<video muted autoplay width="160"></video>').join(''));
      await page.addScriptTag({ path: hlsScript });
      await page.evaluate(`(() => {
        performance.setResourceTimingBufferSize(20000);
        window.fatal = [];
        const videos = [...document.querySelectorAll('video')];
        ${JSON.stringify(urls)}.forEach((url, tile) => {
          const hls = new Hls({ lowLatencyMode: true });
          hls.on(Hls.Events.ERROR, (_, data) => { if (data.fatal) window.fatal.push(data.details); });
          hls.loadSource(url);
          hls.attachMedia(videos[tile]);
        });
      })()`);
      const look = (): Promise<WallState> =>
        page.evaluate(`(() => ({
          frames: [...document.querySelectorAll('video')].map((video) => video.getVideoPlaybackQuality().totalVideoFrames),
          fatal: window.fatal,
          protocols: [...new Set(performance.getEntriesByType('resource').filter(({ name }) => name.includes('/live/')).map((entry) => entry.nextHopProtocol))],
        }))()`);
      await vi.waitFor(
        async () => {
          const { frames, fatal } = await look();
          expect(fatal).toEqual([]);
          expect(Math.min(...frames)).toBeGreaterThan(60);
        },
        { timeout: 120_000, interval: 1000 },
      );
      // Answers of another origin show their protocol only with Timing-Allow-Origin, which ours carry.
      expect((await look()).protocols).toEqual(['h2']);
    } finally {
      await browser.close();
    }
  });

  it('uses a renewed certificate without a restart', async () => {
    const nameOf = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        });
        socket.on('error', reject);
      });
    expect(await nameOf()).toBe('first.example.cn');
    writeSelfSigned(folder, 'second.example.cn');
    await vi.waitFor(async () => expect(await nameOf()).toBe('second.example.cn'), { timeout: 60_000, interval: 500 });
    expect(node.lines.some((line) => line['msg'] === 'certificate.renewed')).toBe(true);
    expect(server.hellos).toHaveLength(1);
  });

  it('does not start with a pair that does not fit, and says so in a sentence', async () => {
    const other = writeSelfSigned(folder, 'other.example.cn', 'other');
    const refused = new NodeProcess({ serverUrl: server.url, certificate: { ...files, keyFile: other.keyFile } });
    expect(await refused.exited).toBe(78);
    expect(String(refused.lines.at(-1)?.['msg'])).toMatch(
      /^The key file \S+other\.key holds no PEM key that belongs to the certificate file .* media\.tls\.$/,
    );
    await refused.remove();
  });
});
