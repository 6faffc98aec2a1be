/** Hot. What a worker has to say: one post per turn of its loop, everything in its order. */
import type { Frame } from '../../stream/frame.ts';
import { FrameBatch } from './frame-batch.ts';
import type { WorkerMessage } from './ingest-message.ts';

/** Sends a post to the other thread; what is listed in `transferred` is given away. */
export type Post<Message> = (messages: readonly Message[], transferred: ArrayBuffer[]) => void;

export class WorkerOutbox {
  readonly #post: Post<WorkerMessage>;
  readonly #atTurnsEnd: (flush: () => void) => void;
  readonly #flush = (): void => this.flush();
  readonly #frames = new FrameBatch();
  #messages: WorkerMessage[] = [];
  #transferred: ArrayBuffer[] = [];
  #isScheduled = false;

  /** `atTurnsEnd` calls back once, when the events of this turn of the loop have been worked off. */
  constructor(post: Post<WorkerMessage>, atTurnsEnd: (flush: () => void) => void) {
    this.#post = post;
    this.#atTurnsEnd = atTurnsEnd;
  }

  /** Goes out behind all that was added before. */
  add(message: WorkerMessage): void {
    this.#sealFrames();
    this.#messages.push(message);
    this.#schedule();
  }

  /** Notes a frame; its slab was announced. */
  addFrame(streamId: number, slabId: number, frame: Frame): void {
    this.#frames.add(streamId, slabId, frame);
    this.#schedule();
  }

  /** Sends what there is now. */
  flush(): void {
    this.#isScheduled = false;
    this.#sealFrames();
    if (this.#messages.length === 0) return;
    const messages = this.#messages;
    const transferred = this.#transferred;
    this.#messages = [];
    this.#transferred = [];
    this.#post(messages, transferred);
  }

  #sealFrames(): void {
    if (this.#frames.isEmpty) return;
    const fields = this.#frames.take();
    this.#messages.push({ kind: 'frames', fields });
    this.#transferred.push(fields.buffer);
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#atTurnsEnd(this.#flush);
  }
}
