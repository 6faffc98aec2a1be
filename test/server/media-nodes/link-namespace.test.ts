import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generateKeyPairSync } from 'node:crypto';
import { Server } from 'socket.io';
import { io as dial } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeHello, NodeToServer, NodeWelcome, NumberedEvent, ServerToNode } from '../../../media/contract/link.ts';
import type { DesiredState, DesiredStream, ObservedState } from '../../../media/contract/streams.ts';
import { createChanges } from '../../../server/audit/change.ts';
import type { RealtimeEvent } from '../../../server/contract/realtime.ts';
import { openLinkNamespace } from '../../../server/media-nodes/link-namespace.ts';
import type { LinkState, NodeEventHandler } from '../../../server/media-nodes/media-nodes.ts';
import { nodeMetrics } from '../../../server/media-nodes/metrics.ts';
import { NodeService } from '../../../server/media-nodes/node-service.ts';
import { mediaNodeRoutes } from '../../../server/media-nodes/routes.ts';
import { createTicketSigner } from '../../../server/media-nodes/ticket-signer.ts';
import { createRealtimeOutbox } from '../../../server/realtime/outbox.ts';
import type { RealtimeOutbox } from '../../../server/realtime/outbox.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestApi } from '../../support/test-api.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

/** A busy machine decides nothing. */
const patient = { timeout: 20_000 };

const cameraId = '0190a0a0-0000-7000-8000-000000000001';
const signer = createTicketSigner(generateKeyPairSync('ed25519').privateKey);
const stream: DesiredStream = {
  cameraId,
  role: 'main',
  deviceId: null,
  url: 'rtsp://10.0.0.1/live',
  credentials: null,
  transport: 'tcp',
  mode: 'always',
  recording: null,
};
const hello: NodeHello = {
  epoch: 'run-1',
  version: '0.1.0',
  publicUrl: null,
  mediaPort: 8090,
  usesTls: false,
  webRtcPort: 8189,
  webRtcEngine: 'none',
  startedAtMs: 0,
};
const observed: ObservedState = {
  generation: 1,
  atMs: 1_700_000_000_000,
  streams: [
    {
      cameraId,
      role: 'main',
      phase: 'streaming',
      reason: null,
      sinceMs: 0,
      retryAtMs: null,
      codec: 'h264',
      audioCodec: null,
      width: 1280,
      height: 720,
      framesPerSecond: 25,
      bitrateBps: 1_000_000,
      lastFrameAtMs: 1,
      keyFrameIntervalMs: 2000,
      lostPackets: 0,
      clock: null,
      viewers: 3,
      slowViewers: 0,
      droppedFrames: 0,
      isRecording: false,
    },
  ],
  storage: { usedBytes: 1, quotaBytes: 2, freeBytes: 3, fault: null },
  transcoding: { running: 1, limit: 2, encoder: 'libx264' },
};

let clock: FakeClock;
let database: TestDatabase;
let outbox: RealtimeOutbox;
let service: NodeService;
let io: Server;
let url: string;
let nodeId: string;
let key: string;
let desired: readonly DesiredStream[];
let applied: string[];
let handle: NodeEventHandler;
const nodes: Node[] = [];
const announced: RealtimeEvent[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  outbox = createRealtimeOutbox({ db: database.db, clock: new FakeClock(), log: silentLog });
  outbox.subscribe((events) => announced.push(...events));
});
afterAll(() => database.close());

beforeEach(async () => {
  clock = new FakeClock();
  desired = [stream];
  applied = [];
  handle = async (_change, from, { sequence, event }) => void applied.push(`${from === nodeId} ${sequence} ${event.kind}`);
  await startServer();
  ({ nodeId, key } = await service.registerEmbedded());
});
afterEach(async () => {
  for (const node of nodes.splice(0)) node.socket.disconnect();
  await service.stop();
  await io.close();
});

/** A server process, as far as nodes see it. */
async function startServer(): Promise<void> {
  const { db } = database;
  service = new NodeService({ db, changes: createChanges({ db, outbox, clock }), outbox, clock, log: silentLog, signer });
  await service.start({ source: { loadDesiredStreams: async () => desired }, handlers: [(...event) => handle(...event)] });
  const http = createServer();
  io = new Server(http, { serveClient: false });
  openLinkNamespace(io, service, silentLog);
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

class Node {
  readonly socket: Socket<ServerToNode, NodeToServer>;
  readonly pushed: DesiredState[] = [];
  readonly opened: Promise<string>;
  readonly closed: Promise<string>;

  constructor(nodeKey: unknown) {
    this.socket = dial(`${url}/media-nodes`, { auth: { key: nodeKey }, forceNew: true, reconnection: false, transports: ['websocket'] });
    nodes.push(this);
    this.socket.on('desired', (state) => this.pushed.push(state));
    this.opened = new Promise((resolve) => {
      this.socket.on('connect', () => resolve('connected'));
      this.socket.on('connect_error', (error) => resolve(error.message));
    });
    this.closed = new Promise((resolve) => this.socket.on('disconnect', resolve));
  }

  hello(epoch = 'run-1'): Promise<NodeWelcome> {
    return new Promise((resolve) => this.socket.emit('hello', { ...hello, epoch }, resolve));
  }

  events(...sequences: number[]): Promise<{ sequence: number }> {
    return new Promise((resolve) => this.socket.emit('events', sequences.map(numbered), resolve));
  }
}

function numbered(sequence: number): NumberedEvent {
  return { sequence, atMs: 1, event: { kind: 'stream.changed', cameraId, role: 'main', phase: 'streaming', reason: null } };
}

describe('the link', () => {
  it.each([
    ['an unknown key', 'wrong'],
    ['no key', undefined],
    ['something else for a key', { $ne: '' }],
  ])('refuses a node with %s', async (_name, wrongKey) => {
    expect(await new Node(wrongKey).opened).toBe('unknown-node-key');
  });

  it('refuses the key of an earlier start', async () => {
    await service.registerEmbedded();
    expect(await new Node(key).opened).toBe('unknown-node-key');
  });

  it('welcomes a node with what it shall do, and shows it', async () => {
    const node = new Node(key);
    const welcome = await node.hello();
    expect(welcome).toMatchObject({ nodeId, acknowledgedSequence: 0, desired: { streams: [stream], ticketKeys: signer.keys } });
    node.socket.emit('observed', observed);
    await expect.poll(() => service.links.latest(nodeId), patient).toEqual(observed);
    const api = await createTestApi(mediaNodeRoutes(database.db, service.links));
    const { body } = await api.call('operator', 'GET', '/media-nodes');
    await api.close();
    expect(body.items).toMatchObject([
      {
        id: nodeId,
        isLinked: true,
        baseUrl: 'http://127.0.0.1:8090',
        streamCount: 1,
        streamingCount: 1,
        viewerCount: 3,
        storage: observed.storage,
        transcoding: observed.transcoding,
      },
    ]);
    expect(service.facade().baseUrlFor(nodeId, { protocol: 'http', hostname: 'wall.example' })).toBe('http://wall.example:8090');
  });

  it('pushes a change once per burst, with a generation that grows over restarts of the server', async () => {
    const node = new Node(key);
    const { desired: first } = await node.hello();
    desired = [];
    for (let n = 0; n < 5; n++) service.facade().desiredStateChanged();
    clock.advance(50);
    await expect.poll(() => node.pushed.length, patient).toBe(1);
    const [second] = node.pushed;
    expect(second?.streams).toEqual([]);
    expect(second?.generation).toBeGreaterThan(first.generation);
    await service.stop();
    await io.close();
    clock.advance(1);
    await startServer();
    const third = (await new Node(key).hello()).desired;
    expect(third.generation).toBeGreaterThan(second?.generation ?? Infinity);
  });

  it('tells of its end, and forgets measurements that nobody vouches for any more', async () => {
    const states: LinkState[] = [];
    service.facade().onLinkChanged((state) => states.push(state));
    const node = new Node(key);
    await node.hello();
    node.socket.emit('observed', observed);
    await expect.poll(() => service.links.latest(nodeId), patient).not.toBeNull();
    node.socket.disconnect();
    await expect.poll(() => states.map((state) => state.isLinked), patient).toEqual([true, false]);
    expect(service.links.latest(nodeId)).toBeNull();
    expect(service.facade().baseUrlFor(nodeId, { protocol: 'http', hostname: 'x' })).toBeNull();
  });

  it('ends when no snapshot comes any more, and begins again when the node dials again', async () => {
    const node = new Node(key);
    await node.hello();
    node.socket.emit('observed', observed);
    await expect.poll(() => service.links.latest(nodeId), patient).not.toBeNull();
    clock.advance(9_000);
    node.socket.emit('observed', { ...observed, generation: 2 });
    await expect.poll(() => service.links.latest(nodeId)?.generation, patient).toBe(2);
    clock.advance(10_000);
    expect(service.links.state(nodeId).isLinked).toBe(true);
    clock.advance(2_000);
    // Not only when the connection is closed: a process that stands still does not even answer that.
    expect(service.links.state(nodeId).isLinked).toBe(false);
    expect(service.links.latest(nodeId)).toBeNull();
    await node.closed;
    await new Node(key).hello();
    expect(service.links.state(nodeId).isLinked).toBe(true);
  });

  it('gives way to a newer link of the same node', async () => {
    const old = new Node(key);
    await old.hello();
    const fresh = new Node(key);
    await fresh.hello('run-2');
    await old.closed;
    expect(service.links.link(nodeId)?.hello.epoch).toBe('run-2');
    expect(service.links.state(nodeId).isLinked).toBe(true);
  });

  it.each([
    ['observed', { generation: 'many' }],
    ['events', [{ sequence: 0 }]],
    ['hello', {}],
  ])('closes on a malformed %s message, and forwards nothing of it', async (name, message) => {
    const node = new Node(key);
    await node.hello();
    (node.socket as Socket).emit(name, message, () => {});
    await node.closed;
    expect(applied).toEqual([]);
  });
});

describe('events', () => {
  it('are applied once each, in order, over repetitions, restarts of the server and runs of the node', async () => {
    const node = new Node(key);
    await node.hello('run-a');
    expect(await node.events(1, 2)).toEqual({ sequence: 2 });
    expect(await node.events(1, 2, 3)).toEqual({ sequence: 3 });
    expect(await node.events(2)).toEqual({ sequence: 3 });
    await service.stop();
    await io.close();
    await startServer();
    const again = new Node(key);
    expect((await again.hello('run-a')).acknowledgedSequence).toBe(3);
    expect(await again.events(3, 4)).toEqual({ sequence: 4 });
    again.socket.disconnect();
    const other = new Node(key);
    expect((await other.hello('run-b')).acknowledgedSequence).toBe(0);
    expect(await other.events(1)).toEqual({ sequence: 1 });
    expect(applied).toEqual([1, 2, 3, 4, 1].map((sequence) => `true ${sequence} stream.changed`));
  });

  it('sent at the same time wait for one another', async () => {
    const node = new Node(key);
    await node.hello('run-c');
    expect(await Promise.all([node.events(1), node.events(2, 3), node.events(4)])).toEqual([{ sequence: 1 }, { sequence: 3 }, { sequence: 4 }]);
    expect(applied).toHaveLength(4);
  });

  it('undo everything of a batch that fails, and pass over only the one at fault', async () => {
    const node = new Node(key);
    await node.hello('run-d');
    handle = async (change, _nodeId, { sequence }) => {
      if (sequence === 2) throw new Error('a bug of the effect');
      change.announce({ name: 'district.changed' });
    };
    announced.length = 0;
    expect(await node.events(1, 2, 3)).toEqual({ sequence: 3 });
    expect(service.setAsideEvents).toBe(1);
    await expect.poll(() => announced.filter((event) => event.name === 'district.changed').length, patient).toBe(2);
  });

  it('that nobody can read are set aside and acknowledged, counted once, and hold up no other', async () => {
    const node = new Node(key);
    await node.hello('run-f');
    const unreadable = [
      { sequence: 2, atMs: 1, event: { kind: 'recording.inventory', inventory: { cameraId: 'gate-7', files: [] } } },
      { sequence: 3, atMs: -1, event: numbered(3).event },
      { sequence: 4, atMs: 1, event: { kind: 'something.new' } },
      { sequence: 5 },
    ];
    const batch = [numbered(1), ...unreadable, numbered(6)] as NumberedEvent[];
    const send = () => new Promise((resolve) => node.socket.emit('events', batch, resolve));
    expect(await send()).toEqual({ sequence: 6 });
    expect(await send()).toEqual({ sequence: 6 });
    expect(applied).toEqual(['true 1 stream.changed', 'true 6 stream.changed']);
    const metrics = await Promise.all(nodeMetrics(service).map((metric) => metric.get()));
    expect(metrics.map(({ name, values }) => [name, values[0]?.value])).toEqual([
      ['yilan_media_nodes_linked', 1],
      ['yilan_media_node_events_set_aside_total', 4],
    ]);
  });

  it('are not acknowledged while the database cannot answer', async () => {
    const node = new Node(key);
    await node.hello('run-e');
    handle = async () => {
      throw Object.assign(new Error('the connection is gone'), { code: 'CONNECTION_CLOSED' });
    };
    node.socket.emit('events', [numbered(1)], () => applied.push('acknowledged'));
    await node.closed;
    expect(applied).toEqual([]);
    expect((await new Node(key).hello('run-e')).acknowledgedSequence).toBe(0);
  });
});
