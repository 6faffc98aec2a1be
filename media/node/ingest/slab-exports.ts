/** Hot. A worker's slabs in shared memory, and the one hold on each that stands for all holders in the main thread. */
import type { Slab } from '../../stream/slab.ts';
import type { SlabMemory } from '../../stream/slab-pool.ts';

interface SlabExport {
  readonly slabId: number;
  /** Held for the main thread; null while that has no frame of it. */
  held: Slab | null;
  framesSent: number;
}

/** Tells the main thread about memory. */
export interface SlabExportListener {
  onMade(slabId: number, memory: SharedArrayBuffer): void;
  onDropped(slabId: number): void;
}

export class SlabExports implements SlabMemory {
  readonly #listener: SlabExportListener;
  readonly #byBytes = new Map<Buffer, SlabExport>();
  readonly #byId = new Map<number, SlabExport>();
  #lastId = 0;

  constructor(listener: SlabExportListener) {
    this.#listener = listener;
  }

  /** Slabs of which the main thread has frames. */
  get heldCount(): number {
    let count = 0;
    for (const { held } of this.#byId.values()) count += held === null ? 0 : 1;
    return count;
  }

  take(sizeBytes: number): Buffer {
    const memory = new SharedArrayBuffer(sizeBytes);
    const bytes = Buffer.from(memory);
    this.#lastId += 1;
    const made: SlabExport = { slabId: this.#lastId, held: null, framesSent: 0 };
    this.#byBytes.set(bytes, made);
    this.#byId.set(made.slabId, made);
    this.#listener.onMade(made.slabId, memory);
    return bytes;
  }

  drop(bytes: Buffer): void {
    const dropped = this.#byBytes.get(bytes);
    if (dropped === undefined) return;
    this.#byBytes.delete(bytes);
    this.#byId.delete(dropped.slabId);
    this.#listener.onDropped(dropped.slabId);
  }

  /** A frame of `slab` goes out: holds it for the main thread, and returns the number by which that knows it. */
  send(slab: Slab): number {
    const sent = this.#byBytes.get(slab.bytes);
    if (sent === undefined) throw new Error('a slab that is not in shared memory');
    sent.framesSent += 1;
    if (sent.held === null) {
      slab.retain();
      sent.held = slab;
    }
    return sent.slabId;
  }

  /** The main thread has let go of all frames it had got, pairs of slab and frames. Those it was sent since keep the slab. */
  takeBack(pairs: Float64Array): void {
    for (let index = 0; index < pairs.length; index += 2) {
      const returned = this.#byId.get(pairs[index]!);
      if (returned === undefined || returned.held === null || returned.framesSent !== pairs[index + 1]) continue;
      const slab = returned.held;
      returned.held = null;
      slab.release();
    }
  }
}
