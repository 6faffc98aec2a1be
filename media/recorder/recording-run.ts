/** One recorded file from its first fragment to its index: a queue in front of the disk. */
import type { Clock } from '../clock/clock.ts';
import type { RecordedFile } from '../contract/recordings.ts';
import type { Fragment } from '../fmp4/sample-collector.ts';
import type { IndexedFragment } from './file-index.ts';
import { fragmentEndMs, writeFileIndex } from './file-index.ts';
import type { RecordingName } from './file-name.ts';
import type { RecordingStore, WritableRecording } from './recorder-contract.ts';

/** A growing file is reported, and looked for on its disk, this often. */
const reportEveryMs = 5_000;

export interface RecordingRunOptions {
  readonly store: RecordingStore;
  readonly clock: Clock;
  readonly name: RecordingName;
  /** The init segment. */
  readonly init: Buffer;
  readonly timescale: number;
  readonly onFile: (file: RecordedFile) => void;
  /** After each fragment that reached the disk. */
  readonly onWritten: () => void;
  /** The disk failed; the run is over and has let go of all memory. Not called after `end` succeeded. */
  readonly onFailed: (error: unknown) => void;
}

/** Takes fragments at once and writes them in order. Nothing is created on disk before the first one. */
export class RecordingRun {
  /** Settles when the file is closed, or given up. Never rejects. */
  readonly done: Promise<void>;
  readonly #options: RecordingRunOptions;
  readonly #queue: Fragment[] = [];
  readonly #fragments: IndexedFragment[] = [];
  #queuedBytes = 0;
  #isEnded = false;
  #isFailed = false;
  #wake: (() => void) | null = null;
  #endOffset = 0;
  #toMs = 0;
  #reportedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: RecordingRunOptions) {
    this.#options = options;
    this.done = this.#write();
  }

  /** Bytes that wait for the disk, those being written included. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  /** Takes over the fragment, its body included. */
  push(fragment: Fragment): void {
    if (this.#isFailed || this.#isEnded) {
      fragment.body.release();
      return;
    }
    this.#queue.push(fragment);
    this.#queuedBytes += fragment.sizeBytes;
    this.#wakeUp();
  }

  /** No more fragments come: the file is closed when the queue is empty. Idempotent. */
  end(): void {
    this.#isEnded = true;
    this.#wakeUp();
  }

  async #write(): Promise<void> {
    let file: WritableRecording | null = null;
    try {
      for (;;) {
        const fragment = this.#queue[0];
        if (fragment === undefined) {
          if (this.#isEnded) break;
          await new Promise<void>((resolve) => (this.#wake = resolve));
          continue;
        }
        file ??= await this.#options.store.create(this.#options.name);
        await this.#append(file, fragment);
        this.#queue.shift();
        this.#queuedBytes -= fragment.sizeBytes;
        fragment.body.release();
        await this.#report(file, true);
        this.#options.onWritten();
      }
      if (file === null) return;
      const index = writeFileIndex({ timescale: this.#options.timescale, initBytes: this.#options.init.length, fragments: this.#fragments });
      await file.append([index]);
      this.#endOffset += index.length;
      await file.close();
      await this.#report(file, false);
    } catch (error) {
      await this.#fail(file, error);
    }
  }

  async #append(file: WritableRecording, fragment: Fragment): Promise<void> {
    const isFirst = this.#fragments.length === 0;
    const buffers: Uint8Array[] = isFirst ? [this.#options.init, fragment.header] : [fragment.header];
    fragment.body.appendTo(buffers);
    await file.append(buffers);
    const indexed: IndexedFragment = {
      offset: isFirst ? this.#options.init.length : this.#endOffset,
      sizeBytes: fragment.sizeBytes,
      arrivedMs: fragment.arrivedWallClockMs,
      startTicks: fragment.startTicks,
      durationTicks: fragment.durationTicks,
      startsWithKeyFrame: fragment.startsWithKeyFrame,
    };
    this.#fragments.push(indexed);
    this.#endOffset = indexed.offset + indexed.sizeBytes;
    this.#toMs = Math.max(this.#toMs, fragmentEndMs(indexed, this.#options.timescale));
  }

  async #report(file: WritableRecording, isOpen: boolean): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    if (isOpen && nowMs - this.#reportedAtMs < reportEveryMs) return;
    if (isOpen && this.#fragments.length > 1) await file.verify();
    this.#reportedAtMs = nowMs;
    this.#options.onFile(this.#describe(file, isOpen));
  }

  #describe(file: WritableRecording, isOpen: boolean): RecordedFile {
    const { cameraId, role } = this.#options.name;
    const fromMs = this.#fragments[0]?.arrivedMs ?? this.#options.name.fromMs;
    return { path: file.path, cameraId, role, fromMs, toMs: this.#toMs, sizeBytes: this.#endOffset, isOpen };
  }

  async #fail(file: WritableRecording | null, error: unknown): Promise<void> {
    this.#isFailed = true;
    for (const fragment of this.#queue) fragment.body.release();
    this.#queue.length = 0;
    this.#queuedBytes = 0;
    this.#options.onFailed(error);
    if (file === null) return;
    // The first error was reported; that the same disk also fails to close or to delete adds nothing.
    if (this.#fragments.length === 0) {
      // A full disk is tried every few seconds: what each attempt leaves would pile up where no index and no retention sees it.
      await file.discard().catch(() => undefined);
      return;
    }
    await file.close().catch(() => undefined);
    this.#options.onFile(this.#describe(file, false));
  }

  #wakeUp(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
