/** What a sender report of a simulated camera says: its wall clock, and the moment whose RTP time goes with it. */
import type { Fault } from './fault.ts';

/** How far a camera with a wrong clock is off. */
const WRONG_CLOCK_MS = 3_600_000;
const BEIJING_MS = 8 * 3_600_000;
const STEP_MS = 5000;
const DRIFT = 1e-3;
/** NTP time 0, in ms since 1970. */
const NTP_ZERO_MS = -2_208_988_800_000;
/** No camera answers sooner after it got power. */
const BOOT_MS = 60_000;

/** A pair of NTP and RTP time. Both in wall-clock ms of the simulator but for the error that the fault brings. */
export interface ReportedPair {
  /** Goes into the NTP timestamp. */
  readonly wallClockMs: number;
  /** The RTP time of this moment goes along. */
  readonly mediaAtMs: number;
}

/** The pair of a report that is sent at `nowMs`. */
export function reportedPair(fault: Fault | null, nowMs: number, bootedAtMs: number): ReportedPair {
  const sinceMs = fault?.sinceMs ?? nowMs;
  switch (fault?.kind) {
    case 'wrong-clock':
      return { wallClockMs: nowMs + WRONG_CLOCK_MS, mediaAtMs: nowMs };
    case 'local-time':
      return { wallClockMs: nowMs + BEIJING_MS, mediaAtMs: nowMs };
    case 'boot-time':
      return { wallClockMs: NTP_ZERO_MS + BOOT_MS + nowMs - bootedAtMs, mediaAtMs: nowMs };
    case 'unix-time':
      return { wallClockMs: NTP_ZERO_MS + nowMs, mediaAtMs: nowMs };
    case 'no-clock':
      return { wallClockMs: NTP_ZERO_MS, mediaAtMs: nowMs };
    case 'clock-step':
      return { wallClockMs: nowMs + STEP_MS, mediaAtMs: nowMs };
    case 'clock-drift':
      return { wallClockMs: nowMs + (nowMs - sinceMs) * DRIFT, mediaAtMs: nowMs };
    case 'stale-reports':
      return { wallClockMs: sinceMs, mediaAtMs: sinceMs };
    case 'mispaired-reports':
      return { wallClockMs: nowMs, mediaAtMs: sinceMs };
    default:
      return { wallClockMs: nowMs, mediaAtMs: nowMs };
  }
}
