/**
 * Process of the embedded database: PGlite behind a socket, in a process of its own because it blocks the thread it runs on.
 *
 *     node embedded-main.ts <data folder of the database> <socket path>
 *
 * Says `{kind: 'ready'}` to its parent, and closes the database cleanly when the parent is gone.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';
import { exitCodes, fatalForFolder, FatalError } from '../processes/exit.ts';
import { lockFolder } from '../processes/folder-lock.ts';

/** A predecessor whose server was killed needs a moment to close. */
const waitForPredecessorMs = 15_000;
/** The server has one connection, the migration runner another before it; the rest is for an administrator's tool. */
const maxConnections = 4;

async function serve(folder: string, socketPath: string): Promise<() => Promise<void>> {
  await mkdir(dirname(folder), { recursive: true });
  const lock = await lockFolder(dirname(folder), 'database', waitForPredecessorMs);
  if (lock === null) throw new FatalError(exitCodes.dataFolderTaken, `The database in ${folder} is in use by another process.`);
  const pglite = await open(folder);
  await rm(socketPath, { force: true });
  const server = new PGLiteSocketServer({ db: pglite, path: socketPath, maxConnections });
  await server.start();
  return async () => {
    await server.stop();
    await pglite.close();
    await lock.release();
  };
}

/** A database that was half made when its process was killed cannot be opened, so it is made aside and moved. */
async function open(folder: string): Promise<PGlite> {
  try {
    if (!existsSync(folder)) {
      const draft = `${folder}.new`;
      await rm(draft, { recursive: true, force: true });
      await (await PGlite.create(draft)).close();
      await rename(draft, folder);
    }
    return await PGlite.create(folder);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw (
      fatalForFolder(error, folder) ??
      new FatalError(exitCodes.databaseUnusable, `The embedded database in ${folder} cannot be opened (${reason}): restore the folder from a backup.`)
    );
  }
}

const [folder, socketPath] = process.argv.slice(2);
if (folder === undefined || socketPath === undefined) throw new Error('Usage: embedded-main.ts <folder> <socket>');
// A terminal sends its signals to the whole group; the server still needs the database while it shuts down.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});

try {
  const parentGone = new Promise<void>((resolve) => {
    process.once('disconnect', () => resolve());
  });
  const close = await serve(folder, socketPath);
  process.send?.({ kind: 'ready' });
  await parentGone;
  await close();
  process.exit(0);
} catch (error) {
  const fatal = error instanceof FatalError ? error : fatalForFolder(error, folder);
  process.stderr.write(`${fatal?.message ?? String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(fatal?.exitCode ?? 1);
}
