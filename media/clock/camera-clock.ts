/**
 * How far a camera's clock is from ours, from its sender reports. Pure; `media/time.md`, "The camera's clock", tells why and how.
 *
 *     NTP time − arrival = offset − delay,  delay ≥ 0
 *     best   = the greatest such difference of the window
 *     offset = best + round trip / 2   ±   round trip / 2 + what the best report may have waited itself
 */
import type { CameraClockKind, CameraClockQuality } from '../contract/streams.ts';
import { readCameraTime, zoneOffsetMinutes } from './ntp-epoch.ts';
import { DriftEstimate } from './drift-estimate.ts';
import { ReportPairing } from './report-pairing.ts';

/** A sender report as it arrived. */
export interface ReportArrival {
  readonly ssrc: number;
  /** Ms since 1900 as the camera tells it; 0: it tells none. */
  readonly ntpMs: number;
  readonly rtpTimestamp: number;
  readonly arrivedMonotonicMs: number;
  readonly arrivedWallClockMs: number;
  /** Shortest round trip measured on the connection so far; null: none yet. */
  readonly roundTripMs: number | null;
}

/** What is known of a camera's clock. Offsets are camera minus node; null where the camera tells no time of day. */
export interface CameraClockEstimate {
  readonly kind: CameraClockKind;
  readonly quality: CameraClockQuality;
  readonly offsetMs: number | null;
  /** The truth lies within `offsetMs` ± this. */
  readonly uncertaintyMs: number | null;
  readonly driftPpm: number | null;
  /** Newest step of the camera's clock, node's wall clock. */
  readonly steppedAtMs: number | null;
  /** Newest report that counted, node's wall clock. */
  readonly measuredAtMs: number;
}

/** Reports older than this no longer tell of now. */
const WINDOW_MS = 120_000;
/** Cameras send one every 1 to 10 s; more often than every 2 s adds nothing. */
const MAX_SAMPLES = 64;
/** Assumed of two crystals apart: a report that is older is worth that much less. */
const MAX_DRIFT = 200e-6;
/** What one report alone may have waited behind pictures. */
const LONE_REPORT_MS = 1000;
/** From so many reports on their scatter tells how long the best of them waited. */
const ENOUGH_SAMPLES = 8;
/** Of a connection whose round trip nobody measured. */
const ASSUMED_ROUND_TRIP_MS = 200;
/** A difference that no interval explains, beyond rounding. */
const MIN_STEP_MS = 100;
/** A report does not wait longer than this: a connection that brings nothing for 10 s is given up. */
const MAX_DELAY_MS = 15_000;
/** A camera sets its clock once after booting; one that goes on is not to be relied on. */
const STEPPING_WITHIN_MS = 600_000;
const REPEATS_LIMIT = 3;

interface Sample {
  readonly arrivedMs: number;
  /** NTP time (as ms since 1970) minus monotonic arrival. */
  readonly differenceMs: number;
}

/** The clock behind one track's reports, over one connection. */
export class CameraClock {
  readonly pairing: ReportPairing;
  #samples: Sample[] = [];
  #drift = new DriftEstimate();
  #kind: CameraClockKind | null = null;
  #roundTripMs: number | null = null;
  /** Wall minus monotonic clock of the node, at the newest report. */
  #wallMinusMonotonicMs = 0;
  #measuredAtMs = 0;
  #newestDifferenceMs = 0;
  /** Of the reports so far; null when it has to be made anew. */
  #estimate: CameraClockEstimate | null = null;
  #repeats = 0;
  /** No report so far had a fraction: up to a second of what looks like delay is rounding. */
  #isWholeSeconds = true;
  #steppedAtMs: number | null = null;
  #steppedBeforeMs: number | null = null;

  constructor(clockRateHz: number) {
    this.pairing = new ReportPairing(clockRateHz);
  }

  /** Takes a report in. */
  observe(report: ReportArrival): void {
    this.#estimate = null;
    const time = readCameraTime(report.ntpMs, report.arrivedWallClockMs);
    this.#roundTripMs = report.roundTripMs;
    if (time.wallClockMs === null) {
      this.#forget();
      this.#kind = time.kind;
      this.#measuredAtMs = report.arrivedWallClockMs;
      return;
    }
    const news = this.pairing.observe(report.ssrc, report.ntpMs, report.rtpTimestamp);
    if (news.kind === 'repeated') {
      this.#repeats += 1;
      return;
    }
    this.#repeats = 0;
    this.#isWholeSeconds &&= report.ntpMs % 1000 === 0;
    const differenceMs = time.wallClockMs - report.arrivedMonotonicMs;
    if (this.#hasStepped(differenceMs, news.kind === 'next' ? news.movedMs : null, report.arrivedMonotonicMs)) {
      this.#forget();
      this.#steppedBeforeMs = this.#steppedAtMs;
      this.#steppedAtMs = report.arrivedWallClockMs;
    }
    this.#kind = time.kind;
    this.#measuredAtMs = report.arrivedWallClockMs;
    this.#newestDifferenceMs = differenceMs;
    this.#wallMinusMonotonicMs = report.arrivedWallClockMs - report.arrivedMonotonicMs;
    this.#samples.push({ arrivedMs: report.arrivedMonotonicMs, differenceMs });
    if (this.#samples.length > MAX_SAMPLES) this.#samples.shift();
    this.#samples = this.#samples.filter(({ arrivedMs }) => arrivedMs > report.arrivedMonotonicMs - WINDOW_MS);
    this.#drift.observe(report.arrivedMonotonicMs, differenceMs);
  }

  /** What is known now; null before the first report. */
  estimate(): CameraClockEstimate | null {
    // Asked for several times between two reports.
    this.#estimate ??= this.#describe();
    return this.#estimate;
  }

  #describe(): CameraClockEstimate | null {
    if (this.#kind === null) return null;
    const interval = this.#interval();
    const common = { quality: this.#quality(), steppedAtMs: this.#steppedAtMs, measuredAtMs: Math.round(this.#measuredAtMs) };
    if (interval === null) return { kind: this.#kind, offsetMs: null, uncertaintyMs: null, driftPpm: null, ...common };
    // Adding 0 turns −0 into 0.
    const offsetMs = Math.round(interval.middleMs - this.#wallMinusMonotonicMs) + 0;
    return {
      kind: this.#kindOf(offsetMs),
      offsetMs,
      uncertaintyMs: Math.ceil(interval.halfMs) + 1,
      driftPpm: this.#drift.ppm(),
      ...common,
    };
  }

  /** The zone is judged by the estimate: a report that waited may look a minute slow. */
  #kindOf(offsetMs: number): CameraClockKind {
    if (this.#kind !== 'utc' && this.#kind !== 'local-time') return this.#kind ?? 'none';
    return zoneOffsetMinutes(offsetMs) === 0 ? 'utc' : 'local-time';
  }

  #quality(): CameraClockQuality {
    if (this.#repeats >= REPEATS_LIMIT) return 'repeating';
    if (this.#steppedBeforeMs !== null && this.#measuredAtMs - this.#steppedBeforeMs < STEPPING_WITHIN_MS) return 'stepping';
    return this.pairing.isBroken ? 'mispaired' : 'good';
  }

  /** Where camera minus monotonic clock lies. */
  #interval(): { readonly middleMs: number; readonly halfMs: number } | null {
    const newest = this.#samples.at(-1);
    if (newest === undefined) return null;
    const aged = this.#samples
      .map(({ arrivedMs, differenceMs }) => {
        const driftMs = (newest.arrivedMs - arrivedMs) * MAX_DRIFT;
        return { differenceMs, driftMs, leastMs: differenceMs - driftMs };
      })
      .sort((a, b) => b.leastMs - a.leastMs);
    const best = aged[0]!;
    const scatterMs = best.leastMs - aged[Math.floor(aged.length / 2)]!.differenceMs;
    const fewMs = aged.length < ENOUGH_SAMPLES ? LONE_REPORT_MS / aged.length : 0;
    // Drift to the other side than the one that was taken off.
    const waitedMs = Math.max(scatterMs, fewMs) + 2 * best.driftMs;
    const roundTripMs = this.#roundTripMs ?? ASSUMED_ROUND_TRIP_MS;
    // Whole seconds are cut off, not rounded: up to one of them is missing.
    const missingMs = roundTripMs + (this.#isWholeSeconds ? 1000 : 0);
    return { middleMs: best.leastMs + missingMs / 2, halfMs: missingMs / 2 + waitedMs };
  }

  #hasStepped(differenceMs: number, movedMs: number | null, arrivedMs: number): boolean {
    const interval = this.#interval();
    const newest = this.#samples.at(-1);
    if (interval === null || newest === undefined) return false;
    const cutOffMs = this.#isWholeSeconds ? 1000 : 0;
    const leastStepMs = MIN_STEP_MS + cutOffMs;
    const driftedMs = (arrivedMs - newest.arrivedMs) * MAX_DRIFT;
    // Nothing arrives early: a difference above the interval is another clock.
    if (differenceMs > interval.middleMs + interval.halfMs + driftedMs + MIN_STEP_MS) return true;
    if (differenceMs < interval.middleMs - interval.halfMs - MAX_DELAY_MS) return true;
    if (movedMs === null || Math.abs(movedMs) < leastStepMs || this.pairing.isBroken) return false;
    // Both halves tell of the same step: NTP time against RTP time, and NTP time against ours.
    return Math.abs(differenceMs - this.#newestDifferenceMs - movedMs) < Math.max(MIN_STEP_MS, Math.abs(movedMs) / 2);
  }

  #forget(): void {
    this.#samples = [];
    this.#drift = new DriftEstimate();
  }
}
