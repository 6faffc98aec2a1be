/** Rebuilds the inventory of recordings from the files. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RecordedFile } from '../contract/recordings.ts';
import type { StreamRole } from '../contract/streams.ts';
import { endOf, endOffsetOf } from './file-index.ts';
import { dayFolder, isCameraFolder, parseRecordingPath } from './file-name.ts';
import { openRecording, readFileIndex } from './file-reader.ts';

export interface ScanOptions {
  /** The recordings folder. */
  readonly directory: string;
  /** One camera, or null for all. */
  readonly cameraId: string | null;
  /** Files that are being written now. */
  readonly openPaths: ReadonlySet<string>;
  /** Called with the path of a file of ours, not being written, in which there is no whole fragment. */
  readonly onTorn?: (path: string) => Promise<void>;
}

const roles: readonly StreamRole[] = ['main', 'sub'];

/**
 * The recorded files, camera by camera, oldest first. A torn last fragment does not count; files without one whole
 * fragment, and files with other names, are passed over. Costs two reads per closed file, and a walk over files
 * that were not closed in order.
 */
export async function* scanRecordings(options: ScanOptions): AsyncGenerator<RecordedFile, void, undefined> {
  const cameraIds = options.cameraId === null ? await namesIn(options.directory) : [options.cameraId];
  for (const cameraId of cameraIds.filter(isCameraFolder)) {
    for (const role of roles) {
      for (const path of await listRecordings(options.directory, cameraId, role)) {
        const file = await describeRecording(options.directory, path, options.openPaths.has(path));
        if (file !== null) yield file;
        else if (!options.openPaths.has(path)) await options.onTorn?.(path);
      }
    }
  }
}

/** Paths of a camera's files below `directory`, oldest first. `days` (YYYY-MM-DD, UTC) restricts them. */
export async function listRecordings(directory: string, cameraId: string, role: StreamRole, days?: (day: string) => boolean): Promise<string[]> {
  const paths: string[] = [];
  for (const day of await namesIn(join(directory, cameraId, role))) {
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || days?.(day) === false) continue;
    const folder = dayFolder(cameraId, role, day);
    for (const name of await namesIn(join(directory, folder))) {
      const path = `${folder}/${name}`;
      if (parseRecordingPath(path) !== null) paths.push(path);
    }
  }
  return paths;
}

/** Null when the file is gone, or nothing in it can be played. */
export async function describeRecording(directory: string, path: string, isOpen: boolean): Promise<RecordedFile | null> {
  const name = parseRecordingPath(path);
  if (name === null) return null;
  const absolutePath = join(directory, path);
  const file = await openRecording(absolutePath).catch(ifMissing(null));
  if (file === null) return null;
  try {
    const index = await readFileIndex(file);
    const first = index?.fragments[0];
    if (index === null || first === undefined) return null;
    const sizeBytes = isOpen ? endOffsetOf(index) : (await stat(absolutePath)).size;
    return { path, cameraId: name.cameraId, role: name.role, fromMs: first.arrivedMs, toMs: endOf(index), sizeBytes, isOpen };
  } finally {
    await file.close();
  }
}

/** Names in a folder, in order; none when there is no such folder. */
async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(ifMissing<string[]>([]));
  return names.sort();
}

/** What is gone was deleted by retention between two looks; every other error is one. */
function ifMissing<Value>(value: Value): (error: unknown) => Value {
  return (error) => {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return value;
    throw error;
  };
}
