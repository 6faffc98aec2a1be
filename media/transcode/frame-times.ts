/**
 * Which frame a transcoded picture was. Frames are known to the transcoder by their presentation time in ms since the first, raised
 * by as much as it takes to be the only one with it.
 */
import type { Frame } from '../stream/frame.ts';

/** Times of a frame of the camera. */
export interface SourceTimes {
  /** Presentation time in 90 kHz ticks. */
  readonly presentationTicks: number;
  readonly arrivedMonotonicMs: number;
  readonly arrivedWallClockMs: number;
  /** When it was given to the transcoder. */
  readonly fedMonotonicMs: number;
}

/** Clock of transcoded video. */
export const transcodedClockRateHz = 90_000;
/** Frames on their way; beyond it the oldest are forgotten, and their pictures left out. */
const maxPending = 1000;

/** Frames given to one process that have not come back. */
export class FrameTimes {
  readonly #clockRateHz: number;
  readonly #pending = new Map<number, SourceTimes>();
  #originTicks: number | null = null;

  /** `clockRateHz` of the camera's video. */
  constructor(clockRateHz: number) {
    this.#clockRateHz = clockRateHz;
  }

  /** Notes a frame; returns its time for the transcoder. With a frame before the first, 0 or the next free one. */
  note(frame: Frame, nowMonotonicMs: number): number {
    const ticks = frame.decodeTicks + frame.compositionOffsetTicks;
    this.#originTicks ??= ticks;
    let timeMs = Math.max(0, Math.round(((ticks - this.#originTicks) * 1000) / this.#clockRateHz));
    while (this.#pending.has(timeMs)) timeMs += 1;
    if (this.#pending.size === maxPending) {
      const [oldest = 0] = this.#pending.keys();
      this.#pending.delete(oldest);
    }
    this.#pending.set(timeMs, {
      presentationTicks: Math.round((ticks * transcodedClockRateHz) / this.#clockRateHz),
      arrivedMonotonicMs: frame.arrivedMonotonicMs,
      arrivedWallClockMs: frame.arrivedWallClockMs,
      fedMonotonicMs: nowMonotonicMs,
    });
    return timeMs;
  }

  /** The frame with this time, and no frame before it any more: pictures come in order. Null when it is not known. */
  take(timeMs: number): SourceTimes | null {
    const found = this.#pending.get(timeMs) ?? null;
    for (const pendingMs of this.#pending.keys()) if (pendingMs <= timeMs) this.#pending.delete(pendingMs);
    return found;
  }

  /** How long the frame that waits longest has waited; 0 when none does. */
  waitedMs(nowMonotonicMs: number): number {
    const [oldest] = this.#pending.values();
    return oldest === undefined ? 0 : nowMonotonicMs - oldest.fedMonotonicMs;
  }
}
