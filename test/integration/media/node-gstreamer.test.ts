import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { desiredStream } from '../../support/clip-stream.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { openPlayerPages, watchByHls, watchByWhep, type PlayerPages } from '../../support/player-page.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';
import { startGstreamerServer, type GstreamerServer } from './ingest/gstreamer-server.ts';

const run = promisify(execFile);
const waitLong = { timeout: 60_000, interval: 200 };
const issuer = createTicketIssuer();
const paths = ['h264', 'h264-aac', 'h265-pcma', 'b-frames'];

describe('a media node with GStreamer’s RTSP server as its cameras', () => {
  const server = new LinkServer();
  let cameras: GstreamerServer;
  let node: NodeProcess;
  let players: PlayerPages;
  let baseUrl: string;

  function liveUrl(cameraId: string, name: string): string {
    return `${baseUrl}/live/${cameraId}/main/${name}?ticket=${issuer.issue(cameraId)}`;
  }

  beforeAll(async () => {
    cameras = await startGstreamerServer();
    await server.start();
    server.desired = {
      generation: 1,
      ticketKeys: [issuer.key],
      streams: paths.map((path) => desiredStream(path, { url: `${cameras.openUrl}/${path}` })),
    };
    node = new NodeProcess({ serverUrl: server.url });
    players = await openPlayerPages();
    await vi.waitFor(() => expect(server.observed.at(-1)?.streams.map((stream) => stream.phase)).toEqual(paths.map(() => 'streaming')), waitLong);
    baseUrl = `http://127.0.0.1:${server.hellos[0]?.mediaPort}`;
  });

  afterAll(async () => {
    await players?.close();
    await node?.remove();
    await cameras?.close();
    await server.stop();
  });

  it.each(['h264', 'h264-aac'])('%s plays by WebRTC and by LL-HLS', async (path) => {
    const page = await players.open();
    const viewing = await watchByWhep(page, liveUrl(path, 'whep'), 50);
    expect(viewing).toMatchObject({ status: 201, width: 320, keyFrameRequests: 0 });
    expect(viewing.shownFrames).toBeGreaterThanOrEqual(50);
    await page.close();
    const hlsPage = await players.open();
    const hlsViewing = await watchByHls(hlsPage, liveUrl(path, 'index.m3u8'), 50);
    expect(hlsViewing).toMatchObject({ fatalErrors: [], width: 320 });
    expect(hlsViewing.shownFrames).toBeGreaterThanOrEqual(50);
    await hlsPage.close();
  });

  it('B-frames are refused by WebRTC with a reason and play by LL-HLS', async () => {
    const page = await players.open();
    const viewing = await watchByWhep(page, liveUrl('b-frames', 'whep'), 1);
    expect(viewing.status).toBe(406);
    expect(JSON.parse(viewing.refusal)).toMatchObject({ code: 'reordering-not-supported' });
    await page.close();
    const hlsPage = await players.open();
    const hlsViewing = await watchByHls(hlsPage, liveUrl('b-frames', 'index.m3u8'), 50);
    expect(hlsViewing).toMatchObject({ fatalErrors: [], width: 320 });
    expect(hlsViewing.shownFrames).toBeGreaterThanOrEqual(50);
    await hlsPage.close();
  });

  it.each([
    ['h264', 'h264'],
    ['h264-aac', 'h264'],
    ['h265-pcma', 'hevc'],
    ['b-frames', 'h264'],
  ])('%s decodes in ffprobe without an error', async (path, codec) => {
    const read = [
      '-count_frames',
      '-read_intervals',
      '%+4',
      '-select_streams',
      'v',
      '-show_entries',
      'stream=codec_name,nb_read_frames',
      '-of',
      'json',
    ];
    const { stdout, stderr } = await run('ffprobe', ['-v', 'error', '-allowed_extensions', 'ALL', ...read, liveUrl(path, 'index.m3u8')], {
      timeout: 60_000,
    });
    const stream: { codec_name: string; nb_read_frames: string } = JSON.parse(stdout).streams[0];
    expect([stderr, stream.codec_name]).toEqual(['', codec]);
    expect(Number(stream.nb_read_frames)).toBeGreaterThan(50);
  });
});
