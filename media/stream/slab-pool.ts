/** Memory that frames live in: reference-counted slabs, reused so that neither malloc nor the garbage collector works per frame. */
import type { Slab } from './slab.ts';

/** Smallest and largest slab that is kept for reuse: a second of a thin sub stream, and of 64 Mbps. */
export const MIN_SLAB_BYTES = 32 * 1024;
export const MAX_SLAB_BYTES = 8 * 1024 * 1024;
/**
 * How fast the pool forgets that it once needed more: in as many returns as it has slabs, this share of the excess. Cameras begin their groups
 * together, so what is in use swells and shrinks every few seconds, and memory dropped in the trough is zeroed anew for the crest. A pool
 * whose viewers have left gives half of theirs back within minutes.
 */
const FORGETTING = 1 / 8;

/** Where the memory of slabs comes from. */
export interface SlabMemory {
  /** New memory of exactly so many bytes; what lies in it is of no interest. */
  take(sizeBytes: number): Buffer;
  /** Memory from {@link take} that will not be used again. */
  drop(bytes: Buffer): void;
}

/** Memory of this thread, left to the garbage collector. */
const OWN_MEMORY: SlabMemory = { take: (sizeBytes) => Buffer.allocUnsafeSlow(sizeBytes), drop: () => undefined };

/** Slabs of one stream, or of all streams of a thread. Sizes are powers of two. */
export class SlabPool {
  readonly #memory: SlabMemory;
  /** Reused array of slabs nobody holds, the newest last. */
  readonly #free: PooledSlab[] = [];
  #freeBytes = 0;
  /** The most that was in use of late; free slabs fill what is missing to it. */
  #peakBytes = 0;
  /** Slabs that somebody holds; for tests and measurements. */
  slabsInUse = 0;
  bytesInUse = 0;

  constructor(memory: SlabMemory = OWN_MEMORY) {
    this.#memory = memory;
  }

  /** Bytes of slabs that nobody holds. */
  get freeBytes(): number {
    return this.#freeBytes;
  }

  /** A slab of at least `minBytes`, held once by the caller. A larger one than {@link MAX_SLAB_BYTES} is made to measure and not kept. */
  take(minBytes: number): Slab {
    const sizeBytes = slabSize(minBytes);
    const index = this.#free.findLastIndex((slab) => slab.bytes.length === sizeBytes);
    const slab = index < 0 ? new PooledSlab(this, this.#memory.take(sizeBytes)) : this.#free.splice(index, 1)[0]!;
    if (index >= 0) this.#freeBytes -= sizeBytes;
    slab.holders = 1;
    this.slabsInUse += 1;
    this.bytesInUse += sizeBytes;
    this.#peakBytes = Math.max(this.#peakBytes, this.bytesInUse);
    return slab;
  }

  /** Called by a slab without holders. */
  giveBack(slab: PooledSlab): void {
    this.slabsInUse -= 1;
    this.bytesInUse -= slab.bytes.length;
    if (slab.bytes.length > MAX_SLAB_BYTES) {
      this.#memory.drop(slab.bytes);
      return;
    }
    this.#free.push(slab);
    this.#freeBytes += slab.bytes.length;
    this.#peakBytes -= ((this.#peakBytes - this.bytesInUse) * FORGETTING) / (this.slabsInUse + this.#free.length);
    for (let oldest = this.#free[0]; oldest !== undefined; oldest = this.#free[0]) {
      if (this.#freeBytes - oldest.bytes.length < this.#peakBytes - this.bytesInUse) return;
      this.#free.shift();
      this.#freeBytes -= oldest.bytes.length;
      this.#memory.drop(oldest.bytes);
    }
  }
}

function slabSize(minBytes: number): number {
  if (minBytes > MAX_SLAB_BYTES) return minBytes;
  return Math.max(MIN_SLAB_BYTES, 2 ** Math.ceil(Math.log2(minBytes)));
}

class PooledSlab implements Slab {
  readonly bytes: Buffer;
  readonly #pool: SlabPool;
  holders = 0;

  constructor(pool: SlabPool, bytes: Buffer) {
    this.#pool = pool;
    this.bytes = bytes;
  }

  retain(): void {
    if (this.holders === 0) throw new Error('a slab without holders was retained');
    this.holders += 1;
  }

  release(): void {
    if (this.holders === 0) throw new Error('a slab was released more often than retained');
    this.holders -= 1;
    if (this.holders === 0) this.#pool.giveBack(this);
  }
}
