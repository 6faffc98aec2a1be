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

export interface DemoProcess {
  readonly report: DemoReport;
  readonly dataDir: string;
  readonly password: string;
  readonly child: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** API client of one of the demo's people. */
  logIn(username: 'admin' | 'operator' | 'officer' | 'auditor'): Promise<ApiClient>;
  setFault(cameraName: string, kind: FaultKind, seconds: number): Promise<void>;
  clearFault(cameraName: string): Promise<void>;
  /** Ends it as Ctrl-C would and removes its folder. */
  close(): Promise<void>;
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
  const fault = async (cameraName: string, init: RequestInit): Promise<void> => {
    const number = report.simulatorNumbers[cameraName];
    if (number === undefined) throw new Error(`the demo has no camera ${cameraName}`);
    const answer = await fetch(`${report.simulatorUrl}/cameras/${number}/fault`, init);
    if (!answer.ok) throw new Error(`fault: ${answer.status} ${await answer.text()}`);
  };
  return {
    report,
    dataDir,
    password,
    child,
    output: () => output,
    logIn: async (username) => {
      const client = createApiClient(report.url);
      const session = await client.send<SessionAnswer>('POST', '/session', { username, password });
      return client.withToken(session.token ?? '');
    },
    setFault: (cameraName, kind, seconds) =>
      fault(cameraName, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ kind, seconds }) }),
    clearFault: (cameraName) => fault(cameraName, { method: 'DELETE' }),
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGINT');
        await exited;
      }
      await rm(dataDir, { recursive: true, force: true });
    },
  };
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
