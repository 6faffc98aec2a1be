/** What the node knows of its recordings: the catalogue rebuilt by a scan, kept current by recorders and retention. */
import type { Logger } from 'pino';
import type { RecordedFile, RecordingInventory } from '../contract/recordings.ts';
import type { NodeEvent } from '../contract/link.ts';

export interface RecordingsKeeperOptions {
  /** All files on disk. */
  readonly scan: (openPaths: ReadonlySet<string>) => AsyncIterable<RecordedFile>;
  readonly tell: (event: NodeEvent) => void;
  readonly log: Logger;
}

/** The catalogue of recorded files by path. The files are the truth; this only remembers them. */
export class RecordingsKeeper {
  readonly #options: RecordingsKeeperOptions;
  readonly #files = new Map<string, RecordedFile>();
  #scanning: Promise<void> | null = null;

  constructor(options: RecordingsKeeperOptions) {
    this.#options = options;
  }

  /** Reads the folder once; what recorders reported meanwhile is newer and stays. */
  start(): Promise<void> {
    this.#scanning ??= this.#scan();
    return this.#scanning;
  }

  files(): Iterable<RecordedFile> {
    return this.#files.values();
  }

  /** A recorder opened, extended or closed a file. */
  onFile(file: RecordedFile): void {
    this.#files.set(file.path, file);
    this.#options.tell({ kind: 'recording.file-changed', file });
  }

  /** Retention deleted a file, or found it gone. */
  onDeleted(file: RecordedFile, cause: 'retention' | 'quota' | 'vanished'): void {
    if (!this.#files.delete(file.path)) return;
    this.#options.tell({ kind: 'recording.file-deleted', cameraId: file.cameraId, path: file.path, cause });
  }

  /** Tells the whole inventory, camera by camera; `cameraIds` get one even when they have no file. */
  async tellInventories(cameraIds: Iterable<string>): Promise<void> {
    await this.start();
    const filesOf = new Map<string, RecordedFile[]>();
    for (const cameraId of cameraIds) filesOf.set(cameraId, []);
    for (const file of this.#files.values()) {
      const files = filesOf.get(file.cameraId);
      if (files === undefined) filesOf.set(file.cameraId, [file]);
      else files.push(file);
    }
    for (const [cameraId, files] of filesOf) {
      const inventory: RecordingInventory = { cameraId, files: files.toSorted((one, other) => one.fromMs - other.fromMs) };
      this.#options.tell({ kind: 'recording.inventory', inventory });
    }
  }

  async #scan(): Promise<void> {
    const startedMs = performance.now();
    const openPaths = new Set([...this.#files.values()].filter((file) => file.isOpen).map((file) => file.path));
    for await (const file of this.#options.scan(openPaths)) {
      if (!this.#files.has(file.path)) this.#files.set(file.path, file);
    }
    this.#options.log.info({ files: this.#files.size, tookMs: Math.round(performance.now() - startedMs) }, 'recordings.scanned');
  }
}
