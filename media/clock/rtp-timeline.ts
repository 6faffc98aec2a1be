/**
 * Hot. Turns the RTP timestamps of one track into ticks that only move forward, whatever the camera says. `media/time.md` tells why and how.
 *
 *     timestamp                                | result
 *     -----------------------------------------+-----------------------------------------------------
 *     a plausible step                         | the same step
 *     repeated, or back by less than a second  | one tick after the one before; the next good one is unmoved
 *     more than 3 s ahead of, or 1 s behind    | a jump: replaced by the time that passed between the arrivals
 *     over twice the speed of arrival, or less | arrival times replace timestamps while it lasts
 *     than half with over 60 units a second,   |
 *     in 2 windows in a row                    |
 */

/** A step that leads the arrivals by more is a jump. Bursts only ever lag: a stalled network delivers late, not early. */
const MAX_LEAD_MS = 3000;
/** A step back by more is a jump; by less it is disorder (or B-frames, where the track has them). */
const MAX_BACK_MS = 1000;
/** Length of the windows in which the speed of timestamps is compared with that of arrivals. */
const WINDOW_MS = 4000;
/** A slow clock crowds its pictures closer than any camera takes them; a line that is too slow only delivers fewer. */
const MAX_UNITS_PER_SECOND = 60;
/** How long a jump is reported after it happened. */
const JUMP_REPORT_MS = 5000;
/** Share of mended timestamps in a window that makes a camera broken rather than clumsy. */
const BROKEN_SHARE = 0.1;

/** Time of one track, from the first packet to the last. */
export class RtpTimeline {
  readonly #ticksPerMs: number;
  readonly #originMonotonicMs: number;
  #hasStarted = false;
  #lastTimestamp = 0;
  #lastArrivedMs = 0;
  /** Camera's own time, unwrapped, and what is added to it to give ours. */
  #cameraTicks = 0;
  #offsetTicks = 0;
  #lastTicks = 0;
  #windowStartMs = 0;
  #windowStartTicks = 0;
  #windowUnits = 0;
  #windowMends = 0;
  #slowWindows = 0;
  #fastWindows = 0;
  #wasClumsy = false;
  #jumpedAtMs = -Infinity;
  /** Timestamps mended since the beginning. */
  mendedTimestamps = 0;

  /** Ticks count from `originMonotonicMs`, the same for all tracks of a stream, so that they stay together. */
  constructor(clockRateHz: number, originMonotonicMs: number) {
    this.#ticksPerMs = clockRateHz / 1000;
    this.#originMonotonicMs = originMonotonicMs;
  }

  /**
   * Ticks of a unit. Strictly increasing, except with `mayReorder`: then (presentation) time may step back by up to a second.
   */
  advance(rtpTimestamp: number, arrivedMonotonicMs: number, mayReorder: boolean): number {
    if (!this.#hasStarted) return this.#start(rtpTimestamp, arrivedMonotonicMs);
    const stepTicks = (rtpTimestamp - this.#lastTimestamp) | 0;
    const elapsedTicks = Math.max(0, (arrivedMonotonicMs - this.#lastArrivedMs) * this.#ticksPerMs);
    this.#cameraTicks += stepTicks;
    this.#lastTimestamp = rtpTimestamp;
    this.#lastArrivedMs = arrivedMonotonicMs;
    this.#windowUnits += 1;
    const isJump = stepTicks > elapsedTicks + MAX_LEAD_MS * this.#ticksPerMs || stepTicks < -MAX_BACK_MS * this.#ticksPerMs;
    if (isJump) {
      this.#mend();
      this.#jumpedAtMs = arrivedMonotonicMs;
      this.#moveTo(this.#lastTicks + Math.max(1, Math.round(elapsedTicks)));
      // The jump says nothing about speed: the window starts over.
      this.#restartWindow(arrivedMonotonicMs);
    } else if (arrivedMonotonicMs - this.#windowStartMs >= WINDOW_MS) {
      this.#closeWindow(arrivedMonotonicMs);
    }
    if (this.#hasWrongSpeed()) {
      // A slow camera catches up with its arrivals; a fast one keeps its lead, for time cannot go back.
      const arrivalTicks = (arrivedMonotonicMs - this.#originMonotonicMs) * this.#ticksPerMs;
      this.#moveTo(Math.round(Math.max(arrivalTicks, this.#lastTicks + elapsedTicks)));
    }
    return this.#emit(mayReorder);
  }

  /** Whether timestamps are, or were a moment ago, not to be trusted. */
  isBroken(nowMonotonicMs: number): boolean {
    return this.#hasWrongSpeed() || this.#wasClumsy || nowMonotonicMs - this.#jumpedAtMs < JUMP_REPORT_MS;
  }

  #start(rtpTimestamp: number, arrivedMonotonicMs: number): number {
    this.#hasStarted = true;
    this.#lastTimestamp = rtpTimestamp;
    this.#lastArrivedMs = arrivedMonotonicMs;
    this.#moveTo(Math.max(0, Math.round((arrivedMonotonicMs - this.#originMonotonicMs) * this.#ticksPerMs)));
    this.#restartWindow(arrivedMonotonicMs);
    this.#lastTicks = this.#cameraTicks + this.#offsetTicks;
    return this.#lastTicks;
  }

  #emit(mayReorder: boolean): number {
    const ticks = this.#cameraTicks + this.#offsetTicks;
    if (mayReorder) {
      this.#lastTicks = Math.max(this.#lastTicks, ticks);
      return ticks;
    }
    if (ticks <= this.#lastTicks) {
      this.#mend();
      this.#lastTicks += 1;
    } else {
      this.#lastTicks = ticks;
    }
    return this.#lastTicks;
  }

  #moveTo(ticks: number): void {
    this.#offsetTicks = ticks - this.#cameraTicks;
  }

  #mend(): void {
    this.#windowMends += 1;
    this.mendedTimestamps += 1;
  }

  #hasWrongSpeed(): boolean {
    return this.#slowWindows >= 2 || this.#fastWindows >= 2;
  }

  #closeWindow(arrivedMonotonicMs: number): void {
    const advancedTicks = this.#cameraTicks - this.#windowStartTicks;
    const elapsedTicks = (arrivedMonotonicMs - this.#windowStartMs) * this.#ticksPerMs;
    // Two windows in a row: one alone is a network that stalled, or delivers what it held back.
    const isSlow = advancedTicks < elapsedTicks / 2 && this.#windowUnits > (advancedTicks / this.#ticksPerMs / 1000) * MAX_UNITS_PER_SECOND;
    this.#slowWindows = isSlow ? this.#slowWindows + 1 : 0;
    this.#fastWindows = advancedTicks > elapsedTicks * 2 ? this.#fastWindows + 1 : 0;
    this.#wasClumsy = this.#windowMends > this.#windowUnits * BROKEN_SHARE;
    this.#restartWindow(arrivedMonotonicMs);
  }

  #restartWindow(arrivedMonotonicMs: number): void {
    this.#windowStartMs = arrivedMonotonicMs;
    this.#windowStartTicks = this.#cameraTicks;
    this.#windowUnits = 0;
    this.#windowMends = 0;
  }
}
