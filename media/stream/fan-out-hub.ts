/** Hot. The hub: hands every frame of one stream to each of its sinks, and keeps the newest group of pictures for those that come late. */
import type { Frame, StreamTracks } from './frame.ts';
import type { FrameSink, SinkStart, StreamHub } from './sink.ts';

/** Bounds of the cached group. A camera without key frames for a minute must not fill the memory. */
export interface HubLimits {
  /** Bytes of frames. */
  readonly maxCachedBytes: number;
  /** 0: nothing is cached. */
  readonly maxCachedFrames: number;
}

/** 16 MB hold 32 s at 4 Mbps; 3,000 frames a minute of video with sound at 25 and 25 a second. */
export const DEFAULT_HUB_LIMITS: HubLimits = { maxCachedBytes: 16 * 1024 * 1024, maxCachedFrames: 3000 };

interface Seat {
  readonly sink: FrameSink;
  readonly onExpelled: (() => void) | undefined;
  awaitsKeyFrame: boolean;
  isRemoved: boolean;
}

/** Hub with its feeding side. Sinks cannot hurt each other: one that throws is removed and reported. */
export class FanOutHub implements StreamHub {
  readonly #limits: HubLimits;
  readonly #onSinkFault: (error: unknown) => void;
  /** Replaced, never changed, so that sinks may come and go while a frame is handed round. */
  #seats: readonly Seat[] = [];
  /** Frames since the last key frame, each with its slab retained; reused, `length = 0` empties it. */
  readonly #cached: Frame[] = [];
  #cachedBytes = 0;
  #tracks: StreamTracks | null = null;
  /** Times the cache overflowed and was emptied. */
  overflows = 0;

  constructor(limits: HubLimits, onSinkFault: (error: unknown) => void) {
    this.#limits = limits;
    this.#onSinkFault = onSinkFault;
  }

  get tracks(): StreamTracks | null {
    return this.#tracks;
  }

  get sinkCount(): number {
    return this.#seats.length;
  }

  /** Bytes of the cached group. */
  get cachedBytes(): number {
    return this.#cachedBytes;
  }

  addSink(sink: FrameSink, start: SinkStart, onExpelled?: () => void): () => void {
    const seat: Seat = { sink, onExpelled, awaitsKeyFrame: true, isRemoved: false };
    this.#seats = [...this.#seats, seat];
    if (this.#tracks !== null) this.#guard(seat, () => this.#greet(seat, start));
    return () => this.#remove(seat);
  }

  /** Tracks of the frames that follow. */
  feedTracks(tracks: StreamTracks): void {
    this.#empty();
    this.#tracks = tracks;
    for (const seat of this.#seats) {
      seat.awaitsKeyFrame = true;
      this.#guard(seat, () => seat.sink.onTracks(tracks));
    }
  }

  /** Borrows `frame`. */
  feedFrame(frame: Frame): void {
    this.#cache(frame);
    const seats = this.#seats;
    const isStart = frame.kind === 'video' && frame.isKeyFrame;
    for (let index = 0; index < seats.length; index += 1) {
      const seat = seats[index]!;
      if (seat.isRemoved || (seat.awaitsKeyFrame && !isStart)) continue;
      seat.awaitsKeyFrame = false;
      try {
        seat.sink.onFrame(frame);
      } catch (error) {
        this.#expel(seat, error);
      }
    }
  }

  /** The upstream connection ended. */
  interrupt(): void {
    this.#empty();
    if (this.#tracks === null) return;
    this.#tracks = null;
    for (const seat of this.#seats) {
      seat.awaitsKeyFrame = true;
      this.#guard(seat, () => seat.sink.onInterrupted());
    }
  }

  #greet(seat: Seat, start: SinkStart): void {
    if (this.#tracks !== null) seat.sink.onTracks(this.#tracks);
    if (start === 'next-key-frame') return;
    for (const frame of this.#cached) {
      if (seat.isRemoved) return;
      seat.awaitsKeyFrame = false;
      seat.sink.onFrame(frame);
    }
  }

  #cache(frame: Frame): void {
    if (this.#limits.maxCachedFrames === 0) return;
    const isStart = frame.kind === 'video' && frame.isKeyFrame;
    if (isStart) this.#empty();
    else if (this.#cached.length === 0) return;
    const sizeBytes = frame.end - frame.start;
    if (this.#cached.length === this.#limits.maxCachedFrames || this.#cachedBytes + sizeBytes > this.#limits.maxCachedBytes) {
      // Half a group is of no use: the next key frame begins a new one.
      this.overflows += 1;
      this.#empty();
      return;
    }
    frame.slab.retain();
    this.#cached.push(frame);
    this.#cachedBytes += sizeBytes;
  }

  #empty(): void {
    for (const frame of this.#cached) frame.slab.release();
    this.#cached.length = 0;
    this.#cachedBytes = 0;
  }

  #guard(seat: Seat, call: () => void): void {
    if (seat.isRemoved) return;
    try {
      call();
    } catch (error) {
      this.#expel(seat, error);
    }
  }

  #expel(seat: Seat, error: unknown): void {
    this.#remove(seat);
    this.#onSinkFault(error);
    seat.onExpelled?.();
  }

  #remove(seat: Seat): void {
    if (seat.isRemoved) return;
    seat.isRemoved = true;
    this.#seats = this.#seats.filter((other) => other !== seat);
  }
}
