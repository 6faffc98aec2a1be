/**
 * RTP timestamps of one viewer (hot path). A camera's clock starts anywhere, jumps when it reconnects, and a viewer first gets
 * frames of the past; the viewer must see one clock that never runs backwards.
 */
import type { Frame } from '../stream/frame.ts';

/** Spacing of replayed frames: 1 ms at 90 kHz. The browser decodes them at once and shows the newest. */
const replaySpacingTicks = 90;
/** Frame interval to assume while none was seen: 1/30 s at 90 kHz. */
const assumedIntervalTicks = 3000;
const timestampModulus = 2 ** 32;

/** Maps frames to timestamps of one viewer; every answer is larger than the one before, modulo 2³². */
export class PlayoutTimeline {
  readonly #clockRateHz: number;
  /** Unwrapped; the wire gets it modulo 2³². */
  #lastTicks: number;
  /** Added to a frame's decode time; null before the first frame of a generation. */
  #offsetTicks: number | null = null;
  #generation = -1;
  #lastArrivedMonotonicMs: number | null = null;

  constructor(clockRateHz: number, firstTicks: number) {
    this.#clockRateHz = clockRateHz;
    this.#lastTicks = firstTicks;
  }

  /** Timestamp of a live frame: the camera's own spacing, or that of the arrivals where the camera started anew. */
  live(frame: Frame): number {
    if (this.#offsetTicks === null || frame.generation !== this.#generation) {
      const passedMs = this.#lastArrivedMonotonicMs === null ? 0 : frame.arrivedMonotonicMs - this.#lastArrivedMonotonicMs;
      const passedTicks = Math.max(1, Math.round((passedMs * this.#clockRateHz) / 1000));
      this.#offsetTicks = this.#lastTicks + passedTicks - frame.decodeTicks;
      this.#generation = frame.generation;
    }
    this.#lastTicks = Math.max(this.#lastTicks + 1, frame.decodeTicks + this.#offsetTicks);
    this.#lastArrivedMonotonicMs = frame.arrivedMonotonicMs;
    return this.#lastTicks % timestampModulus;
  }

  /**
   * Timestamps of a cached group that is sent in one burst, squeezed so that its last frame stands where the live edge is
   * and the next live frame still lies ahead. Returns the timestamp of the first and the spacing.
   */
  replay(frames: readonly Frame[]): { readonly firstTimestamp: number; readonly spacingTicks: number } {
    const last = frames.at(-1);
    const beforeLast = frames.at(-2);
    if (last === undefined) return { firstTimestamp: this.#lastTicks % timestampModulus, spacingTicks: 0 };
    const intervalTicks = beforeLast === undefined ? assumedIntervalTicks : last.decodeTicks - beforeLast.decodeTicks;
    const spacingTicks = Math.min(replaySpacingTicks, Math.max(1, Math.floor(intervalTicks / (2 * frames.length))));
    const firstTicks = this.#lastTicks + spacingTicks;
    this.#lastTicks += spacingTicks * frames.length;
    if (this.#offsetTicks === null || last.generation !== this.#generation) {
      this.#offsetTicks = this.#lastTicks - last.decodeTicks;
      this.#generation = last.generation;
    }
    this.#lastArrivedMonotonicMs = last.arrivedMonotonicMs;
    return { firstTimestamp: firstTicks % timestampModulus, spacingTicks };
  }
}
