/** Starts the embedded database's process and keeps it running. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../clock/clock.ts';
import type { Log } from '../http/log.ts';
import { FatalError } from '../processes/exit.ts';
import { superviseChild } from '../processes/supervised-child.ts';
import { embeddedUrl } from './client.ts';

export interface EmbeddedDatabase {
  readonly url: string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onFinalExit: (exitCode: number) => void;
}

/** Resolves when the database answers; a process that dies later is started again at the same address. */
export async function startEmbeddedDatabase(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  // Not in the data folder: the name of a socket has at most 107 bytes (unix(7)).
  const socketFolder = await mkdtemp(join(tmpdir(), 'yilan-database-'));
  const socketPath = process.platform === 'win32' ? `\\\\.\\pipe\\yilan-database-${process.pid}` : join(socketFolder, 'socket');
  const { promise: ready, resolve, reject } = Promise.withResolvers<void>();
  const child = superviseChild({
    name: 'database',
    module: fileURLToPath(new URL('embedded-main.ts', import.meta.url)),
    args: [join(options.dataDir, 'database'), socketPath],
    env: process.env,
    clock: options.clock,
    log: options.log,
    onMessage: () => resolve(),
    onFinalExit: (exitCode) => {
      reject(new FatalError(exitCode, 'The embedded database did not start; the line above says why.'));
      options.onFinalExit(exitCode);
    },
  });
  await ready;
  return {
    url: embeddedUrl(socketPath),
    async stop() {
      await child.stop();
      await rm(socketFolder, { recursive: true, force: true });
    },
  };
}
