/**
 * Feeds one `SourceBuffer`, which takes one operation at a time: segments wait in order, old video is removed, and a full
 * buffer is emptied before the segment is tried again.
 */

/** As much of `SourceBuffer` as is used. */
export interface BufferLike extends EventTarget {
  readonly updating: boolean;
  readonly buffered: TimeRanges;
  appendBuffer(bytes: BufferSource): void;
  remove(start: number, end: number): void;
  changeType(mimeType: string): void;
}

export interface AppendQueueOptions {
  readonly buffer: BufferLike;
  readonly currentSeconds: () => number;
  /** More of the stream is there. */
  readonly onAppended: () => void;
  /** The browser does not take what comes. */
  readonly onFailed: () => void;
}

type Operation = { readonly kind: 'type'; readonly mimeType: string } | { readonly kind: 'append'; readonly bytes: Uint8Array<ArrayBuffer> };

/** Played video is kept so long … */
const keptSeconds = 6;
/** … and removed in pieces of this, not frame by frame. */
const removedAtOnceSeconds = 6;
/** A page that does not come round to appending: then what waits is of no use any more. */
const maxWaiting = 400;

export class AppendQueue {
  readonly #options: AppendQueueOptions;
  readonly #waiting: Operation[] = [];
  readonly #onUpdateEnd = (): void => this.#updated();
  readonly #onError = (): void => this.#fail();
  /** A full buffer was emptied for the segment at the head, which gets one more chance. */
  #isRetrying = false;
  #isClosed = false;

  constructor(options: AppendQueueOptions) {
    this.#options = options;
    options.buffer.addEventListener('updateend', this.#onUpdateEnd);
    options.buffer.addEventListener('error', this.#onError);
  }

  /** False when so much waits that the caller should start again at a key frame. */
  get hasRoom(): boolean {
    return this.#waiting.length < maxWaiting;
  }

  /** Keeps `bytes` until they are appended. */
  append(bytes: Uint8Array<ArrayBuffer>): void {
    this.#waiting.push({ kind: 'append', bytes });
    this.#next();
  }

  changeType(mimeType: string): void {
    this.#waiting.push({ kind: 'type', mimeType });
    this.#next();
  }

  close(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#options.buffer.removeEventListener('updateend', this.#onUpdateEnd);
    this.#options.buffer.removeEventListener('error', this.#onError);
  }

  #updated(): void {
    if (this.#isClosed) return;
    this.#options.onAppended();
    this.#next();
  }

  #next(): void {
    const { buffer } = this.#options;
    while (!this.#isClosed && !buffer.updating) {
      if (this.#removeOld(keptSeconds + removedAtOnceSeconds, keptSeconds)) return;
      const operation = this.#waiting[0];
      if (operation === undefined || !this.#perform(operation)) return;
    }
  }

  /** False when the queue has to wait or is at its end. */
  #perform(operation: Operation): boolean {
    const { buffer } = this.#options;
    try {
      if (operation.kind === 'type') buffer.changeType(operation.mimeType);
      else buffer.appendBuffer(operation.bytes);
    } catch (error) {
      const isFull = error instanceof DOMException && error.name === 'QuotaExceededError';
      // Make room once; when that does not help either, this attempt is over.
      if (isFull && !this.#isRetrying && this.#removeOld(0, 1)) this.#isRetrying = true;
      else this.#fail();
      return false;
    }
    this.#isRetrying = false;
    this.#waiting.shift();
    return true;
  }

  /** Removes what lies more than `keepSeconds` back, if there is more than `fromSeconds` of it. */
  #removeOld(fromSeconds: number, keepSeconds: number): boolean {
    const { buffer, currentSeconds } = this.#options;
    if (buffer.buffered.length === 0) return false;
    const oldest = buffer.buffered.start(0);
    const end = currentSeconds() - keepSeconds;
    if (currentSeconds() - oldest <= fromSeconds || end <= oldest) return false;
    buffer.remove(oldest, end);
    return true;
  }

  #fail(): void {
    if (this.#isClosed) return;
    this.close();
    this.#options.onFailed();
  }
}
