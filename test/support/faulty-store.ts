/** A recordings folder in memory whose disk fails, or stands still, when the test says so. */
import type { RecordingName } from '../../media/recorder/file-name.ts';
import { recordingPath } from '../../media/recorder/file-name.ts';
import type { RecordingStore, WritableRecording } from '../../media/recorder/recorder-contract.ts';

/** What happens to the next operations. `stalled`: writes wait for {@link FaultyStore.resume}. */
export type DiskState = 'works' | 'full' | 'read-only' | 'vanished' | 'stalled';

export class FaultyStore implements RecordingStore {
  readonly directory = '/nowhere';
  readonly openPaths = new Set<string>();
  /** Sizes by path, torn bytes included. */
  readonly sizes = new Map<string, number>();
  readonly #chunks = new Map<string, Uint8Array[]>();
  state: DiskState = 'works';
  #resume: (() => void)[] = [];

  /** The disk works again, and what waited goes on. */
  resume(): void {
    this.state = 'works';
    const waiting = this.#resume;
    this.#resume = [];
    for (const go of waiting) go();
  }

  /** The chunks of a file, one per append. */
  chunksOf(path: string): readonly Uint8Array[] {
    return this.#chunks.get(path) ?? [];
  }

  async create(name: RecordingName): Promise<WritableRecording> {
    if (this.state === 'read-only') throw new Error('EROFS: read-only file system, open');
    if (this.state === 'vanished') throw new Error('ENOENT: no such file or directory, stat');
    let attempt = 1;
    while (this.sizes.has(recordingPath(name, attempt))) attempt++;
    const path = recordingPath(name, attempt);
    this.sizes.set(path, 0);
    this.#chunks.set(path, []);
    this.openPaths.add(path);
    return {
      path,
      append: (buffers) => this.#append(path, buffers),
      verify: async () => {
        if (this.state === 'vanished') throw new Error('ENOENT: no such file or directory, stat');
      },
      close: async () => {
        this.openPaths.delete(path);
      },
      discard: async () => {
        this.openPaths.delete(path);
        this.sizes.delete(path);
        this.#chunks.delete(path);
      },
    };
  }

  async close(): Promise<void> {}

  async #append(path: string, buffers: readonly Uint8Array[]): Promise<void> {
    if (this.state === 'stalled') await new Promise<void>((resolve) => this.#resume.push(resolve));
    const bytes = Buffer.concat(buffers);
    const isTorn = this.state === 'full';
    this.#chunks.get(path)?.push(isTorn ? bytes.subarray(0, -100) : bytes);
    this.sizes.set(path, (this.sizes.get(path) ?? 0) + bytes.length - (isTorn ? 100 : 0));
    if (isTorn) throw new Error('ENOSPC: no space left on device, writev');
  }
}
