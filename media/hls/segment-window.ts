/**
 * The segments of one stream: those the playlist lists, the open one, and those that left the playlist but must still
 * be served for a while (RFC 8216bis §6.2.2). Owner of every slab the packager holds.
 */
import type { Fragment } from '../fmp4/sample-collector.ts';
import type { Slab } from '../stream/slab.ts';
import type { MediaPlaylist, PlaylistPart, PlaylistSegment } from './playlist.ts';

/** A part with its bytes. */
export interface HeldPart extends PlaylistPart {
  readonly fragment: Fragment;
  /** Header and views of the body, made once for all viewers. */
  readonly buffers: readonly Uint8Array[];
}

/** A segment with its bytes. */
export interface HeldSegment extends PlaylistSegment {
  durationMs: number;
  /** Duration of the longest playlist that listed it. */
  longestPlaylistMs: number;
  readonly parts: HeldPart[];
  readonly hasDiscontinuity: boolean;
}

/** Bytes that somebody reads: valid until `release`. */
export interface Lease {
  readonly sizeBytes: number;
  readonly buffers: readonly Uint8Array[];
  release(): void;
}

/** How a new segment begins. */
export interface SegmentStart {
  readonly programDateTimeMs: number;
  readonly hasDiscontinuity: boolean;
  readonly initNumber: number;
}

/** A segment that left the playlist. */
interface RetiredSegment {
  readonly segment: HeldSegment;
  readonly keepUntilMonotonicMs: number;
}

/** Fewest segments in a playlist: three target durations, however long the window is (RFC 8216bis §6.2.2). */
const minSegments = 4;

/**
 * Bytes held, whatever the durations: the window of 30 s at 34 Mbit/s. Above it segments leave early, down to the fewest; a camera
 * that sends the 100 Mbit/s it may holds no more than these.
 */
const maxHeldBytes = 128 * 1024 * 1024;

export class SegmentWindow {
  readonly #windowMs: number;
  readonly #segments: HeldSegment[] = [];
  #retired: RetiredSegment[] = [];
  #open: HeldSegment | null = null;
  #nextSequence: number;
  #discontinuitySequence: number;
  #listedMs = 0;
  #heldBytes = 0;

  constructor(windowMs: number, firstSequence: number, firstDiscontinuitySequence = 0) {
    this.#windowMs = windowMs;
    this.#nextSequence = firstSequence;
    this.#discontinuitySequence = firstDiscontinuitySequence;
  }

  get open(): HeldSegment | null {
    return this.#open;
  }

  /** Sequence number of the open segment, or of the next one. */
  get nextSequence(): number {
    return this.#nextSequence;
  }

  /** Discontinuity sequence number of a segment that would begin now behind a discontinuity. */
  get nextDiscontinuitySequence(): number {
    let next = this.#discontinuitySequence + 1;
    for (const segment of this.#segments) if (segment.hasDiscontinuity) next++;
    return this.#open?.hasDiscontinuity === true ? next + 1 : next;
  }

  get segments(): readonly HeldSegment[] {
    return this.#segments;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Begins a segment; there must be none open. */
  begin(start: SegmentStart): void {
    this.#open = { ...start, sequence: this.#nextSequence, durationMs: 0, longestPlaylistMs: 0, parts: [] };
  }

  /** Takes a part over, its bytes included. */
  addPart(fragment: Fragment, durationMs: number): void {
    const open = this.#open;
    if (open === null) throw new Error('no segment is open');
    const buffers: Uint8Array[] = [fragment.header];
    fragment.body.appendTo(buffers);
    open.parts.push({ fragment, buffers, durationMs, isIndependent: fragment.startsWithKeyFrame });
    open.durationMs += durationMs;
    this.#heldBytes += fragment.sizeBytes;
  }

  /** Ends the open segment; older ones leave the playlist. */
  end(nowMonotonicMs: number): void {
    const open = this.#open;
    if (open === null) return;
    this.#open = null;
    this.#nextSequence++;
    this.#segments.push(open);
    this.#listedMs += open.durationMs;
    while (this.#segments.length > minSegments && this.#listedMs - this.#segments[0]!.durationMs >= this.#windowMs)
      this.#retireOldest(nowMonotonicMs);
    while (this.#heldBytes > maxHeldBytes) {
      if (this.#retired.length === 0 && this.#segments.length > minSegments) this.#retireOldest(nowMonotonicMs);
      const oldest = this.#retired.shift();
      if (oldest === undefined) break;
      this.#releaseSegment(oldest.segment);
    }
    for (const segment of this.#segments) segment.longestPlaylistMs = Math.max(segment.longestPlaylistMs, this.#listedMs);
  }

  /** Lets go of segments nobody may ask for any more. */
  prune(nowMonotonicMs: number): void {
    while (this.#retired.length > 0 && this.#retired[0]!.keepUntilMonotonicMs <= nowMonotonicMs) {
      this.#releaseSegment(this.#retired.shift()!.segment);
    }
  }

  /** The playlist at this moment. */
  playlist(targetDurationSeconds: number, partTargetMs: number): MediaPlaylist {
    return {
      targetDurationSeconds,
      partTargetMs,
      discontinuitySequence: this.#discontinuitySequence,
      segments: this.#segments,
      open: this.#open,
      nextSequence: this.#nextSequence,
    };
  }

  /** Bytes of a whole segment, or null. */
  leaseSegment(sequence: number): Lease | null {
    const segment = this.#find(sequence);
    return segment === null || segment === this.#open ? null : lease(segment.parts);
  }

  /** Bytes of a part, or null. */
  leasePart(sequence: number, index: number): Lease | null {
    const part = this.#find(sequence)?.parts[index];
    return part === undefined ? null : lease([part]);
  }

  /** Lets go of everything. */
  clear(): void {
    for (const segment of this.#segments) this.#releaseSegment(segment);
    for (const { segment } of this.#retired) this.#releaseSegment(segment);
    if (this.#open !== null) this.#releaseSegment(this.#open);
    this.#segments.length = 0;
    this.#retired = [];
    this.#open = null;
    this.#listedMs = 0;
  }

  #find(sequence: number): HeldSegment | null {
    if (this.#open?.sequence === sequence) return this.#open;
    const first = this.#segments[0];
    if (first !== undefined && sequence >= first.sequence) return this.#segments[sequence - first.sequence] ?? null;
    return this.#retired.find((retired) => retired.segment.sequence === sequence)?.segment ?? null;
  }

  #retireOldest(nowMonotonicMs: number): void {
    const segment = this.#segments.shift()!;
    this.#listedMs -= segment.durationMs;
    if (segment.hasDiscontinuity) this.#discontinuitySequence++;
    this.#retired.push({ segment, keepUntilMonotonicMs: nowMonotonicMs + segment.durationMs + segment.longestPlaylistMs });
  }

  #releaseSegment(segment: HeldSegment): void {
    for (const part of segment.parts) {
      this.#heldBytes -= part.fragment.sizeBytes;
      part.fragment.body.release();
    }
  }
}

function lease(parts: readonly HeldPart[]): Lease {
  const buffers = parts.length === 1 ? parts[0]!.buffers : parts.flatMap((part) => part.buffers);
  const slabs: Slab[] = [];
  let sizeBytes = 0;
  for (const { fragment } of parts) {
    fragment.body.retainInto(slabs);
    sizeBytes += fragment.sizeBytes;
  }
  return {
    sizeBytes,
    buffers,
    release() {
      for (const slab of slabs) slab.release();
      slabs.length = 0;
    },
  };
}
