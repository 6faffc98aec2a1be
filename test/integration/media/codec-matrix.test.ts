/**
 * Every codec that cameras send, from three kinds of cameras (GStreamer's server, the same fed by ffmpeg's encoders, the simulator), by
 * every way out: a minute of each decodes in ffmpeg without a complaint, and Chromium shows what it can show.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ObservedStream } from '../../../media/contract/streams.ts';
import type { CameraConfigInput } from '../../simulator/camera-config.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import { desiredStream } from '../../support/clip-stream.ts';
import { startFfmpegFeed, type FfmpegFeed, type FfmpegFeedOptions } from '../../support/ffmpeg-feed.ts';
import { startGstreamerServer, type GstreamerStreamOptions } from '../../support/gstreamer-camera.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { openPlayerPages, watchByHls, watchBySocket, watchByWhep, type PlayerPages } from '../../support/player-page.ts';
import { SocketPage } from '../../support/socket-page.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const run = promisify(execFile);
const issuer = createTicketIssuer();
const decodedSeconds = 60;
const shownFrames = 30;

/** What a camera of the matrix must turn out to be. */
interface Row {
  readonly codec: 'h264' | 'h265';
  readonly audioCodec: ObservedStream['audioCodec'];
  readonly isReordered?: boolean;
}

const small = { width: 320, height: 240, fps: 25, bitrateKbps: 300 } as const;
const gstreamer = {
  'gstreamer-h264': { ...small, video: 'h264', hasParameterSetsInBand: false },
  'gstreamer-h264-aac': { ...small, video: 'h264', audio: 'aac' },
  'gstreamer-h264-pcmu': { ...small, video: 'h264', audio: 'pcmu' },
  'gstreamer-h264-opus': { ...small, video: 'h264', audio: 'opus' },
  'gstreamer-h264-reordered': { ...small, video: 'h264-reordered' },
  'gstreamer-h265-pcma': { ...small, video: 'h265', audio: 'pcma' },
  'gstreamer-h265-aac': { ...small, video: 'h265', audio: 'aac', hasParameterSetsInBand: false },
  'gstreamer-h265-reordered': { ...small, video: 'h265-reordered' },
} as const satisfies Record<string, GstreamerStreamOptions>;

const fed = {
  'ffmpeg-h264-aac': { video: 'h264', audio: 'aac' },
  'ffmpeg-h264-opus': { video: 'h264', audio: 'opus' },
  'ffmpeg-h265-aac': { video: 'h265', audio: 'aac' },
} as const satisfies Record<string, FfmpegFeedOptions>;

const simulated = {
  'simulated-h264-pcma': { clip: 'test-card', audio: 'pcma', aggregate: true },
  'simulated-h264-aac': { clip: 'test-card', audio: 'aac', parameterSets: 'in-band', packetSizeBytes: 500 },
  'simulated-h264-pcmu-udp': { clip: 'test-card', audio: 'pcmu', transports: ['udp'] },
  'simulated-h265-aac': { clip: 'test-card-h265', audio: 'aac', parameterSets: 'sdp' },
} satisfies Record<string, CameraConfigInput>;

const rows: Record<string, Row> = {
  'gstreamer-h264': { codec: 'h264', audioCodec: null },
  'gstreamer-h264-aac': { codec: 'h264', audioCodec: 'aac' },
  'gstreamer-h264-pcmu': { codec: 'h264', audioCodec: 'pcmu' },
  'gstreamer-h264-opus': { codec: 'h264', audioCodec: 'opus' },
  'gstreamer-h264-reordered': { codec: 'h264', audioCodec: null, isReordered: true },
  'gstreamer-h265-pcma': { codec: 'h265', audioCodec: 'pcma' },
  'gstreamer-h265-aac': { codec: 'h265', audioCodec: 'aac' },
  'gstreamer-h265-reordered': { codec: 'h265', audioCodec: null, isReordered: true },
  'ffmpeg-h264-aac': { codec: 'h264', audioCodec: 'aac' },
  'ffmpeg-h264-opus': { codec: 'h264', audioCodec: 'opus' },
  'ffmpeg-h265-aac': { codec: 'h265', audioCodec: 'aac' },
  'simulated-h264-pcma': { codec: 'h264', audioCodec: 'pcma' },
  'simulated-h264-aac': { codec: 'h264', audioCodec: 'aac' },
  'simulated-h264-pcmu-udp': { codec: 'h264', audioCodec: 'pcmu' },
  'simulated-h265-aac': { codec: 'h265', audioCodec: 'aac' },
};
const names = Object.keys(rows);
const forChromium = names.filter((name) => rows[name]?.codec === 'h264');

describe('every codec by every way out', () => {
  const server = new LinkServer();
  const feeds: FfmpegFeed[] = [];
  const closes: (() => Promise<unknown>)[] = [];
  let players: PlayerPages;
  let folder: string;
  let baseUrl: string;

  const liveUrl = (cameraId: string, name: string): string => `${baseUrl}/live/${cameraId}/main/${name}?ticket=${issuer.issue(cameraId)}`;
  const observed = (cameraId: string): ObservedStream | undefined => server.observed.at(-1)?.streams.find((stream) => stream.cameraId === cameraId);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yilan-codecs-'));
    const feedPorts = new Map<string, number>();
    for (const [name, options] of Object.entries(fed)) {
      const feed = await startFfmpegFeed(options);
      feeds.push(feed);
      feedPorts.set(name, feed.port);
      closes.push(() => feed.close());
    }
    const foreign = await startGstreamerServer({
      ...gstreamer,
      ...Object.fromEntries(Object.entries(fed).map(([name, { video, audio }]) => [name, { video, audio, feedPort: feedPorts.get(name) ?? 0 }])),
    });
    closes.push(() => foreign.close());
    const simulator = await createSimulator({ cameras: Object.values(simulated) });
    closes.push(() => simulator.close());
    const urls = new Map([...Object.keys(gstreamer), ...Object.keys(fed)].map((name) => [name, foreign.urlOf(name)]));
    for (const [index, name] of Object.keys(simulated).entries()) {
      const camera = simulator.cameras[index];
      // Their sub streams are small, and all H.264.
      urls.set(name, (rows[name]?.codec === 'h264' ? camera?.subUrl : camera?.mainUrl) ?? '');
    }
    await server.start();
    closes.push(() => server.stop());
    server.desired = {
      generation: 1,
      ticketKeys: [issuer.key],
      streams: names.map((name) => desiredStream(name, { url: urls.get(name) ?? '', transport: 'auto' })),
    };
    const node = new NodeProcess({ serverUrl: server.url });
    closes.push(() => node.remove());
    players = await openPlayerPages();
    closes.push(() => players.close());
    await vi.waitFor(() => expect(names.map((name) => [name, observed(name)?.phase])).toEqual(names.map((name) => [name, 'streaming'])), {
      timeout: 60_000,
      interval: 200,
    });
    baseUrl = `http://127.0.0.1:${server.hellos[0]?.mediaPort}`;
  });

  afterAll(async () => {
    for (const close of closes.toReversed()) await close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is recognised', () => {
    const seen = Object.fromEntries(names.map((name) => [name, { codec: observed(name)?.codec, audioCodec: observed(name)?.audioCodec }]));
    expect(seen).toEqual(Object.fromEntries(names.map((name) => [name, { codec: rows[name]?.codec, audioCodec: rows[name]?.audioCodec }])));
  });

  it(`decodes in ffmpeg for ${decodedSeconds} s without a line, by LL-HLS and over a WebSocket`, { timeout: 240_000 }, async () => {
    const [byHls, bySocket] = await Promise.all([
      Promise.all(names.map(async (name) => [name, await decode(liveUrl(name, 'index.m3u8'), ['-t', String(decodedSeconds)])] as const)),
      collectBySocket().then((files) => Promise.all(files.map(async ([name, file]) => [name, await decode(file, [])] as const))),
    ]);
    const silent = names.map((name) => [name, { complaints: '', isWhole: true }]);
    expect(byHls).toEqual(silent);
    expect(bySocket).toEqual(silent);
    expect(feeds.map((feed) => feed.complaints())).toEqual(feeds.map(() => ''));
    // Nothing was mended or lost on the way, and nothing fell out in between.
    expect(names.filter((name) => observed(name)?.phase !== 'streaming' || observed(name)?.reason !== null)).toEqual([]);
  });

  it.each(forChromium)('%s shows in Chromium by LL-HLS, over a WebSocket and by WebRTC', { timeout: 180_000 }, async (name) => {
    const hlsPage = await players.open();
    const byHls = await watchByHls(hlsPage, liveUrl(name, 'index.m3u8'), shownFrames);
    expect(byHls.fatalErrors).toEqual([]);
    expect(byHls.shownFrames).toBeGreaterThanOrEqual(shownFrames);
    await hlsPage.close();

    const socketPage = await players.open();
    const socketUrl = `${baseUrl.replace('http', 'ws')}/ws`;
    const bySocket = await watchBySocket(socketPage, socketUrl, { cameraId: name, role: 'main', ticket: issuer.issue(name) }, shownFrames);
    expect(bySocket.error).toBeNull();
    expect(bySocket.shownFrames).toBeGreaterThanOrEqual(shownFrames);
    await socketPage.close();

    const whepPage = await players.open();
    const byWhep = await watchByWhep(whepPage, liveUrl(name, 'whep'), shownFrames);
    if (rows[name]?.isReordered === true) {
      expect(byWhep.status).toBe(406);
      expect(JSON.parse(byWhep.refusal)).toMatchObject({ code: 'reordering-not-supported' });
    } else {
      expect(byWhep).toMatchObject({ status: 201, keyFrameRequests: 0 });
      expect(byWhep.shownFrames).toBeGreaterThanOrEqual(shownFrames);
      const sound = rows[name]?.audioCodec;
      if (sound === 'pcma' || sound === 'pcmu' || sound === 'opus') expect(byWhep.audioPackets).toBeGreaterThan(5);
    }
    await whepPage.close();
  });

  it('H.265 is refused by WebRTC to a browser that did not offer it', async () => {
    const page = await players.open();
    const viewing = await watchByWhep(page, liveUrl('gstreamer-h265-pcma', 'whep'), 1);
    expect(viewing.status).toBe(406);
    expect(JSON.parse(viewing.refusal)).toMatchObject({ code: 'codec-not-offered' });
    await page.close();
  });

  /** All streams over one connection, each into a file. */
  async function collectBySocket(): Promise<(readonly [string, string])[]> {
    const page = await SocketPage.open(`${baseUrl.replace('http', 'ws')}/ws`);
    for (const [index, name] of names.entries()) page.subscribe(index + 1, name, issuer.issue(name));
    await new Promise((resolve) => setTimeout(resolve, decodedSeconds * 1000));
    page.close();
    const files: (readonly [string, string])[] = [];
    for (const [index, name] of names.entries()) {
      const parts = page.media.filter((bytes) => bytes.readUInt16BE(0) === index + 1).map((bytes) => bytes.subarray(20));
      const file = join(folder, `${name}.mp4`);
      await writeFile(file, Buffer.concat(parts));
      files.push([name, file]);
    }
    return files;
  }
});

/** What ffmpeg says while it decodes all tracks, and whether it found about a minute. */
async function decode(url: string, limit: readonly string[]): Promise<{ readonly complaints: string; readonly isWhole: boolean }> {
  const args = ['-nostdin', '-v', 'error', '-progress', 'pipe:1', '-i', url, ...limit, '-f', 'null', '-'];
  const { stdout, stderr } = await run('ffmpeg', args, { timeout: 200_000, maxBuffer: 16 * 1024 * 1024 });
  const decodedUs = Number(/out_time_us=(\d+)\s+(?!.*out_time_us)/s.exec(stdout)?.[1] ?? 0);
  return { complaints: stderr, isWhole: decodedUs > (decodedSeconds - 8) * 1_000_000 };
}
