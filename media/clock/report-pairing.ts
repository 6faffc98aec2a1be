/**
 * Whether NTP and RTP time of one track's sender reports run together, and where that is so, when the camera took an RTP time.
 * A report says that both are the same moment (RFC 3550 §6.4.1); cameras repeat old pairs, fill one half, or step one of them.
 */

/** What a report adds to those before. `movedMs`: how far NTP time ran ahead of RTP time since the report before. */
export type PairingNews = { readonly kind: 'first' } | { readonly kind: 'repeated' } | { readonly kind: 'next'; readonly movedMs: number };

/** NTP and RTP time may differ by a frame's rounding and by crystals, not by more. */
const TOLERANCE_MS = 20;
const TOLERANCE_SHARE = 0.01;
/** Intervals that are remembered. */
const REMEMBERED = 4;
/** So many of them unsound: the camera's pairs mean nothing. */
const UNSOUND_LIMIT = 3;
/** So many in a row must be sound before a pair is built upon. */
const SOUND_IN_A_ROW = 2;

/** Pairs of one track of one connection. */
export class ReportPairing {
  readonly #ticksPerMs: number;
  #hasReport = false;
  #ssrc = 0;
  #ntpMs = 0;
  #rtpTimestamp = 0;
  /** Newest last. */
  readonly #soundness: boolean[] = [];

  constructor(clockRateHz: number) {
    this.#ticksPerMs = clockRateHz / 1000;
  }

  /** `ntpMs`: NTP time as the camera tells it, any epoch. */
  observe(ssrc: number, ntpMs: number, rtpTimestamp: number): PairingNews {
    const isFirst = !this.#hasReport || ssrc !== this.#ssrc;
    const elapsedMs = ntpMs - this.#ntpMs;
    if (!isFirst && elapsedMs === 0) return { kind: 'repeated' };
    const movedMs = elapsedMs - ((rtpTimestamp - this.#rtpTimestamp) | 0) / this.#ticksPerMs;
    this.#hasReport = true;
    this.#ssrc = ssrc;
    this.#ntpMs = ntpMs;
    this.#rtpTimestamp = rtpTimestamp;
    if (isFirst) {
      this.#soundness.length = 0;
      return { kind: 'first' };
    }
    this.#soundness.push(Math.abs(movedMs) <= TOLERANCE_MS + Math.abs(elapsedMs) * TOLERANCE_SHARE);
    if (this.#soundness.length > REMEMBERED) this.#soundness.shift();
    return { kind: 'next', movedMs };
  }

  /** The pairs contradict each other all the time. */
  get isBroken(): boolean {
    return this.#soundness.filter((isSound) => !isSound).length >= UNSOUND_LIMIT;
  }

  /** NTP ms at which the camera took what it stamped with `rtpTimestamp`, within half a wrap of the last report; null while no pair has proved itself. */
  ntpMsOf(rtpTimestamp: number): number | null {
    const last = this.#soundness.slice(-SOUND_IN_A_ROW);
    if (last.length < SOUND_IN_A_ROW || last.includes(false)) return null;
    return this.#ntpMs + ((rtpTimestamp - this.#rtpTimestamp) | 0) / this.#ticksPerMs;
  }

  /** RTP time of the last report; null before the first. */
  get lastRtpTimestamp(): number | null {
    return this.#hasReport ? this.#rtpTimestamp : null;
  }
}
