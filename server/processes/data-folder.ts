/** The data folder: made, tried, and taken for this process. */
import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { exitCodes, fatalForFolder, FatalError } from './exit.ts';
import { lockFolder } from './folder-lock.ts';
import type { FolderLock } from './folder-lock.ts';

/** The embedded database alone takes 40 MB when it is made; below this nothing works for long. */
const leastFreeBytes = 100_000_000;
/** A predecessor that is shutting down gets so long. */
const waitMs = 8_000;

/**
 * Takes the folder. Release the lock at the end.
 *
 * @throws {FatalError} when it cannot be made or written, its disk is full, or another server has it.
 */
export async function takeDataFolder(dataDir: string): Promise<{ readonly folder: string; readonly lock: FolderLock }> {
  const folder = resolve(dataDir);
  try {
    await makeFolder(folder);
    const probe = join(folder, `.probe-${process.pid}`);
    await writeFile(probe, 'written to see whether it can be\n');
    await rm(probe);
  } catch (error) {
    throw fatalForFolder(error, folder) ?? error;
  }
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < leastFreeBytes) {
    throw new FatalError(exitCodes.diskFull, `The disk of the data folder ${folder} is full: free some space and start again.`);
  }
  const lock = await lockFolder(folder, 'server', waitMs);
  if (lock === null) {
    throw new FatalError(
      exitCodes.dataFolderTaken,
      `Another server uses the data folder ${folder}: stop it or choose another folder with YILAN_DATA_DIR.`,
    );
  }
  return { folder, lock };
}

/** As `mkdir -p`. Node's own recursive mode never returns where a file system answers ENOENT for good, such as /proc. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder);
  }
}
