/** The recorded files of a camera as playback needs them: found by time, understood once, opened for a moment. */
import { join } from 'node:path';
import type { InitSegment } from '../fmp4/init-parser.ts';
import { parseInitSegment } from '../fmp4/init-parser.ts';
import type { FileIndex, IndexedFragment } from '../recorder/file-index.ts';
import { parseRecordingPath } from '../recorder/file-name.ts';
import { openRecording, readAt, readFileIndex } from '../recorder/file-reader.ts';
import { listRecordings } from '../recorder/scan.ts';
import type { PlaybackSpan } from './playback-contract.ts';
import { fragmentsWithin } from './playback-plan.ts';

/** A file and the fragments of it that a span needs. */
export interface PlayableFile {
  readonly path: string;
  readonly absolutePath: string;
  /** The bytes of the init segment, with what they say. */
  readonly initBytes: Buffer;
  readonly init: InitSegment;
  readonly index: FileIndex;
  /** At least one, unless the span lies outside of the file. */
  readonly fragments: readonly IndexedFragment[];
}

/** Indexes kept: 64 files are ten hours of one camera, about 5 MB. */
const maxCachedFiles = 64;

/** A file may begin so long before what it holds: ten minutes, and a group of pictures. */
const longestFileMs = 60 * 60 * 1000;

/** Wall clocks of files that follow each other may overlap by this without the clock having been set. */
const overlapMs = 5_000;

const dayMs = 86_400_000;

interface CachedFile {
  readonly sizeBytes: number;
  readonly initBytes: Buffer;
  readonly init: InitSegment;
  readonly index: FileIndex;
}

export class RecordingFiles {
  readonly #directory: string;
  /** Least recently used first. */
  readonly #cache = new Map<string, CachedFile>();

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The files that hold something of the span, in the order of their beginning. */
  async find(span: PlaybackSpan): Promise<PlayableFile[]> {
    const earliestMs = span.fromMs - longestFileMs;
    const firstDay = dayOf(earliestMs);
    const lastDay = dayOf(span.toMs + dayMs);
    const paths = await listRecordings(this.#directory, span.cameraId, span.role, (day) => day >= firstDay && day <= lastDay);
    const named = paths.map((path) => ({ path, fromMs: parseRecordingPath(path)?.fromMs ?? 0 }));
    const files: PlayableFile[] = [];
    for (const [position, { path, fromMs }] of named.entries()) {
      const nextMs = named[position + 1]?.fromMs ?? Number.POSITIVE_INFINITY;
      if (fromMs < earliestMs || fromMs >= span.toMs + overlapMs || nextMs + overlapMs <= span.fromMs) continue;
      const file = await this.load(path, span);
      if (file !== null && file.fragments.length > 0) files.push(file);
    }
    return files;
  }

  /** One file; null when it is gone or cannot be read. */
  async load(path: string, span: PlaybackSpan): Promise<PlayableFile | null> {
    const absolutePath = join(this.#directory, path);
    const known = await this.#understand(absolutePath);
    if (known === null) return null;
    const { initBytes, init, index } = known;
    return { path, absolutePath, initBytes, init, index, fragments: fragmentsWithin(index, span.fromMs, span.toMs) };
  }

  async #understand(absolutePath: string): Promise<CachedFile | null> {
    const file = await openRecording(absolutePath).catch(ifMissing);
    if (file === null) return null;
    try {
      const { size } = await file.stat();
      const cached = this.#cache.get(absolutePath);
      this.#cache.delete(absolutePath);
      if (cached !== undefined && cached.sizeBytes === size) return this.#keep(absolutePath, cached);
      const index = await readFileIndex(file, cached?.index ?? null);
      if (index === null) return null;
      const initBytes = await readAt(file, 0, index.initBytes);
      const init = parseInitSegment(initBytes);
      return init === null ? null : this.#keep(absolutePath, { sizeBytes: size, initBytes, init, index });
    } finally {
      await file.close();
    }
  }

  #keep(absolutePath: string, file: CachedFile): CachedFile {
    this.#cache.set(absolutePath, file);
    const oldest = this.#cache.keys().next().value;
    if (this.#cache.size > maxCachedFiles && oldest !== undefined) this.#cache.delete(oldest);
    return file;
  }
}

/** UTC day of a moment; the first one for moments no calendar has. */
function dayOf(wallClockMs: number): string {
  const moment = new Date(Math.max(0, Math.min(wallClockMs, 253_402_300_799_000)));
  return moment.toISOString().slice(0, 10);
}

/** Retention may delete a file between two looks. */
function ifMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}
