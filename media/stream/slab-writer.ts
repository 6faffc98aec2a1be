/**
 * Hot. Writes the units of one track one after another into slabs: the only copy a frame's bytes ever see.
 *
 *     slab: [ finished units … | unit in the making … | room ]
 *                              ^ start                ^ position
 */
import type { Slab } from './slab.ts';
import { MAX_SLAB_BYTES } from './slab-pool.ts';
import type { SlabPool } from './slab-pool.ts';

/** Bytes of the length in front of a NAL unit (ISO/IEC 14496-15:2022 §5.3.3). */
const LENGTH_BYTES = 4;
/** A slab is asked to hold about this long, so that a segment shares few slabs and an old frame holds little else. */
const SLAB_SECONDS = 1;
/** The bitrate is estimated over windows of this length; a key frame every 2 s makes shorter ones jump. */
const WINDOW_MS = 2000;
/** Weight of the newest window, so that the size follows within a few of them. */
const ESTIMATE_WEIGHT = 0.5;

/** Cursor of one track. One unit is in the making at any time. */
export class SlabWriter {
  readonly #pool: SlabPool;
  readonly #maxUnitBytes: number;
  readonly #minSlabBytes: number;
  #slab: Slab;
  #start = 0;
  #position = 0;
  #nalStart = -1;
  #preferredBytes: number;
  #windowStartMs = -1;
  #windowBytes = 0;

  /** `maxUnitBytes` bounds what a hostile camera can make us gather; `minSlabBytes` is the first slab's size. */
  constructor(pool: SlabPool, maxUnitBytes: number, minSlabBytes: number) {
    this.#pool = pool;
    this.#maxUnitBytes = maxUnitBytes;
    this.#minSlabBytes = minSlabBytes;
    this.#preferredBytes = minSlabBytes;
    this.#slab = pool.take(minSlabBytes);
  }

  /** Where the unit in the making lies. Valid until the next append. */
  get slab(): Slab {
    return this.#slab;
  }

  get unitStart(): number {
    return this.#start;
  }

  get unitEnd(): number {
    return this.#position;
  }

  /** Appends a copy of `source[start, end)`. False: the unit would grow above its bound, and nothing was written. */
  append(source: Buffer, start: number, end: number): boolean {
    if (!this.#reserve(end - start)) return false;
    source.copy(this.#slab.bytes, this.#position, start, end);
    this.#position += end - start;
    return true;
  }

  /** Appends one byte. False as in {@link append}. */
  appendByte(value: number): boolean {
    if (!this.#reserve(1)) return false;
    this.#slab.bytes[this.#position] = value;
    this.#position += 1;
    return true;
  }

  /** Leaves room for a NAL unit's length. False as in {@link append}. */
  beginNal(): boolean {
    if (!this.#reserve(LENGTH_BYTES)) return false;
    this.#nalStart = this.#position - this.#start;
    this.#position += LENGTH_BYTES;
    return true;
  }

  /** True between {@link beginNal} and the end of that NAL unit. */
  get hasOpenNal(): boolean {
    return this.#nalStart >= 0;
  }

  /** The open NAL unit without its length, as a view (borrows). */
  openNal(): Buffer {
    return this.#slab.bytes.subarray(this.#start + this.#nalStart + LENGTH_BYTES, this.#position);
  }

  /** Writes the length of the open NAL unit in front of it. */
  endNal(): void {
    const at = this.#start + this.#nalStart;
    this.#slab.bytes.writeUInt32BE(this.#position - at - LENGTH_BYTES, at);
    this.#nalStart = -1;
  }

  /** Forgets the open NAL unit. */
  dropNal(): void {
    this.#position = this.#start + this.#nalStart;
    this.#nalStart = -1;
  }

  /** Ends the unit; the next one begins behind it. */
  commitUnit(): void {
    this.#windowBytes += this.#position - this.#start;
    this.#start = this.#position;
    this.#nalStart = -1;
  }

  /** Forgets the unit in the making. */
  dropUnit(): void {
    this.#position = this.#start;
    this.#nalStart = -1;
  }

  /** Tells the time, so that the size of slabs follows the bitrate. Once per unit is enough. */
  observeTime(monotonicMs: number): void {
    if (this.#windowStartMs < 0) this.#windowStartMs = monotonicMs;
    const elapsedMs = monotonicMs - this.#windowStartMs;
    if (elapsedMs < WINDOW_MS) return;
    const target = Math.min(MAX_SLAB_BYTES, (this.#windowBytes * 1000 * SLAB_SECONDS) / elapsedMs);
    this.#preferredBytes += (Math.max(this.#minSlabBytes, target) - this.#preferredBytes) * ESTIMATE_WEIGHT;
    this.#windowStartMs = monotonicMs;
    this.#windowBytes = 0;
  }

  /** Lets go of the slab. Nothing may be written afterwards. */
  close(): void {
    this.#slab.release();
  }

  /** Throws when the state contradicts itself. For tests. */
  checkInvariants(): void {
    if (this.#start > this.#position || this.#position > this.#slab.bytes.length) throw new Error('cursor outside of the slab');
    if (this.#position - this.#start > this.#maxUnitBytes) throw new Error('unit above its bound');
    if (this.#nalStart >= 0 && this.#start + this.#nalStart + LENGTH_BYTES > this.#position) throw new Error('open NAL unit outside of its unit');
  }

  #reserve(sizeBytes: number): boolean {
    const unitBytes = this.#position - this.#start;
    if (unitBytes + sizeBytes > this.#maxUnitBytes) return false;
    if (this.#position + sizeBytes <= this.#slab.bytes.length) return true;
    // A unit that outgrew a whole slab gets room to double, so that it moves rarely.
    const next = this.#pool.take(Math.ceil(Math.max(this.#preferredBytes, 2 * (unitBytes + sizeBytes))));
    this.#slab.bytes.copy(next.bytes, 0, this.#start, this.#position);
    this.#slab.release();
    this.#slab = next;
    this.#start = 0;
    this.#position = unitBytes;
    return true;
  }
}
