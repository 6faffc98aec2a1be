/** A byte string that lies in slabs: the body of a fragment, which is never copied. */
import type { Slab } from '../stream/slab.ts';

/**
 * Views on slabs in order, neighbours joined. Holds each slab once per view; {@link release} lets go. Hot.
 */
export class SlabViews {
  /** Parallel arrays: view `n` is `starts[n]..ends[n]` of `slabs[n]`. */
  readonly #slabs: Slab[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #sizeBytes = 0;

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get count(): number {
    return this.#slabs.length;
  }

  /** Appends a byte range. Joined with the one before when it continues it, otherwise the slab is retained. */
  append(slab: Slab, start: number, end: number): void {
    this.#sizeBytes += end - start;
    const last = this.#slabs.length - 1;
    if (last >= 0 && this.#slabs[last] === slab && this.#ends[last] === start) {
      this.#ends[last] = end;
      return;
    }
    slab.retain();
    this.#slabs.push(slab);
    this.#starts.push(start);
    this.#ends.push(end);
  }

  /** Takes over all views of `other`, which is empty afterwards. */
  takeOver(other: SlabViews): void {
    for (let index = 0; index < other.#slabs.length; index++) {
      this.#slabs.push(other.#slabs[index]!);
      this.#starts.push(other.#starts[index]!);
      this.#ends.push(other.#ends[index]!);
    }
    this.#sizeBytes += other.#sizeBytes;
    other.#clear();
  }

  /** Adds the views to `target`. They may be read until {@link release}; {@link retain} first to read longer. */
  appendTo(target: Uint8Array[]): void {
    for (let index = 0; index < this.#slabs.length; index++) {
      target.push(this.#slabs[index]!.bytes.subarray(this.#starts[index], this.#ends[index]));
    }
  }

  /** One more holder of every slab: pairs with one more {@link releaseHeld} of the list this adds to. */
  retainInto(held: Slab[]): void {
    for (const slab of this.#slabs) {
      slab.retain();
      held.push(slab);
    }
  }

  /** Lets go of all slabs. Idempotent. */
  release(): void {
    for (const slab of this.#slabs) slab.release();
    this.#clear();
  }

  #clear(): void {
    this.#slabs.length = 0;
    this.#starts.length = 0;
    this.#ends.length = 0;
    this.#sizeBytes = 0;
  }
}
