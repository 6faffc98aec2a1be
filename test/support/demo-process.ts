/** The demo as a newcomer starts it, on free ports and a folder of its own. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApiClient } from '../demo/api-client.ts';
import type { ApiClient } from '../demo/api-client.ts';
import type { SessionAnswer } from '../../server/contract/accounts.ts';
import type { FaultKind } from '../simulator/fault.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the demo writes into its data folder once it is ready. */
export interface DemoReport {
  readonly url: string;
  readonly mediaUrl: string;
  readonly simulatorUrl: string;
  /** Camera number in the simulator by camera name. */
  readonly simulatorNumbers: Readonly<Record<string, number>>;
}

/** How to reach a running demo; plain data, so that it can be handed to other test files. */
export interface DemoHandle {
  readonly report: DemoReport;
  readonly dataDir: string;
  readonly password: string;
}

export interface DemoProcess extends DemoHandle {
  readonly child: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** Ends it as Ctrl-C would and removes its folder; resolves to the exit code. */
  close(): Promise<number | null>;
}

export async function startDemo(): Promise<DemoProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'yilan-demo-'));
  const [httpPort, mediaPort, webRtcPort] = await freePorts(3);
  const password = 'demo-password-7';
  const child = spawn(process.execPath, [join(root, 'test/demo/main.ts')], {
    cwd: root,
    env: {
      ...process.env,
      YILAN_DATA_DIR: dataDir,
      YILAN_HTTP_PORT: String(httpPort),
      YILAN_MEDIA_PORT: String(mediaPort),
      YILAN_WEBRTC_PORT: String(webRtcPort),
      YILAN_DEMO_PASSWORD: password,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  await waitForReady(child, () => output);
  const report = JSON.parse(await readFile(join(dataDir, 'demo-report.json'), 'utf8')) as DemoReport;
  return {
    report,
    dataDir,
    password,
    child,
    output: () => output,
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGINT');
        await exited;
      }
      await rm(dataDir, { recursive: true, force: true });
      return child.exitCode;
    },
  };
}

/** API client of one of the demo's people. */
export async function logIn(demo: DemoHandle, username: 'admin' | 'operator' | 'officer' | 'auditor'): Promise<ApiClient> {
  const client = createApiClient(demo.report.url);
  const session = await client.send<SessionAnswer>('POST', '/session', { username, password: demo.password });
  return client.withToken(session.token ?? '');
}

/** Makes a camera misbehave; it ends with {@link clearFault} or after `seconds`. */
export async function setFault(demo: DemoHandle, cameraName: string, kind: FaultKind, seconds: number): Promise<void> {
  await requestFault(demo, cameraName, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind, seconds }) });
}

export async function clearFault(demo: DemoHandle, cameraName: string): Promise<void> {
  await requestFault(demo, cameraName, { method: 'DELETE' });
}

async function requestFault(demo: DemoHandle, cameraName: string, init: RequestInit): Promise<void> {
  const number = demo.report.simulatorNumbers[cameraName];
  if (number === undefined) throw new Error(`the demo has no camera ${cameraName}`);
  const answer = await fetch(`${demo.report.simulatorUrl}/cameras/${number}/fault`, init);
  if (!answer.ok) throw new Error(`fault: ${answer.status} ${await answer.text()}`);
}

/** The demo prints this word in its last line before it only waits. */
export const readyMark = 'Ctrl-C';

function waitForReady(child: ChildProcess, output: () => string): Promise<void> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      if (output().includes(readyMark)) resolve();
    };
    child.stdout?.on('data', look);
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code}:\n${output()}`)));
  });
}

/** Ports that were free a moment ago, for TCP; taken as free for UDP too. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
