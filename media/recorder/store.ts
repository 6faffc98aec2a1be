/** The recordings folder on disk: creates files, appends to them, and syncs them in groups. */
import { mkdirSync } from 'node:fs';
import { mkdir, open, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Clock } from '../clock/clock.ts';
import type { RecordingName } from './file-name.ts';
import { recordingPath } from './file-name.ts';
import type { RecordingStore, RecordingStoreOptions, WritableRecording } from './recorder-contract.ts';

/** A power failure costs at most so much: time from a write to its sync. */
const syncAfterMs = 10_000;

/** Buffers of one `writev`: the kernel takes 1,024 (IOV_MAX). */
const maxBuffersPerWrite = 512;

/** Files that begin in the same millisecond: only a clock that was set back makes more than one. */
const maxAttempts = 100;

/** See {@link RecordingStore}. Creates the folder; when that fails, every later `create` reports why. */
export function createRecordingStore(options: RecordingStoreOptions): RecordingStore {
  try {
    mkdirSync(options.directory, { recursive: true });
  } catch (error) {
    options.log.error({ directory: options.directory, error }, 'recordings.folder-unusable');
  }
  return new DiskStore(options);
}

class DiskStore implements RecordingStore {
  readonly directory: string;
  readonly #clock: Clock;
  readonly #open = new Set<OpenRecording>();
  #cancelSync: (() => void) | null = null;
  #isClosed = false;

  constructor(options: RecordingStoreOptions) {
    this.directory = options.directory;
    this.#clock = options.clock;
  }

  get openPaths(): ReadonlySet<string> {
    return new Set([...this.#open].map((file) => file.path));
  }

  async create(name: RecordingName): Promise<WritableRecording> {
    let hasLostFolder = false;
    for (let attempt = 1; ;) {
      // Not created here: an unmounted volume must not turn into a folder on the system disk.
      await stat(this.directory);
      const path = recordingPath(name, attempt);
      const absolutePath = join(this.directory, path);
      await mkdir(dirname(absolutePath), { recursive: true });
      try {
        return this.#opened(path, absolutePath, await open(absolutePath, 'ax'));
      } catch (error) {
        if (isErrorWithCode(error, 'EEXIST') && attempt < maxAttempts) {
          attempt++;
        } else if (isErrorWithCode(error, 'ENOENT') && !hasLostFolder) {
          // Retention removed the day's empty folder between the two calls above.
          hasLostFolder = true;
        } else {
          throw error;
        }
      }
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancelSync?.();
    this.#cancelSync = null;
    await Promise.allSettled([...this.#open].map((file) => file.close()));
  }

  #opened(path: string, absolutePath: string, handle: FileHandle): WritableRecording {
    const file = new OpenRecording(path, absolutePath, handle, {
      onDirty: () => this.#scheduleSync(),
      onClosed: (closed) => this.#open.delete(closed),
    });
    this.#open.add(file);
    return file;
  }

  #scheduleSync(): void {
    if (this.#isClosed || this.#cancelSync !== null) return;
    this.#cancelSync = this.#clock.setTimer(syncAfterMs, () => void this.#syncAll());
  }

  /** One after the other: a slow disk then occupies one thread of the pool, not all of them. */
  async #syncAll(): Promise<void> {
    for (const file of this.#open) await file.syncIfDirty();
    this.#cancelSync = null;
    if ([...this.#open].some((file) => file.isDirty)) this.#scheduleSync();
  }
}

class OpenRecording implements WritableRecording {
  readonly path: string;
  isDirty = false;
  readonly #absolutePath: string;
  readonly #handle: FileHandle;
  readonly #listener: { onDirty(): void; onClosed(file: OpenRecording): void };
  #closing: Promise<void> | null = null;
  /** After a failed sync nobody knows what is on the disk: the file ends, and the next write says why. */
  #syncError: Error | null = null;

  constructor(path: string, absolutePath: string, handle: FileHandle, listener: { onDirty(): void; onClosed(file: OpenRecording): void }) {
    this.path = path;
    this.#absolutePath = absolutePath;
    this.#handle = handle;
    this.#listener = listener;
  }

  async append(buffers: readonly Uint8Array[]): Promise<void> {
    if (this.#syncError !== null) throw this.#syncError;
    for (let from = 0; from < buffers.length; from += maxBuffersPerWrite) {
      await this.#writeAll(buffers.slice(from, from + maxBuffersPerWrite));
    }
    if (this.isDirty) return;
    this.isDirty = true;
    this.#listener.onDirty();
  }

  async verify(): Promise<void> {
    const [named, opened] = await Promise.all([stat(this.#absolutePath), this.#handle.stat()]);
    if (named.ino !== opened.ino) throw new Error(`${this.path} was replaced by another file`);
  }

  /** Never rejects: the next {@link append} does. */
  async syncIfDirty(): Promise<void> {
    if (!this.isDirty || this.#closing !== null) return;
    this.isDirty = false;
    try {
      await this.#handle.datasync();
    } catch (error) {
      this.#syncError = error instanceof Error ? error : new Error(String(error));
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#syncAndClose();
    return this.#closing;
  }

  async discard(): Promise<void> {
    this.isDirty = false;
    try {
      await this.close();
    } finally {
      await unlink(this.#absolutePath);
    }
  }

  async #syncAndClose(): Promise<void> {
    try {
      if (this.isDirty) await this.#handle.datasync();
    } finally {
      this.isDirty = false;
      this.#listener.onClosed(this);
      await this.#handle.close();
    }
  }

  /** `writev` may write less than asked for: a signal, or a disk that is just full. */
  async #writeAll(buffers: Uint8Array[]): Promise<void> {
    let rest = buffers;
    for (;;) {
      const { bytesWritten } = await this.#handle.writev(rest);
      rest = withoutFirst(rest, bytesWritten);
      if (rest.length === 0) return;
      if (bytesWritten === 0) throw new Error(`nothing could be written to ${this.path}`);
    }
  }
}

function withoutFirst(buffers: Uint8Array[], sizeBytes: number): Uint8Array[] {
  let left = sizeBytes;
  for (const [index, buffer] of buffers.entries()) {
    if (left < buffer.length) return [buffer.subarray(left), ...buffers.slice(index + 1)];
    left -= buffer.length;
  }
  return [];
}

function isErrorWithCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
