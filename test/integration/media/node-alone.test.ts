import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RecordedFile } from '../../../media/contract/recordings.ts';
import { scanRecordings } from '../../../media/recorder/scan.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { desiredStream } from '../../support/clip-stream.ts';
import { LinkServer } from '../../support/link-server.ts';
import { NodeProcess } from '../../support/node-process.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const waitLong = { timeout: 60_000, interval: 200 };
const recorded = '7a9f6a4e-5b0c-4c2f-9d0a-1f2e3d4c5b6a';

describe('a media node without its server', () => {
  let simulator: Simulator;
  let server: LinkServer;
  let dataDir: string;
  const nodes: NodeProcess[] = [];
  const issuer = createTicketIssuer();

  function startNode(): NodeProcess {
    const node = new NodeProcess({ serverUrl: server.url, dataDir });
    nodes.push(node);
    return node;
  }

  function filesOf(node: NodeProcess): Promise<RecordedFile[]> {
    return Array.fromAsync(scanRecordings({ directory: join(node.dataDir, 'recordings'), cameraId: recorded, openPaths: new Set() }));
  }

  function lineOf(node: NodeProcess, message: string): unknown {
    return node.lines.find((line) => line['msg'] === message);
  }

  beforeAll(async () => {
    const authentication = { kind: 'digest', username: 'admin', password: 'geheim-42', qop: false } as const;
    simulator = await createSimulator({ cameras: [{ clip: 'test-card', authentication }] });
  });

  afterAll(() => simulator.close());

  beforeEach(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'yilan-alone-'));
    server = new LinkServer();
    await server.start();
    const credentials = { username: 'admin', password: 'geheim-42' };
    const url = simulator.cameras[0]?.mainUrl ?? '';
    server.desired = {
      generation: 3,
      ticketKeys: [issuer.key],
      streams: [desiredStream(recorded, { url, credentials, recording: { retentionDays: 30 } })],
    };
  });

  afterEach(async () => {
    await Promise.all(nodes.splice(0).map((node) => node.remove()));
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('records as it was last told after both were killed, and does as the server says when it is back', async () => {
    const first = startNode();
    await vi.waitFor(async () => expect(await filesOf(first)).toHaveLength(1), waitLong);
    first.signal('SIGKILL');
    await server.stop();
    await first.exited;
    expect(readFileSync(join(dataDir, 'media-node', 'desired-state')).includes('geheim-42')).toBe(false);

    const second = startNode();
    await vi.waitFor(() => expect(lineOf(second, 'node.started-without-server')).toMatchObject({ generation: 3, streams: 1 }), waitLong);
    await vi.waitFor(async () => expect(await filesOf(second)).toHaveLength(2), waitLong);
    expect(JSON.stringify(second.lines)).not.toContain('geheim-42');

    server.desired = { ...server.desired, generation: 1, streams: [] };
    await server.start();
    await vi.waitFor(() => expect(server.observed.at(-1)).toMatchObject({ generation: 1, streams: [] }), waitLong);
    await vi.waitFor(() => expect(simulator.cameras[0]?.describe().viewers.main).toBe(0), waitLong);
  });

  it('waits for the server when what it kept is not readable', async () => {
    const first = startNode();
    await vi.waitFor(async () => expect(await filesOf(first)).toHaveLength(1), waitLong);
    first.signal('SIGKILL');
    await server.stop();
    await first.exited;
    writeFileSync(join(dataDir, 'media-node', 'desired-state'), 'something else');

    const second = startNode();
    await vi.waitFor(() => expect(lineOf(second, 'kept-state.unusable')).toBeDefined(), waitLong);
    expect(lineOf(second, 'node.started-without-server')).toBeUndefined();
    await server.start();
    await vi.waitFor(async () => expect(await filesOf(second)).toHaveLength(2), waitLong);
  });
});
