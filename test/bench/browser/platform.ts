/** The whole platform as it is installed, for measurements in a browser: server, database, media node, and simulated cameras that it pulls. */
import { mkdtemp, rm } from 'node:fs/promises';
import { closeSync, openSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SessionAnswer } from '../../../server/contract/accounts.ts';
import type { Camera } from '../../../server/contract/cameras.ts';
import { ensureBuilt } from '../../../server/launch/install.mjs';
import { createApiClient } from '../../demo/api-client.ts';
import { startSimulator } from '../../demo/simulator-process.ts';
import { startServerProcess, waitUntil } from '../../support/server-process.ts';

/** All cameras show it: H.264 at 15 frames a second, main 1280×720 and 600 kbps, sub 640×360 and 180 kbps, a key frame every 2 s. */
const clip = 'test-card';

export interface BenchCamera {
  readonly id: string;
  readonly name: string;
  /** In the simulator, from 1. */
  readonly number: number;
}

/** A frame that a camera sent. */
export interface SentFrame {
  readonly loopFrame: number;
  /** Wall clock, ms since 1970. */
  readonly sentAt: number;
}

export interface Platform {
  readonly url: string;
  readonly username: string;
  readonly password: string;
  readonly cameras: readonly BenchCamera[];
  /** What a camera sent lately, oldest first; reaches back 80 s. */
  sentFrames(camera: BenchCamera, role: 'main' | 'sub'): Promise<readonly SentFrame[]>;
  close(): Promise<void>;
}

/** Starts it with so many cameras and waits until all of them are online. */
export async function startPlatform(cameraCount: number): Promise<Platform> {
  await ensureBuilt({ log: (line) => void process.stderr.write(`${line}\n`) });
  const folder = await mkdtemp(join(tmpdir(), 'yilan-bench-platform-'));
  const log = openSync(join(folder, 'simulator.log'), 'a');
  const simulator = await startSimulator({ cameras: Array.from({ length: cameraCount }, () => ({ clip })) }, { log });
  const server = await startServerProcess({ dataDir: join(folder, 'data') });
  const close = async (): Promise<void> => {
    server.signal('SIGTERM');
    await server.exited;
    await simulator.stop();
    closeSync(log);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // Somebody else may have taken its port in between, and would answer in its place.
    const ending = server.exited.then((code) => Promise.reject(new Error(`the server ended with ${code}: ${server.errorText()}`)));
    await Promise.race([server.ready(), ending]);
    const account = { username: 'administrator', password: 'bench-password-7' };
    const visitor = createApiClient(server.url);
    const session = await visitor.send<SessionAnswer>('POST', '/setup', { token: 'test-setup-token', displayName: '管理员', ...account });
    const api = visitor.withToken(session.token ?? '');
    const cameras: BenchCamera[] = [];
    for (const [index, { mainUrl, subUrl }] of simulator.cameras.entries()) {
      const name = `camera ${String(index + 1).padStart(2, '0')}`;
      const streams = [
        { role: 'main', url: mainUrl, transport: 'tcp' },
        { role: 'sub', url: subUrl, transport: 'tcp' },
      ];
      const { id } = await api.send<Camera>('POST', '/cameras', { name, mode: 'always', streams });
      cameras.push({ id, name, number: index + 1 });
    }
    await waitUntil(async () => (await api.list<Camera>('/cameras')).every(({ state }) => state.status === 'online'));
    return {
      url: server.url,
      ...account,
      cameras,
      async sentFrames(camera, role) {
        const answer = await fetch(`http://127.0.0.1:${simulator.httpPort}/cameras/${camera.number}/frames?role=${role}&limit=1200`);
        return ((await answer.json()) as { readonly frames: readonly SentFrame[] }).frames;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
