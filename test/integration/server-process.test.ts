/** The server as it is run: its children, its ends, its refusals. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { childrenOf, isRunning, startServerProcess, waitUntil } from '../support/server-process.ts';
import type { ServerProcess } from '../support/server-process.ts';

let folder: string;
const started: ServerProcess[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yilan-server-'));
});
afterAll(async () => {
  for (const server of started) await server.remove();
  await rm(folder, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}, dataDir = join(folder, 'data')): Promise<ServerProcess> {
  const server = await startServerProcess({ dataDir, env });
  started.push(server);
  return server;
}

async function post(url: string, body: object): Promise<{ status: number; body: { token: string } }> {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as { token: string } };
}

const sessionStatus = async (server: ServerProcess, token: string): Promise<number> =>
  (await fetch(`${server.url}/api/v1/session`, { headers: { authorization: `Bearer ${token}` } })).status;

describe('a server', () => {
  it('recovers from the death of any of its processes, and loses nothing it answered for', async () => {
    const first = await start();
    await first.ready();
    const setup = await post(`${first.url}/api/v1/setup`, {
      token: 'test-setup-token',
      username: 'admin',
      password: 'a-good-password',
      displayName: '管理员',
    });
    expect(setup.status).toBe(201);
    const { token } = setup.body;

    const [database = 0] = await childrenOf(first.pid, 'embedded-main');
    process.kill(database, 'SIGKILL');
    await waitUntil(async () => (await sessionStatus(first, token)) === 200);

    const [media = 0] = await childrenOf(first.pid, 'media/main');
    process.kill(media, 'SIGKILL');
    await waitUntil(async () => (await childrenOf(first.pid, 'media/main')).some((pid) => pid !== media));
    await first.ready();

    const orphans = [...(await childrenOf(first.pid, 'embedded-main')), ...(await childrenOf(first.pid, 'media/main'))];
    expect(orphans).toHaveLength(2);
    first.signal('SIGKILL');
    await first.exited;
    const second = await start();
    await second.ready();
    expect(await sessionStatus(second, token)).toBe(200);
    await waitUntil(async () => !(await Promise.all(orphans.map(isRunning))).includes(true));

    const children = [...(await childrenOf(second.pid, 'embedded-main')), ...(await childrenOf(second.pid, 'media/main'))];
    const signalledMs = performance.now();
    second.signal('SIGINT');
    expect(await second.exited).toBe(0);
    expect(performance.now() - signalledMs).toBeLessThan(8_000);
    expect(await Promise.all(children.map(isRunning))).toEqual([false, false]);
  });
});

describe('a start that cannot succeed', () => {
  async function refuse(env: Record<string, string>, dataDir?: string): Promise<{ code: number | null; sentence: string }> {
    const server = await start(env, dataDir);
    const code = await server.exited;
    return { code, sentence: server.errorText().trim() };
  }

  it('names the setting that does not fit', async () => {
    const configuration = join(folder, 'bad.yaml');
    await writeFile(configuration, 'http:\n  prot: 80\n');
    expect(await refuse({ YILAN_CONFIG: configuration })).toEqual({
      code: 78,
      sentence: `In ${configuration}, http.prot is 80, but there is no such setting.`,
    });
  });

  it('names a port that is taken, and leaves nothing running', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '0.0.0.0', resolve));
    const { port } = taken.address() as AddressInfo;
    const server = await start({ YILAN_HTTP_PORT: String(port) });
    expect(await server.exited).toBe(69);
    expect(server.errorText()).toBe(`Port ${port} is in use by another program: stop it or choose another port with YILAN_HTTP_PORT.\n`);
    await waitUntil(async () => (await childrenOf(server.pid, '')).length === 0);
    taken.close();
  });

  it('names a data folder that cannot be made', async () => {
    await writeFile(join(folder, 'file'), '');
    const dataDir = join(folder, 'file', 'data');
    expect(await refuse({}, dataDir)).toEqual({
      code: 73,
      sentence: `The data folder ${dataDir} cannot be written: choose another with YILAN_DATA_DIR or change its owner.`,
    });
  });

  it('names a database that does not answer, without its password', async () => {
    const { code, sentence } = await refuse({ DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/yilan' });
    expect(code).toBe(68);
    expect(sentence).toMatch(/^The database at 127\.0\.0\.1:1 cannot be used \(ECONNREFUSED\): .*DATABASE_URL.*\.$/);
    expect(sentence).not.toContain('secret');
  });

  it('names the folder that another server has', async () => {
    const dataDir = join(folder, 'taken');
    const first = await start({}, dataDir);
    await first.ready();
    expect(await refuse({}, dataDir)).toEqual({
      code: 75,
      sentence: `Another server uses the data folder ${dataDir}: stop it or choose another folder with YILAN_DATA_DIR.`,
    });
    first.signal('SIGTERM');
    expect(await first.exited).toBe(0);
  });
});
