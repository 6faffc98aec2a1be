/** Hot. How unevenly the packets of one track arrive, as receiver reports tell it (RFC 3550 §6.4.1, §A.8). */

/** Jitter of one track. */
export class InterarrivalJitter {
  readonly #ticksPerMs: number;
  #hasStarted = false;
  #lastTransitTicks = 0;
  #jitterTicks = 0;

  constructor(clockRateHz: number) {
    this.#ticksPerMs = clockRateHz / 1000;
  }

  /** A packet with `rtpTimestamp` came. */
  accept(rtpTimestamp: number, arrivedMonotonicMs: number): void {
    const transitTicks = (Math.round(arrivedMonotonicMs * this.#ticksPerMs) - rtpTimestamp) | 0;
    const difference = Math.abs((transitTicks - this.#lastTransitTicks) | 0);
    this.#lastTransitTicks = transitTicks;
    if (this.#hasStarted) this.#jitterTicks += (difference - this.#jitterTicks) / 16;
    this.#hasStarted = true;
  }

  /** Mean deviation, in ticks of the track's clock; 32 bits. */
  get jitterTicks(): number {
    return Math.min(0xffffffff, Math.round(this.#jitterTicks));
  }
}
