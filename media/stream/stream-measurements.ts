/** Hot. Measures one stream as its frames pass: rates over the last seconds, key frame interval, last arrival. */
import type { Frame, StreamTracks } from './frame.ts';

/** Rates are means over up to so many whole seconds: steady enough to read, quick enough to see a change. */
const WINDOW_SECONDS = 5;

/** Measurements of one stream over all its connections. Moments in ms of the node's clocks; null: not measured (yet). */
export class StreamMeasurements {
  /** Frames and bytes of each second of the window, by second modulo the window's length. */
  readonly #frames = new Uint32Array(WINDOW_SECONDS + 1);
  readonly #bytes = new Float64Array(WINDOW_SECONDS + 1);
  #second = -1;
  #firstSecond = -1;
  #lastKeyTicks: number | null = null;
  #clockRateHz = 90_000;
  lastFrameMonotonicMs: number | null = null;
  lastFrameWallClockMs: number | null = null;
  lastKeyFrameMonotonicMs: number | null = null;
  keyFrameIntervalMs: number | null = null;
  lostPackets = 0;

  /** A connection begins. */
  onConnecting(): void {
    this.lostPackets = 0;
    this.onInterrupted();
  }

  /** A connection ended: rates are unknown from now on, the last frame is not. */
  onInterrupted(): void {
    this.#second = -1;
    this.#lastKeyTicks = null;
    this.lastKeyFrameMonotonicMs = null;
    this.keyFrameIntervalMs = null;
  }

  onTracks(tracks: StreamTracks): void {
    this.#clockRateHz = tracks.video?.clockRateHz ?? this.#clockRateHz;
    this.#lastKeyTicks = null;
  }

  /** Borrows `frame`. */
  onFrame(frame: Frame): void {
    this.#moveTo(Math.floor(frame.arrivedMonotonicMs / 1000));
    const slot = this.#second % (WINDOW_SECONDS + 1);
    this.#bytes[slot]! += frame.end - frame.start;
    if (frame.kind === 'audio') return;
    this.#frames[slot]! += 1;
    this.lastFrameMonotonicMs = frame.arrivedMonotonicMs;
    this.lastFrameWallClockMs = frame.arrivedWallClockMs;
    if (!frame.isKeyFrame) return;
    if (this.#lastKeyTicks !== null) this.keyFrameIntervalMs = Math.round(((frame.decodeTicks - this.#lastKeyTicks) * 1000) / this.#clockRateHz);
    this.#lastKeyTicks = frame.decodeTicks;
    this.lastKeyFrameMonotonicMs = frame.arrivedMonotonicMs;
  }

  /** Video frames per second, one decimal; null before a whole second was seen. */
  framesPerSecond(nowMonotonicMs: number): number | null {
    const mean = this.#mean(this.#frames, nowMonotonicMs);
    return mean === null ? null : Math.round(mean * 10) / 10;
  }

  /** Bits per second of video and audio, without overhead. */
  bitrateBps(nowMonotonicMs: number): number | null {
    const mean = this.#mean(this.#bytes, nowMonotonicMs);
    return mean === null ? null : Math.round(mean * 8);
  }

  #mean(values: Uint32Array | Float64Array, nowMonotonicMs: number): number | null {
    if (this.#second < 0) return null;
    this.#moveTo(Math.max(this.#second, Math.floor(nowMonotonicMs / 1000)));
    // The second in which the stream began and the one that runs are not whole.
    const seconds = Math.min(WINDOW_SECONDS, this.#second - this.#firstSecond - 1);
    if (seconds < 1) return null;
    let sum = 0;
    for (let back = 1; back <= seconds; back += 1) sum += values[(this.#second - back) % (WINDOW_SECONDS + 1)]!;
    return sum / seconds;
  }

  #moveTo(second: number): void {
    if (this.#second < 0) {
      this.#frames.fill(0);
      this.#bytes.fill(0);
      this.#firstSecond = second;
    } else {
      const steps = Math.min(WINDOW_SECONDS + 1, second - this.#second);
      for (let step = 0; step < steps; step += 1) {
        this.#frames[(second - step) % (WINDOW_SECONDS + 1)] = 0;
        this.#bytes[(second - step) % (WINDOW_SECONDS + 1)] = 0;
      }
    }
    this.#second = Math.max(this.#second, second);
  }
}
