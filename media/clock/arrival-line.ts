/**
 * Hot. When the units of one timeline reached the node, without the network's jitter: the line of earliest arrivals along their ticks.
 *
 * It turns earlier at once when a unit comes earlier than any before, and later by 0.5 ms per second at most, so that it follows a
 * camera's crystal but not a key frame that takes long. `media/time.md`, "Whose time is told".
 */

/** Five times what crystals drift apart. */
const LATER_SHARE = 500e-6;
/** A node clock that NTP slews is followed in steps of this; below are the roundings of two clocks. */
const WALL_STEP_MS = 5;

/** Arrivals of one timeline: ticks that run on without jumps. */
export class ArrivalLine {
  #hasStarted = false;
  /** Monotonic ms at which tick 0 would have arrived: the least of `arrival − ticks`. */
  #originMs = 0;
  #lastMs = 0;
  #wallMinusMonotonicMs = 0;

  /** `mediaMs`: where the unit stands on the timeline. Arrivals as in `Frame`. */
  observe(mediaMs: number, arrivedMonotonicMs: number, arrivedWallClockMs: number): void {
    const originMs = arrivedMonotonicMs - mediaMs;
    const wallMinusMonotonicMs = arrivedWallClockMs - arrivedMonotonicMs;
    if (this.#hasStarted) {
      this.#originMs = Math.min(originMs, this.#originMs + Math.max(0, mediaMs - this.#lastMs) * LATER_SHARE);
      this.#lastMs = Math.max(this.#lastMs, mediaMs);
      if (Math.abs(wallMinusMonotonicMs - this.#wallMinusMonotonicMs) > WALL_STEP_MS) this.#wallMinusMonotonicMs = wallMinusMonotonicMs;
      return;
    }
    this.#hasStarted = true;
    this.#originMs = originMs;
    this.#lastMs = mediaMs;
    this.#wallMinusMonotonicMs = wallMinusMonotonicMs;
  }

  /** Wall clock of the node at which what stands at `mediaMs` arrived, or would have without jitter. */
  wallClockMsAt(mediaMs: number): number {
    return Math.round(this.#originMs + mediaMs + this.#wallMinusMonotonicMs);
  }
}
