/** A server as a process of its own, started the way the launcher starts it, on free ports and a folder of its own. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

const patientMs = 60_000;
const pollMs = 100;

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  /** All that it wrote to standard error. */
  errorText(): string;
  /** All that it logged. */
  logText(): string;
  /** Exit code; null after a signal. */
  readonly exited: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
  /** Resolves when it answers requests. */
  healthy(): Promise<void>;
  /** Resolves when `/readyz` says so: a media node is linked too. */
  ready(): Promise<void>;
  /** Kills it and waits. */
  remove(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A TCP port that nobody has at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const port = options.env?.['YILAN_HTTP_PORT'] ?? String(await freePort());
  const child: ChildProcess = fork(fileURLToPath(new URL('../../server/main.ts', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: {
      PATH: process.env['PATH'],
      YILAN_DATA_DIR: options.dataDir,
      YILAN_MEDIA_PORT: '0',
      YILAN_WEBRTC_PORT: '0',
      YILAN_SETUP_TOKEN: 'test-setup-token',
      ...options.env,
      YILAN_HTTP_PORT: port,
    },
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let hasExited = false;
  void exited.then(() => (hasExited = true));
  const output = { log: '', error: '' };
  child.stdout?.on('data', (chunk: Buffer) => (output.log += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output.error += chunk.toString()));
  const url = `http://127.0.0.1:${port}`;
  const answers = (path: string) =>
    waitUntil(
      async () => hasExited || (await isOk(`${url}${path}`)),
      () => `${output.log}\n${output.error}`,
    );
  return {
    url,
    pid: child.pid ?? 0,
    exited,
    errorText: () => output.error,
    logText: () => output.log,
    signal: (name) => void child.kill(name),
    healthy: () => answers('/healthz'),
    ready: () => answers('/readyz'),
    async remove() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** Asks until it is true; fails with `describe()` after a minute. */
export async function waitUntil(check: () => Promise<boolean> | boolean, describe: () => string = () => ''): Promise<void> {
  const untilMs = performance.now() + patientMs;
  while (!(await check())) {
    if (performance.now() > untilMs) throw new Error(`Waited for too long\n${describe()}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

async function isOk(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}

/** Process ids of the direct children of a process, by a part of their command line (Linux). */
export async function childrenOf(pid: number, command: string): Promise<readonly number[]> {
  const found: number[] = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const [stat, line] = await Promise.all([readText(`/proc/${entry}/stat`), readText(`/proc/${entry}/cmdline`)]);
    // After the name in parentheses: state, then the parent's id (proc(5)).
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    if (parent === pid && line.includes(command)) found.push(Number(entry));
  }
  return found;
}

/** Whether a process exists and is no zombie. */
export async function isRunning(pid: number): Promise<boolean> {
  const stat = await readText(`/proc/${pid}/stat`);
  return stat !== '' && !stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
}

function readText(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
