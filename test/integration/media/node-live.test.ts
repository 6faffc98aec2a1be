import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DesiredStream, ObservedStream, StreamRole } from '../../../media/contract/streams.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { openPlayerPages, watchByHls, watchByWhep, type PlayerPages } from '../../support/player-page.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';

const run = promisify(execFile);
const waitLong = { timeout: 30_000, interval: 100 };
const issuer = createTicketIssuer();

function desiredStream(cameraId: string, role: StreamRole, url: string, changes: Partial<DesiredStream> = {}): DesiredStream {
  return { cameraId, role, deviceId: null, url, credentials: null, transport: 'tcp', mode: 'always', recording: null, ...changes };
}

describe.each([0, 2])('a media node with a live camera and %d ingest workers', (ingestWorkers) => {
  const camera = 'camera-h264';
  const server = new LinkServer();
  let simulator: Simulator;
  let node: NodeProcess;
  let players: PlayerPages;
  let baseUrl: string;

  function observed(cameraId: string, role: StreamRole): ObservedStream | undefined {
    return server.observed.at(-1)?.streams.find((stream) => stream.cameraId === cameraId && stream.role === role);
  }

  function liveUrl(cameraId: string, role: StreamRole, name: string): string {
    return `${baseUrl}/live/${cameraId}/${role}/${name}?ticket=${issuer.issue(cameraId)}`;
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
    node = new NodeProcess({ serverUrl: server.url, ingestWorkers });
    await vi.waitFor(() => expect(observed(camera, 'main')?.phase).toBe('streaming'), waitLong);
    baseUrl = `http://127.0.0.1:${server.hellos[0]?.mediaPort}`;
    players = await openPlayerPages();
  });

  afterAll(async () => {
    await players?.close();
    await node?.remove();
    await simulator?.close();
    await server.stop();
  });

  it('plays by WebRTC: the picture moves, with sound, and the clock channel tells its age', async () => {
    const page = await players.open();
    const url = liveUrl(camera, 'main', 'whep');
    const viewing = await watchByWhep(page, url, 40);
    expect(viewing).toMatchObject({ status: 201, width: 1280, keyFrameRequests: 0 });
    expect(viewing.shownFrames).toBeGreaterThanOrEqual(40);
    expect(viewing.audioPackets).toBeGreaterThan(20);
    // Both clocks are this machine's; the true age is tens of milliseconds, more while both cores are busy.
    expect(viewing.ageMs).toBeGreaterThan(-50);
    expect(viewing.ageMs).toBeLessThan(3000);
    expect(observed(camera, 'main')?.viewers).toBe(1);
    expect((await fetch(new URL(viewing.location ?? '', url), { method: 'DELETE' })).status).toBe(200);
    await vi.waitFor(() => expect(observed(camera, 'main')?.viewers).toBe(0), waitLong);
    await page.close();
  });

  it('plays by LL-HLS in hls.js', async () => {
    const page = await players.open();
    const viewing = await watchByHls(page, liveUrl(camera, 'main', 'index.m3u8'), 45);
    expect(viewing).toMatchObject({ fatalErrors: [], width: 1280 });
    expect(viewing.shownFrames).toBeGreaterThanOrEqual(45);
    expect(viewing.ageMs).toBeGreaterThan(0);
    expect(viewing.ageMs).toBeLessThan(15_000);
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
