/**
 * Removes what a process that was killed in the first moments of a file has left: a name without one whole fragment. Nobody can
 * play it, no index has it, so neither retention nor quota would ever see it.
 */
import { open, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A file that is being written grows every 0.8 s; one that was not touched for so long is nobody's. */
const untouchedMs = 60_000;
/** Init segment and the beginning of one fragment; more than that is not the beginning of a file. */
const maxTornBytes = 16 * 1024 * 1024;

/**
 * Deletes the file at `path` below `directory` if there is nothing whole in it; call it for files whose scan found no fragment. True:
 * deleted. A file with more than one fragment stays, whatever is wrong with it: it may be all that is left of an evening.
 */
export async function removeTornFile(directory: string, path: string, nowWallClockMs: number): Promise<boolean> {
  const absolutePath = join(directory, path);
  const file = await open(absolutePath, 'r').catch(ifMissing);
  if (file === null) return false;
  try {
    const { size, mtimeMs } = await file.stat();
    if (size > maxTornBytes || nowWallClockMs - mtimeMs < untouchedMs) return false;
    const bytes = await file.readFile();
    if (bytes.indexOf('moof') !== bytes.lastIndexOf('moof')) return false;
  } finally {
    await file.close();
  }
  await unlink(absolutePath);
  return true;
}

function ifMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
