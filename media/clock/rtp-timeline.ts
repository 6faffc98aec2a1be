/**
 * Hot. Turns the RTP timestamps of one track into ticks that only move forward, whatever the camera says. `media/time.md` tells why and how.
 *
 *     timestamp                                | result
 *     -----------------------------------------+-----------------------------------------------------
 *     a plausible step                         | the same step
 *     repeated, or back by less than a second  | one tick after the one before; the next good one is unmoved
 *     stands still for a second or more        | arrival times until it moves; then the line of before, or on from there
 *     more than 3 s ahead of, or 1 s behind    | a jump: replaced by the time that passed between the arrivals
 *     such a jump, and back within 2 s         | back on the line of before
 *     over twice the speed of arrival, or less | arrival times replace timestamps while it lasts
 *     than half with over 60 units a second,   |
 *     in 2 windows in a row                    |
 *     gains or loses slowly                    | steps are stretched, `rate-watch.ts`
 */
import { RateWatch } from './rate-watch.ts';

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
/** A jump that is taken back within this was one of single pictures. */
const RETURN_MS = 2000;
/** How near to the line of before a picture must come to have returned to it. */
const RETURN_TOLERANCE_MS = 500;
/** Timestamps that repeat for so long have stood still, however slow the network. */
const STANDSTILL_MS = 1000;
const STANDSTILL_UNITS = 5;
/** Share of mended timestamps in a window that makes a camera broken rather than clumsy. */
const BROKEN_SHARE = 0.1;

/** Cameras send what they have in their cache within this after the first unit. */
const OPENING_MS = 2000;

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
  /** What the camera's own time, unstretched, advanced in the window. */
  #windowCameraTicks = 0;
  #windowUnits = 0;
  #windowMends = 0;
  #slowWindows = 0;
  #fastWindows = 0;
  #wasClumsy = false;
  #jumpedAtMs = -Infinity;
  /** What was added to the camera's time before it jumped, and when that was. */
  #offsetBeforeJumpTicks = 0;
  #leftLineAtMs = -Infinity;
  /** The newest unit whose timestamp was sound: arrival, camera's time and ours; how many units repeated it since. */
  #soundArrivedMs = 0;
  #soundCameraTicks = 0;
  #soundTicks = 0;
  #soundOffsetTicks = 0;
  #repeats = 0;
  readonly #rate = new RateWatch();
  #startedMs = 0;
  #leadMs = 0;
  #movedTicks = 0;
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
    this.#cameraTicks += this.#rate.stretch === 1 ? stepTicks : Math.round(stepTicks * this.#rate.stretch);
    this.#lastTimestamp = rtpTimestamp;
    this.#lastArrivedMs = arrivedMonotonicMs;
    this.#windowUnits += 1;
    this.#windowCameraTicks += stepTicks;
    // What arrival times added while it stood still is taken off again; whether that time is missing shows below.
    if (stepTicks > 0 && this.#repeats > 0) this.#offsetTicks = this.#soundOffsetTicks;
    const sinceSoundTicks = Math.max(0, (arrivedMonotonicMs - this.#soundArrivedMs) * this.#ticksPerMs);
    const isAhead = this.#cameraTicks - this.#soundCameraTicks > sinceSoundTicks + MAX_LEAD_MS * this.#ticksPerMs;
    if (isAhead || stepTicks < -MAX_BACK_MS * this.#ticksPerMs) {
      this.#mend();
      this.#jump(arrivedMonotonicMs, sinceSoundTicks);
    } else if (stepTicks > 0 && this.#hasStoodStill(sinceSoundTicks)) {
      this.#jump(arrivedMonotonicMs, sinceSoundTicks);
    } else if (arrivedMonotonicMs - this.#windowStartMs >= WINDOW_MS) {
      this.#closeWindow(arrivedMonotonicMs);
    }
    if (stepTicks === 0) {
      this.#repeats += 1;
      if (this.#hasStoodStill(sinceSoundTicks)) this.#moveTo(Math.max(this.#lastTicks + 1, this.#soundTicks + Math.round(sinceSoundTicks)));
    }
    if (this.#hasWrongSpeed()) {
      // A slow camera catches up with its arrivals; a fast one keeps its lead, for time cannot go back.
      const arrivalTicks = (arrivedMonotonicMs - this.#originMonotonicMs) * this.#ticksPerMs;
      this.#moveTo(Math.round(Math.max(arrivalTicks, this.#lastTicks + elapsedTicks)));
    }
    const ticks = this.#emit(mayReorder);
    if (arrivedMonotonicMs - this.#startedMs < OPENING_MS) this.#noticeLead(ticks, arrivedMonotonicMs);
    if (stepTicks > 0) this.#believe(arrivedMonotonicMs, ticks);
    return ticks;
  }

  /**
   * How old the first unit was when it came, ms: later ones of the opening seconds that were stamped further ahead than they arrived
   * behind it give it away. 0 where nothing was sent from a cache and nothing came late.
   */
  get openingLeadMs(): number {
    return this.#leadMs;
  }

  /** Moves what follows ahead by `ms` (not below 0). */
  moveAhead(ms: number): void {
    const ticks = Math.round(ms * this.#ticksPerMs);
    this.#offsetTicks += ticks;
    this.#soundOffsetTicks += ticks;
    this.#soundTicks += ticks;
    this.#movedTicks += ticks;
  }

  /** Where a timestamp near the newest one stands, ms from the origin of the stream; null before the first. */
  axisMsOf(rtpTimestamp: number): number | null {
    if (!this.#hasStarted) return null;
    return (this.#cameraTicks + this.#offsetTicks + ((rtpTimestamp - this.#lastTimestamp) | 0)) / this.#ticksPerMs;
  }

  /** Whether timestamps are, or were a moment ago, not to be trusted. */
  isBroken(nowMonotonicMs: number): boolean {
    return this.#hasWrongSpeed() || this.#rate.stretch !== 1 || this.#wasClumsy || nowMonotonicMs - this.#jumpedAtMs < JUMP_REPORT_MS;
  }

  #start(rtpTimestamp: number, arrivedMonotonicMs: number): number {
    this.#hasStarted = true;
    this.#startedMs = arrivedMonotonicMs;
    this.#lastTimestamp = rtpTimestamp;
    this.#lastArrivedMs = arrivedMonotonicMs;
    this.#moveTo(this.#movedTicks + Math.max(0, Math.round((arrivedMonotonicMs - this.#originMonotonicMs) * this.#ticksPerMs)));
    this.#restartWindow(arrivedMonotonicMs);
    this.#lastTicks = this.#cameraTicks + this.#offsetTicks;
    this.#believe(arrivedMonotonicMs, this.#lastTicks);
    return this.#lastTicks;
  }

  #noticeLead(ticks: number, arrivedMonotonicMs: number): void {
    const leadMs = (ticks - this.#movedTicks) / this.#ticksPerMs - (arrivedMonotonicMs - this.#originMonotonicMs);
    if (leadMs > this.#leadMs) this.#leadMs = leadMs;
  }

  #believe(arrivedMonotonicMs: number, ticks: number): void {
    this.#soundArrivedMs = arrivedMonotonicMs;
    this.#soundCameraTicks = this.#cameraTicks;
    this.#soundTicks = ticks;
    this.#soundOffsetTicks = this.#offsetTicks;
    this.#repeats = 0;
  }

  /** The camera repeated itself for a while, and that time is missing in what it says now. */
  #hasStoodStill(sinceSoundTicks: number): boolean {
    const lostTicks = sinceSoundTicks - (this.#cameraTicks - this.#soundCameraTicks);
    return this.#repeats >= STANDSTILL_UNITS && lostTicks > STANDSTILL_MS * this.#ticksPerMs && !this.#hasWrongSpeed();
  }

  #jump(arrivedMonotonicMs: number, sinceSoundTicks: number): void {
    const explainedTicks = Math.max(this.#lastTicks + 1, this.#soundTicks + Math.round(sinceSoundTicks));
    const returnedTicks = this.#cameraTicks + this.#offsetBeforeJumpTicks;
    const mayReturn = arrivedMonotonicMs - this.#leftLineAtMs < RETURN_MS && returnedTicks > this.#lastTicks;
    const hasReturned = mayReturn && Math.abs(returnedTicks - explainedTicks) < RETURN_TOLERANCE_MS * this.#ticksPerMs;
    this.#offsetBeforeJumpTicks = this.#offsetTicks;
    this.#leftLineAtMs = hasReturned ? -Infinity : arrivedMonotonicMs;
    this.#jumpedAtMs = arrivedMonotonicMs;
    this.#moveTo(hasReturned ? returnedTicks : explainedTicks);
    this.#believe(arrivedMonotonicMs, this.#cameraTicks + this.#offsetTicks);
    // The jump says nothing about speed: the window starts over.
    this.#restartWindow(arrivedMonotonicMs);
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
    const advancedTicks = this.#windowCameraTicks;
    const elapsedTicks = (arrivedMonotonicMs - this.#windowStartMs) * this.#ticksPerMs;
    // Two windows in a row: one alone is a network that stalled, or delivers what it held back.
    const isSlow = advancedTicks < elapsedTicks / 2 && this.#windowUnits > (advancedTicks / this.#ticksPerMs / 1000) * MAX_UNITS_PER_SECOND;
    this.#slowWindows = isSlow ? this.#slowWindows + 1 : 0;
    this.#fastWindows = advancedTicks > elapsedTicks * 2 ? this.#fastWindows + 1 : 0;
    this.#watchRate(advancedTicks, elapsedTicks);
    this.#wasClumsy = this.#windowMends > this.#windowUnits * BROKEN_SHARE;
    this.#restartWindow(arrivedMonotonicMs);
  }

  /** Slow gains and losses; what is off by half or double is not stretched. */
  #watchRate(advancedTicks: number, elapsedTicks: number): void {
    if (this.#hasWrongSpeed()) {
      this.#rate.restart();
      return;
    }
    const catchUpMs = this.#rate.observe(advancedTicks / this.#ticksPerMs, elapsedTicks / this.#ticksPerMs);
    if (catchUpMs > 0) this.#moveTo(this.#cameraTicks + this.#offsetTicks + Math.round(catchUpMs * this.#ticksPerMs));
  }

  #restartWindow(arrivedMonotonicMs: number): void {
    this.#windowStartMs = arrivedMonotonicMs;
    this.#windowCameraTicks = 0;
    this.#windowUnits = 0;
    this.#windowMends = 0;
  }
}
