/**
 * The decoders of a node: a few long-lived processes, one for each codec and format that is asked for, shared by all cameras.
 * They make one picture at a time among them, so that pictures never take more than one core.
 */
import type { Clock } from '../clock/clock.ts';
import { DecoderProcess } from './decoder-process.ts';
import type { KeyFrameDecoder } from './key-frame-decoder.ts';
import type { KeyFrame } from './key-frame.ts';
import type { PictureFormat } from './picture-format.ts';

export interface DecoderPoolOptions {
  /** ffmpeg, from the PATH or by its full path: a program of its own, because its builds are GPL. */
  readonly program: string;
  readonly clock: Clock;
}

/** About 60 MB each with 1080p. Two codecs with a full and a small format, and two for formats asked for now and then. */
const maxProcesses = 6;
/** A process nobody needed for so long is ended; starting another costs 0.1 s. */
const idleMs = 60_000;
/** A process that makes nothing of so many key frames in a row is replaced: the frames may be bad, or it is. */
const maxFailuresInARow = 3;

interface Worker {
  readonly process: DecoderProcess;
  failuresInARow: number;
  cancelIdle: () => void;
}

/** Closes what it starts. */
export class DecoderPool implements KeyFrameDecoder {
  readonly #options: DecoderPoolOptions;
  /** By codec and format, the least recently used first. */
  readonly #workers = new Map<string, Worker>();
  readonly #closing = new Set<Promise<void>>();
  /** Ends when the picture asked for last is made. */
  #turn: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(options: DecoderPoolOptions) {
    this.#options = options;
  }

  /** Processes that run, for tests and measurements. */
  get processIds(): readonly number[] {
    return [...this.#workers.values()].flatMap(({ process }) => process.pid ?? []);
  }

  decode(keyFrame: KeyFrame, format: PictureFormat): Promise<Buffer | null> {
    const picture = this.#turn.then(() => (this.#isClosed ? null : this.#decode(keyFrame, format)));
    // A failure belongs to the one who asked, not to the next.
    this.#turn = picture.catch(() => {});
    return picture;
  }

  /** Resolves when all processes are gone. Pictures still asked for come out as null. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const key of this.#workers.keys()) this.#end(key);
    await Promise.all(this.#closing);
  }

  async #decode(keyFrame: KeyFrame, format: PictureFormat): Promise<Buffer | null> {
    const key = `${keyFrame.codec} ${format.kind} ${format.width}x${format.height}`;
    const worker = this.#workerFor(key, keyFrame.codec, format);
    worker.cancelIdle();
    try {
      const picture = await worker.process.decode(keyFrame);
      worker.failuresInARow = picture === null ? worker.failuresInARow + 1 : 0;
      return picture;
    } finally {
      if (this.#isClosed || worker.process.hasEnded || worker.failuresInARow >= maxFailuresInARow) this.#end(key);
      else worker.cancelIdle = this.#options.clock.setTimer(idleMs, () => this.#end(key));
    }
  }

  #workerFor(key: string, codec: KeyFrame['codec'], format: PictureFormat): Worker {
    let worker = this.#workers.get(key);
    if (worker?.process.hasEnded === true) {
      this.#end(key);
      worker = undefined;
    }
    if (worker === undefined) {
      const [oldest] = this.#workers.keys();
      if (this.#workers.size >= maxProcesses && oldest !== undefined) this.#end(oldest);
      const { program, clock } = this.#options;
      worker = { process: new DecoderProcess({ program, codec, format, clock }), failuresInARow: 0, cancelIdle: () => {} };
    }
    this.#workers.delete(key);
    this.#workers.set(key, worker);
    return worker;
  }

  #end(key: string): void {
    const worker = this.#workers.get(key);
    if (worker === undefined) return;
    this.#workers.delete(key);
    worker.cancelIdle();
    const closing = worker.process.close().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
