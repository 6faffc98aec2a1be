/** A node with H.265 cameras and browsers that do not play H.265: Debian's Chromium is one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DesiredStream, ObservedStream } from '../../../media/contract/streams.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { hangUp, openPlayerPages, watchByHls, watchBySocket, watchByWhep, type PlayerPages } from '../../support/player-page.ts';
import { findDescendant, isAlive, listDescendants } from '../../support/process-tree.ts';
import { SocketPage } from '../../support/socket-page.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const issuer = createTicketIssuer();
const waitLong = { timeout: 60_000, interval: 100 };

function desiredStream(cameraId: string, url: string): DesiredStream {
  return { cameraId, role: 'main', url, deviceId: null, credentials: null, transport: 'tcp', mode: 'always', recording: null };
}

describe('a media node with H.265 cameras', { timeout: 240_000 }, () => {
  const server = new LinkServer();
  const nodes: NodeProcess[] = [];
  let simulator: Simulator;
  let players: PlayerPages;
  let folder: string;

  beforeAll(async () => {
    simulator = await createSimulator({ cameras: [{ clip: 'test-card-h265', audio: 'aac' }, { clip: 'test-card-h265' }, { clip: 'test-card' }] });
    const [first, second, h264] = simulator.cameras;
    if (first === undefined || second === undefined || h264 === undefined) throw new Error('the simulator has three cameras');
    server.desired = {
      generation: 1,
      ticketKeys: [issuer.key],
      streams: [desiredStream('camera-1', first.mainUrl), desiredStream('camera-2', second.mainUrl), desiredStream('camera-3', h264.subUrl)],
    };
    await server.start();
    folder = mkdtempSync(join(tmpdir(), 'yilan-transcoding-'));
    // Smaller than the camera sends it: the machine may be busy, and the setting is seen to count.
    writeFileSync(join(folder, 'settings.yaml'), 'media:\n  transcodeMaxWidth: 640\n');
    players = await openPlayerPages();
  });

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.remove()));
    server.hellos.length = 0;
    server.observed.length = 0;
  });

  afterAll(async () => {
    await players?.close();
    await simulator?.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function observed(cameraId: string): ObservedStream | undefined {
    return server.observed.at(-1)?.streams.find((stream) => stream.cameraId === cameraId);
  }

  async function startNode(env: Readonly<Record<string, string>>): Promise<{ readonly node: NodeProcess; readonly base: string }> {
    const node = new NodeProcess({ serverUrl: server.url, env: { YILAN_CONFIG: join(folder, 'settings.yaml'), ...env } });
    nodes.push(node);
    for (const cameraId of ['camera-1', 'camera-2', 'camera-3']) {
      await vi.waitFor(() => expect(observed(cameraId)?.phase).toBe('streaming'), waitLong);
    }
    return { node, base: `127.0.0.1:${server.hellos[0]?.mediaPort}` };
  }

  function urlOf(base: string, cameraId: string, name: string): string {
    return `http://${base}/live/${cameraId}/main/${name}?video=h264&ticket=${issuer.issue(cameraId)}`;
  }

  async function metric(base: string, name: string): Promise<number> {
    const text = await (await fetch(`http://${base}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  }

  function transcoders(node: NodeProcess): number[] {
    return listDescendants(node.pid)
      .filter(({ command }) => command.includes('flv'))
      .map(({ pid }) => pid);
  }

  it('shows them as H.264 by WebRTC, WebSocket and LL-HLS from one transcoder, and as they are elsewhere', async () => {
    const { node, base } = await startNode({ YILAN_MAX_TRANSCODES: '1' });
    const [byWhep, bySocket, byHls] = await Promise.all([players.open(), players.open(), players.open()]);
    const seen = await watchByWhep(byWhep, urlOf(base, 'camera-1', 'whep'), 12);
    expect(seen).toMatchObject({ status: 201, width: 640 });
    expect(seen.shownFrames).toBeGreaterThanOrEqual(12);
    expect(seen.ageMs).toBeGreaterThan(0);
    const stream = { cameraId: 'camera-1', role: 'main', ticket: issuer.issue('camera-1'), video: 'h264' };
    const watched = await watchBySocket(bySocket, `ws://${base}/ws`, stream, 12);
    expect(watched).toMatchObject({ width: 640, error: null });
    expect(watched.mimeType).toMatch(/^video\/mp4; codecs="avc1\.42\w{4},mp4a\.40\.2"$/);
    expect(watched.shownFrames).toBeGreaterThanOrEqual(12);
    expect(watched.ageMs).toBeGreaterThan(0);
    const played = await watchByHls(byHls, urlOf(base, 'camera-1', 'index.m3u8'), 12);
    expect(played).toMatchObject({ fatalErrors: [], width: 640 });
    expect(played.shownFrames).toBeGreaterThanOrEqual(12);
    expect(await metric(base, 'yilan_transcodes')).toBe(1);
    expect(transcoders(node)).toHaveLength(1);

    // The stream itself stays H.265, and one that is H.264 needs no transcoder.
    const playlist = await (await fetch(urlOf(base, 'camera-1', 'index.m3u8').replace('video=h264&', ''))).text();
    expect(playlist).not.toContain('video=h264');
    expect((await watchByWhep(await players.open(), urlOf(base, 'camera-3', 'whep'), 10)).status).toBe(201);
    expect(transcoders(node)).toHaveLength(1);

    // One more than may run.
    const refused = await fetch(urlOf(base, 'camera-2', 'index.m3u8'));
    expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ code: 'transcoding-limit-reached' })]);
    expect((await watchByWhep(await players.open(), urlOf(base, 'camera-2', 'whep'), 1)).refusal).toContain('transcoding-limit-reached');
    expect(await (await fetch(urlOf(base, 'camera-2', 'index.m3u8').replace('h264', 'h263'))).json()).toMatchObject({ code: 'bad-request' });
    await hangUp(byWhep);
  });

  it('starts the transcoder again when it is killed, and leaves none behind when the node is', async () => {
    const { node, base } = await startNode({});
    const page = await players.open();
    expect((await watchByWhep(page, urlOf(base, 'camera-1', 'whep'), 10)).shownFrames).toBeGreaterThanOrEqual(10);
    const socket = await SocketPage.open(`ws://${base}/ws`);
    socket.say({ kind: 'subscribe', channel: 1, cameraId: 'camera-1', role: 'main', ticket: issuer.issue('camera-1'), video: 'h264' });
    await vi.waitFor(() => expect(socket.mediaOf(1).length).toBeGreaterThan(1), waitLong);
    process.kill(findDescendant(node.pid, 'flv').pid, 'SIGKILL');
    const interrupted = { kind: 'interrupted', channel: 1, reason: null, code: 'transcoding-failed' };
    await vi.waitFor(() => expect(socket.told).toContainEqual(interrupted), waitLong);
    socket.close();
    await vi.waitFor(async () => expect(await metric(base, 'yilan_transcode_restarts_total')).toBe(1), waitLong);
    // Until it runs again newcomers are told that it failed.
    await vi.waitFor(async () => expect((await fetch(urlOf(base, 'camera-1', 'index.m3u8'))).status).toBe(200), waitLong);
    const stream = { cameraId: 'camera-1', role: 'main', ticket: issuer.issue('camera-1'), video: 'h264' };
    expect((await watchBySocket(await players.open(), `ws://${base}/ws`, stream, 10)).shownFrames).toBeGreaterThanOrEqual(10);
    const snapshot = await fetch(urlOf(base, 'camera-1', 'snapshot.jpg').replace('video=h264', 'width=320'));
    expect([snapshot.status, snapshot.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const pids = [findDescendant(node.pid, 'flv').pid, findDescendant(node.pid, 'mjpeg').pid];
    node.signal('SIGKILL');
    await node.exited;
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), waitLong);
  });

  it('says that it cannot without ffmpeg, and shows everything else', async () => {
    const { node, base } = await startNode({ YILAN_FFMPEG: '/nowhere/ffmpeg' });
    const refused = await fetch(urlOf(base, 'camera-1', 'index.m3u8'));
    expect([refused.status, await refused.json()]).toEqual([
      501,
      expect.objectContaining({ code: 'transcoding-unavailable', title: expect.stringContaining('/nowhere/ffmpeg') }),
    ]);
    const snapshot = await fetch(urlOf(base, 'camera-1', 'snapshot.jpg'));
    expect([snapshot.status, await snapshot.json()]).toEqual([501, expect.objectContaining({ code: 'snapshot-unavailable' })]);
    expect((await watchByHls(await players.open(), urlOf(base, 'camera-3', 'index.m3u8'), 10)).fatalErrors).toEqual([]);
    node.signal('SIGTERM');
    expect(await node.exited).toBe(0);
  });
});
