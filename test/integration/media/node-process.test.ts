import { createSocket } from 'node:dgram';
import { execFile } from 'node:child_process';
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DesiredState } from '../../../media/contract/streams.ts';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { desiredStream } from '../../support/clip-stream.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const run = promisify(execFile);
const waitLong = { timeout: 40_000, interval: 100 };
const issuer = createTicketIssuer();
const recorded = '7a9f6a4e-5b0c-4c2f-9d0a-1f2e3d4c5b6a';
const neighbour = '0f1e2d3c-4b5a-4697-8877-665544332211';

describe('the process of a media node', () => {
  let simulator: Simulator;
  let server: LinkServer;
  let dataDir: string;
  const nodes: NodeProcess[] = [];

  function startNode(options: { mediaPort?: number; webRtcPort?: number } = {}): NodeProcess {
    const node = new NodeProcess({ serverUrl: server.url, dataDir, ...options });
    nodes.push(node);
    return node;
  }

  function urlOf(index: number): string {
    const camera = simulator.cameras[index];
    if (camera === undefined) throw new Error('no such camera');
    return camera.mainUrl;
  }

  function desired(generation: number, neighbourUrl: string): DesiredState {
    return {
      generation,
      ticketKeys: [issuer.key],
      streams: [
        desiredStream(recorded, { url: urlOf(0), recording: { retentionDays: 30 } }),
        desiredStream(neighbour, { url: neighbourUrl, recording: null }),
      ],
    };
  }

  function phaseOf(cameraId: string): string | undefined {
    return server.observed.at(-1)?.streams.find((stream) => stream.cameraId === cameraId)?.phase;
  }

  /** What a server would know of the recordings: inventories replace, changes add. */
  function knownFiles(): RecordedFile[] {
    const files = new Map<string, RecordedFile>();
    for (const { event } of server.applied) {
      if (event.kind === 'recording.inventory') {
        for (const [path, file] of files) if (file.cameraId === event.inventory.cameraId) files.delete(path);
        for (const file of event.inventory.files) files.set(file.path, file);
      } else if (event.kind === 'recording.file-changed') files.set(event.file.path, event.file);
      else if (event.kind === 'recording.file-deleted') files.delete(event.path);
    }
    return [...files.values()];
  }

  beforeAll(async () => {
    simulator = await createSimulator({ cameras: [{ clip: 'test-card', audio: 'aac' }, { clip: 'test-card' }, { clip: 'test-card' }] });
  });

  afterAll(() => simulator.close());

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'yilan-node-'));
    server = new LinkServer();
    await server.start();
    server.desired = desired(1, urlOf(1));
  });

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.remove()));
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each([
    ['SIGTERM', (node: NodeProcess) => node.signal('SIGTERM')],
    ['SIGINT', (node: NodeProcess) => node.signal('SIGINT')],
    ['the end of its parent', (node: NodeProcess) => node.disconnect()],
  ])('ends in order by %s while cameras stream, a file is written and viewers wait', async (_name, end) => {
    const node = startNode();
    await vi.waitFor(() => expect([phaseOf(recorded), phaseOf(neighbour)]).toEqual(['streaming', 'streaming']), waitLong);
    await vi.waitFor(() => expect(knownFiles()).toHaveLength(1), waitLong);
    const baseUrl = `http://127.0.0.1:${server.hellos[0]?.mediaPort}`;
    const waiting = fetch(`${baseUrl}/live/${recorded}/main/index.m3u8?ticket=${issuer.issue(recorded)}`).then(
      async (answer) => (await answer.text()) !== '',
      () => true,
    );
    end(node);
    expect(await node.exited).toBe(0);
    await waiting;
    expect(node.lines.map((line) => line['msg'])).toEqual(expect.arrayContaining(['media.started', 'media.ending', 'media.ended']));
  });

  it('says in one line what it runs on', async () => {
    const node = startNode();
    await vi.waitFor(() => expect(node.lines.some((line) => line['msg'] === 'media.started')).toBe(true), waitLong);
    const line = node.lines.find((each) => each['msg'] === 'media.started');
    expect(line).toMatchObject({
      version: expect.any(String),
      runtime: process.version,
      engine: expect.stringContaining('node-datachannel'),
      server: server.url,
    });
  });

  it('refuses to start in one sentence, with an exit code that says starting again is no use', async () => {
    const tcp = createServer();
    await new Promise<void>((resolve) => tcp.listen(0, '0.0.0.0', resolve));
    const tcpNode = startNode({ mediaPort: (tcp.address() as AddressInfo).port });
    expect(await tcpNode.exited).toBe(69);
    expect(tcpNode.lines.at(-1)?.['msg']).toMatch(/^TCP port \d+ for video is in use; .*YILAN_MEDIA_PORT\.$/);
    await new Promise((resolve) => tcp.close(resolve));

    const udp = createSocket('udp4');
    await new Promise<void>((resolve) => udp.bind(0, resolve));
    const udpNode = startNode({ webRtcPort: udp.address().port });
    expect(await udpNode.exited).toBe(69);
    expect(udpNode.lines.at(-1)?.['msg']).toMatch(/^UDP port \d+ for WebRTC is in use; .*YILAN_WEBRTC_PORT\.$/);
    await new Promise<void>((resolve) => udp.close(resolve));

    const badNode = startNode({ mediaPort: 99_999 });
    expect(await badNode.exited).toBe(78);
    expect(badNode.lines.at(-1)?.['msg']).toMatch(/YILAN_MEDIA_PORT/);

    dataDir = join(dataDir, 'occupied');
    writeFileSync(dataDir, 'a file where a folder should be');
    const folderNode = startNode();
    expect(await folderNode.exited).toBe(73);
    expect(folderNode.lines.at(-1)?.['msg']).toMatch(/recordings folder/);
  });

  it('restarts the stream whose address changed and leaves its neighbour alone', async () => {
    startNode();
    await vi.waitFor(() => expect([phaseOf(recorded), phaseOf(neighbour)]).toEqual(['streaming', 'streaming']), waitLong);
    const before = server.applied.length;
    const thirdBefore = simulator.cameras[2]?.describe().viewers.main;
    server.sendDesired(desired(2, urlOf(2)));
    await vi.waitFor(() => expect(simulator.cameras[2]?.describe().viewers.main).toBe((thirdBefore ?? 0) + 1), waitLong);
    await vi.waitFor(() => expect(server.observed.at(-1)?.generation).toBe(2), waitLong);
    await vi.waitFor(() => expect(phaseOf(neighbour)).toBe('streaming'), waitLong);
    const changes = server.applied.slice(before).flatMap(({ event }) => (event.kind === 'stream.changed' ? [event.cameraId] : []));
    expect(changes).toContain(neighbour);
    expect(changes).not.toContain(recorded);
    expect(simulator.cameras[1]?.describe().viewers.main).toBe(0);
  });

  it('knows its recordings again after kill -9, and plays them', async () => {
    const first = startNode();
    await vi.waitFor(() => expect(knownFiles()[0]?.sizeBytes).toBeGreaterThan(0), waitLong);
    const started = knownFiles()[0]?.fromMs ?? 0;
    await vi.waitFor(() => expect((knownFiles()[0]?.toMs ?? 0) - started).toBeGreaterThan(4000), waitLong);
    const toldMs = knownFiles()[0]?.toMs ?? 0;
    first.signal('SIGKILL');
    await first.exited;

    startNode();
    await vi.waitFor(() => expect(server.hellos).toHaveLength(2), waitLong);
    await vi.waitFor(() => expect(knownFiles().find((file) => file.fromMs === started)?.isOpen).toBe(false), waitLong);
    await vi.waitFor(() => expect(knownFiles().filter((file) => file.isOpen)).toHaveLength(1), waitLong);
    const survivor = knownFiles().find((file) => file.fromMs === started);
    // At most the second that was being written is lost.
    expect(survivor?.toMs).toBeGreaterThanOrEqual(toldMs - 1000);

    const span = { fromMs: started, toMs: (survivor?.toMs ?? 0) + 1, registerEntryId: 'entry-1' };
    const ticket = issuer.issue(recorded, { right: 'playback', playback: span });
    const baseUrl = `http://127.0.0.1:${server.hellos[1]?.mediaPort}/playback/${recorded}`;
    for (const url of [`${baseUrl}/index.m3u8?ticket=${ticket}`, `${baseUrl}/video.mp4?ticket=${ticket}`]) {
      const count = ['-count_frames', '-select_streams', 'v', '-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0'];
      const { stdout, stderr } = await run('ffprobe', ['-v', 'error', '-allowed_extensions', 'ALL', ...count, url], { timeout: 60_000 });
      expect(stderr).toBe('');
      expect(Number(stdout.trim().split(/\D/, 1)[0])).toBeGreaterThanOrEqual(45);
    }
  });
});
