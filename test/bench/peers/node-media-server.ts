/**
 * node-media-server's RTSP relay: one process that pulls all cameras and makes FLV and RTMP messages of them for its viewers (it has no
 * HLS). Its HTTP and RTMP ports, pages and API are off. One viewer per camera counts the messages and does nothing else.
 *
 *     node test/bench/peers/node-media-server.ts      the relay itself, as a child process that is told its cameras
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraProgress, Peer, PeerTask } from './peer.ts';

/** As much of the package as is used; it has no types. */
interface RelayServer {
  run(): Promise<void>;
  readonly relayServer: { addTask(task: { readonly url: string; readonly streamPath: string }): unknown };
}
interface RelayContext {
  readonly broadcasts: Map<string, { readonly subscribers: Map<string, { readonly protocol: string; sendBuffer(message: Buffer): void }> }>;
}

type RelayRequest = { readonly urls: readonly string[] } | 'count';

const startedTogether = 10;
const startEveryMs = 100;

/** Starts the relay and has it pull all cameras. */
export async function startNodeMediaServer(task: PeerTask): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'yilan-bench-relay-'));
  const child = fork(fileURLToPath(import.meta.url), [folder], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ended = once(child, 'exit');
  const nextMessage = async <Message>(): Promise<Message> => {
    const died = ended.then(() => Promise.reject(new Error('node-media-server ended by itself')));
    const [message] = (await Promise.race([once(child, 'message'), died])) as [Message];
    return message;
  };
  await nextMessage();
  child.send({ urls: Array.from({ length: task.cameras }, (_, camera) => task.url(camera)) } satisfies RelayRequest);
  if (child.pid === undefined) throw new Error('the relay could not be started');
  return {
    pids: [child.pid],
    async progress() {
      const answer = nextMessage<readonly number[]>();
      if (child.connected) child.send('count' satisfies RelayRequest);
      const frames = await answer;
      const atMs = performance.now();
      return frames.map((count): CameraProgress => ({ frames: count, atMs }));
    },
    async close() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The child. */
async function relay(folder: string): Promise<void> {
  const require = createRequire(import.meta.url);
  const NodeMediaServer = require('node-media-server') as new (config: object) => RelayServer;
  const { broadcasts } = require('node-media-server/src/core/context.js') as RelayContext;
  const server = new NodeMediaServer({ bind: '127.0.0.1', webadmin: { enable: false }, store: { path: folder } });
  await server.run();
  const counts: number[] = [];
  process.on('message', (request: RelayRequest) => {
    if (request === 'count') process.send?.(counts);
    else void pull(request.urls);
  });
  process.on('disconnect', () => process.exit());
  process.send?.('ready');

  async function pull(urls: readonly string[]): Promise<void> {
    for (const [camera, url] of urls.entries()) {
      if (camera > 0 && camera % startedTogether === 0) await sleep(startEveryMs);
      counts.push(0);
      server.relayServer.addTask({ url, streamPath: `/live/${camera}` });
    }
    const waiting = new Set(urls.keys());
    while (waiting.size > 0) {
      for (const camera of waiting) {
        const broadcast = broadcasts.get(`/live/${camera}`);
        if (broadcast === undefined) continue;
        waiting.delete(camera);
        broadcast.subscribers.set('bench', { protocol: 'flv', sendBuffer: () => void (counts[camera] = (counts[camera] ?? 0) + 1) });
      }
      await sleep(100);
    }
  }
}

const [folder] = process.argv.slice(2);
if (import.meta.main && folder !== undefined) await relay(folder);
