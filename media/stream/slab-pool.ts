/** Memory that frames live in: reference-counted slabs, reused so that neither malloc nor the garbage collector works per frame. */
import type { Slab } from './slab.ts';

/** Smallest and largest slab that is kept for reuse: a second of a thin sub stream, and of 64 Mbps. */
export const MIN_SLAB_BYTES = 32 * 1024;
export const MAX_SLAB_BYTES = 8 * 1024 * 1024;
/** Free slabs kept per pool. The HLS window turns over one slab a second; more than this would only sit there. */
const MAX_FREE_SLABS = 3;

/** Slabs of one stream. Sizes are powers of two. */
export class SlabPool {
  /** Reused array of slabs nobody holds. */
  readonly #free: PooledSlab[] = [];
  /** Slabs that somebody holds; for tests and measurements. */
  slabsInUse = 0;
  bytesInUse = 0;

  /** A slab of at least `minBytes`, held once by the caller. A larger one than {@link MAX_SLAB_BYTES} is made to measure and not kept. */
  take(minBytes: number): Slab {
    const sizeBytes = slabSize(minBytes);
    const index = this.#free.findIndex((slab) => slab.bytes.length === sizeBytes);
    const slab = index < 0 ? new PooledSlab(this, Buffer.allocUnsafeSlow(sizeBytes)) : this.#free.splice(index, 1)[0]!;
    slab.holders = 1;
    this.slabsInUse += 1;
    this.bytesInUse += sizeBytes;
    return slab;
  }

  /** Called by a slab without holders. */
  giveBack(slab: PooledSlab): void {
    this.slabsInUse -= 1;
    this.bytesInUse -= slab.bytes.length;
    if (slab.bytes.length > MAX_SLAB_BYTES) return;
    if (this.#free.length === MAX_FREE_SLABS) this.#free.shift();
    this.#free.push(slab);
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
