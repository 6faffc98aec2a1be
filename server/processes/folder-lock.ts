/**
 * One process per folder. The lock is a listening local socket whose name follows from the folder: the kernel frees it
 * when its process ends, however it ends, so no lock is ever left behind.
 */
import { createHash } from 'node:crypto';
import { realpath, unlink } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface FolderLock {
  release(): Promise<void>;
}

const retryMs = 100;

/**
 * Takes the lock of a folder that exists, waiting up to `waitMs` for whoever holds it; null when it stays taken.
 *
 * @param purpose Tells locks of one folder apart.
 */
export async function lockFolder(folder: string, purpose: string, waitMs: number): Promise<FolderLock | null> {
  const address = lockAddress(
    createHash('sha256')
      .update(`${purpose}\n${await realpath(folder)}`)
      .digest('hex')
      .slice(0, 32),
  );
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    const server = await listen(address);
    if (server !== null) return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    if (waitedMs >= waitMs) return null;
    await delay(retryMs);
  }
}

function lockAddress(name: string): string {
  // Linux: the abstract namespace (unix(7)), which needs no file. Windows: pipes vanish with their process.
  if (process.platform === 'linux') return `\0yilan-${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\yilan-${name}`;
  return join(tmpdir(), `yilan-${name}.lock`);
}

/** Listens, or null when somebody else does. A socket file that nobody answers is left over from a killed process. */
async function listen(address: string): Promise<Server | null> {
  const server = createServer((socket) => void socket.destroy());
  const { promise, resolve, reject } = Promise.withResolvers<Server | null>();
  server.once('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EADDRINUSE') resolve(null);
    else reject(error);
  });
  server.listen(address, () => {
    server.unref();
    resolve(server);
  });
  const listening = await promise;
  if (listening !== null || address.startsWith('\0') || address.startsWith('\\') || (await isAnswered(address))) return listening;
  await unlink(address).catch(() => {});
  return null;
}

function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
