/** Frames that a viewer has yet to get: the cached group of pictures it starts with, and live ones that arrive meanwhile. */
import type { Frame } from '../stream/frame.ts';

/** A frame and the timestamp it will travel with. */
export interface PendingFrame {
  readonly frame: Frame;
  readonly timestamp: number;
}

/** Queue that holds its frames' slabs. Short-lived: it is empty tens of milliseconds after a viewer joined. */
export class Backlog {
  /** Reused; `length = 0` when the last was taken. */
  readonly #pending: PendingFrame[] = [];
  #taken = 0;

  get isEmpty(): boolean {
    return this.#taken === this.#pending.length;
  }

  /** Retains the frame's slab. */
  push(frame: Frame, timestamp: number): void {
    frame.slab.retain();
    this.#pending.push({ frame, timestamp });
  }

  /** The oldest, or null. Release its slab when done. */
  take(): PendingFrame | null {
    const next = this.#pending[this.#taken] ?? null;
    if (next === null) return null;
    this.#taken++;
    if (this.isEmpty) this.#reset();
    return next;
  }

  /** Lets go of everything; returns how many frames that were. */
  clear(): number {
    const count = this.#pending.length - this.#taken;
    for (let index = this.#taken; index < this.#pending.length; index++) this.#pending[index]?.frame.slab.release();
    this.#reset();
    return count;
  }

  #reset(): void {
    this.#pending.length = 0;
    this.#taken = 0;
  }
}
