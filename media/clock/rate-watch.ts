/**
 * Whether the timestamps of a track run at the speed at which its units arrive, and by how much to stretch them if not: a camera that
 * states 30 pictures a second and sends 25, or whose clock is simply wrong. Pure; fed once per window of a few seconds.
 *
 *     lead = what the timestamps advanced − what passed between arrivals;  line = the lead, followed as slowly as crystals drift
 *     lead − line > 3.5 s, in windows that all gain              → fast   (a cache sent first explains 3 s; nothing else arrives early)
 *     line − lead > 10 s, in windows that all run at 0.5 to 0.97 → slow   (a camera queues less, and not at an even rate)
 */

/** Five times the drift of crystals: 8 h of 100 ppm are 3 s and no fault. */
const DRIFT_SHARE = 500e-6;
const MAX_GAIN_MS = 3500;
const MAX_LOSS_MS = 10_000;
/** Windows whose speeds are averaged; a stretch begins after so many that agree. */
const WINDOWS = 5;
const LEAST_EVEN_SPEED = 0.5;
const MOST_SLOW_SPEED = 0.97;
/** Speeds nearer to 1 than this need no stretching. */
const GOOD_SPEED_SHARE = 0.02;
/** What is still missing or too much is worked off within so long, at most at this share. */
const RECOVERY_MS = 20_000;
const MAX_RECOVERY_SHARE = 0.1;

interface SpeedWindow {
  readonly advancedMs: number;
  readonly elapsedMs: number;
}

/** Speed of one track's timestamps over one connection. */
export class RateWatch {
  #leadMs = 0;
  #lineMs = 0;
  readonly #windows: SpeedWindow[] = [];
  #stretch = 1;
  /** Lead of the stretched time while stretching: what is left to work off. */
  #stretchedLeadMs = 0;

  /** What steps are to be multiplied with; 1 while the camera is believed. */
  get stretch(): number {
    return this.#stretch;
  }

  /** The camera's time was moved by us: what was measured before says nothing any more. */
  restart(): void {
    this.#leadMs = 0;
    this.#lineMs = 0;
    this.#windows.length = 0;
    this.#stretch = 1;
  }

  /**
   * A window has passed, in which the camera's timestamps advanced by `advancedMs` and arrivals by `elapsedMs`.
   * Returns how far the track must catch up at once: more than 0 only when a slow camera has just been found out.
   */
  observe(advancedMs: number, elapsedMs: number): number {
    this.#windows.push({ advancedMs, elapsedMs });
    if (this.#windows.length > WINDOWS) this.#windows.shift();
    this.#leadMs += advancedMs - elapsedMs;
    if (this.#stretch !== 1) {
      this.#stretchedLeadMs += advancedMs * this.#stretch - elapsedMs;
      this.#adjust();
      return 0;
    }
    const driftMs = elapsedMs * DRIFT_SHARE;
    this.#lineMs += Math.max(-driftMs, Math.min(driftMs, this.#leadMs - this.#lineMs));
    if (this.#windows.length < WINDOWS) return 0;
    if (this.#isFast()) {
      this.#stretchedLeadMs = this.#leadMs - this.#lineMs;
      this.#adjust();
    } else if (this.#isSlow()) {
      const lostMs = this.#lineMs - this.#leadMs;
      this.#stretchedLeadMs = 0;
      this.#adjust();
      return lostMs;
    }
    return 0;
  }

  #isFast(): boolean {
    const areAllFast = this.#windows.every(({ advancedMs, elapsedMs }) => advancedMs > elapsedMs * (1 + GOOD_SPEED_SHARE));
    // A backlog that drains gains, too, but only makes good what was lost before.
    return areAllFast && this.#leadMs - this.#lineMs > MAX_GAIN_MS;
  }

  #isSlow(): boolean {
    const areAllSlow = this.#windows.every(
      ({ advancedMs, elapsedMs }) => advancedMs > elapsedMs * LEAST_EVEN_SPEED && advancedMs < elapsedMs * MOST_SLOW_SPEED,
    );
    return areAllSlow && this.#lineMs - this.#leadMs > MAX_LOSS_MS;
  }

  #adjust(): void {
    const advancedMs = this.#windows.reduce((sum, window) => sum + window.advancedMs, 0);
    const elapsedMs = this.#windows.reduce((sum, window) => sum + window.elapsedMs, 0);
    const speed = advancedMs / Math.max(1, elapsedMs);
    if (speed < LEAST_EVEN_SPEED || Math.abs(speed - 1) < GOOD_SPEED_SHARE) {
      this.restart();
      return;
    }
    const recovery = Math.max(-MAX_RECOVERY_SHARE, Math.min(MAX_RECOVERY_SHARE, -this.#stretchedLeadMs / RECOVERY_MS));
    this.#stretch = (1 + recovery) / speed;
  }
}
