/** Hot. The main thread's view of a worker's slabs: the same memory, with holders of its own. */
import type { Clock } from '../../clock/clock.ts';
import type { Slab } from '../../stream/slab.ts';

/** Slabs nobody holds are told of so often: one post for all streams of a worker, and late enough for the frame that takes a slab up again. */
const RETURN_INTERVAL_MS = 20;

/** Mirrors of one worker's slabs. */
export class SlabMirrors {
  readonly #clock: Clock;
  readonly #giveBack: (pairs: Float64Array<ArrayBuffer>) => void;
  readonly #mirrors = new Map<number, MirroredSlab>();
  /** Lost their last holder since the last post; some may have found another. */
  #idle: MirroredSlab[] = [];
  #cancelTimer: (() => void) | null = null;
  #isClosed = false;

  /** `giveBack` posts pairs of slab and frames that had come of it. */
  constructor(clock: Clock, giveBack: (pairs: Float64Array<ArrayBuffer>) => void) {
    this.#clock = clock;
    this.#giveBack = giveBack;
  }

  /** Bytes of all slabs the worker has made and not dropped. */
  get sizeBytes(): number {
    let sum = 0;
    for (const { bytes } of this.#mirrors.values()) sum += bytes.length;
    return sum;
  }

  /** Slabs that somebody in this thread holds. */
  get heldCount(): number {
    let count = 0;
    for (const { holders } of this.#mirrors.values()) count += holders > 0 ? 1 : 0;
    return count;
  }

  announce(slabId: number, memory: SharedArrayBuffer): void {
    this.#mirrors.set(slabId, new MirroredSlab(slabId, Buffer.from(memory), (slab) => this.#onIdle(slab)));
  }

  forget(slabId: number): void {
    this.#mirrors.delete(slabId);
  }

  /** The slab of a frame that has come; held once by the caller. */
  receive(slabId: number): Slab {
    const mirror = this.#mirrors.get(slabId);
    if (mirror === undefined) throw new Error('a frame in a slab that was not announced');
    mirror.framesReceived += 1;
    mirror.holders += 1;
    return mirror;
  }

  /** The worker is gone: nothing is given back from now on. What is held stays readable. */
  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#mirrors.clear();
    this.#idle = [];
  }

  #onIdle(slab: MirroredSlab): void {
    if (this.#isClosed || slab.isListed) return;
    slab.isListed = true;
    this.#idle.push(slab);
    this.#cancelTimer ??= this.#clock.setTimer(RETURN_INTERVAL_MS, () => this.#postIdle());
  }

  #postIdle(): void {
    this.#cancelTimer = null;
    const listed = this.#idle;
    this.#idle = [];
    const pairs: number[] = [];
    for (const slab of listed) {
      slab.isListed = false;
      if (slab.holders === 0) pairs.push(slab.slabId, slab.framesReceived);
    }
    if (pairs.length > 0) this.#giveBack(Float64Array.from(pairs));
  }
}

class MirroredSlab implements Slab {
  readonly slabId: number;
  readonly bytes: Buffer;
  readonly #onIdle: (slab: MirroredSlab) => void;
  holders = 0;
  framesReceived = 0;
  isListed = false;

  constructor(slabId: number, bytes: Buffer, onIdle: (slab: MirroredSlab) => void) {
    this.slabId = slabId;
    this.bytes = bytes;
    this.#onIdle = onIdle;
  }

  retain(): void {
    if (this.holders === 0) throw new Error('a slab without holders was retained');
    this.holders += 1;
  }

  release(): void {
    if (this.holders === 0) throw new Error('a slab was released more often than retained');
    this.holders -= 1;
    if (this.holders === 0) this.#onIdle(this);
  }
}
