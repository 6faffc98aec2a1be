/**
 * What a camera means by the NTP time of its sender reports (RFC 3550 §4, RFC 5905 §6): seconds since 1900, if it were right.
 *
 *     seconds of the field                                   | kind         | taken as
 *     -------------------------------------------------------+--------------+------------------------------
 *     0                                                      | none         | nothing
 *     seconds since 1970, within a year of ours              | unix-epoch   | ms since 1970
 *     less than 10 years                                     | since-boot   | nothing (a running time, no clock)
 *     before 2010, era 0                                     | never-set    | ms since 1970
 *     off by whole half hours, to the minute, at most 14 h   | local-time   | ms since 1970
 *     anything else, in the era nearest to our clock         | utc          | ms since 1970
 */
import type { CameraClockKind } from '../contract/streams.ts';

/** A camera's NTP time as far as it can be understood. `wallClockMs` is null where it tells no time of day. */
export type CameraTime =
  | { readonly kind: 'none' | 'since-boot'; readonly wallClockMs: null }
  | { readonly kind: Exclude<CameraClockKind, 'none' | 'since-boot'>; readonly wallClockMs: number };

/** From 1900 to 1970. */
const UNIX_EPOCH_MS = 2_208_988_800_000;
/** NTP seconds have 32 bits: the second era begins in February 2036. */
const ERA_MS = 2 ** 32 * 1000;
const YEAR_MS = 365.25 * 86_400_000;
/** Longer than any camera runs without a restart. */
const MAX_UPTIME_MS = 10 * YEAR_MS;
/** Whoever sends recordings of before has a clock that starts at a date of the factory's. */
const OLDEST_DATE_MS = Date.UTC(2010, 0);
/** Zones lie half hours apart (the few quarter hours are not told from clocks that are wrong), at most so far from UTC. */
const ZONE_STEP_MS = 30 * 60_000;
const MAX_ZONE_MS = 14 * 3_600_000;
/** A clock in local time that is itself not set right; beyond a minute either explanation is as good. */
const ZONE_TOLERANCE_MS = 60_000;

/** `ntpMs`: ms since 1900 of the field, 0 where it is empty. `nodeWallClockMs`: our clock, ms since 1970. */
export function readCameraTime(ntpMs: number, nodeWallClockMs: number): CameraTime {
  if (ntpMs < 1000) return { kind: 'none', wallClockMs: null };
  if (Math.abs(ntpMs - nodeWallClockMs) < YEAR_MS) return { kind: 'unix-epoch', wallClockMs: ntpMs };
  const firstEraMs = ntpMs - UNIX_EPOCH_MS;
  const secondEraMs = firstEraMs + ERA_MS;
  const isSecondEra = Math.abs(secondEraMs - nodeWallClockMs) < Math.abs(firstEraMs - nodeWallClockMs) && secondEraMs - nodeWallClockMs < YEAR_MS;
  if (!isSecondEra && ntpMs < MAX_UPTIME_MS) return { kind: 'since-boot', wallClockMs: null };
  const wallClockMs = isSecondEra ? secondEraMs : firstEraMs;
  if (wallClockMs < OLDEST_DATE_MS) return { kind: 'never-set', wallClockMs };
  return { kind: zoneOffsetMinutes(wallClockMs - nodeWallClockMs) === 0 ? 'utc' : 'local-time', wallClockMs };
}

/** Whole half hours by which a clock is off, in minutes, when that is all that is wrong with it; else 0. */
export function zoneOffsetMinutes(offsetMs: number): number {
  const zoneMs = Math.round(offsetMs / ZONE_STEP_MS) * ZONE_STEP_MS;
  const isZone = Math.abs(zoneMs) <= MAX_ZONE_MS && Math.abs(offsetMs - zoneMs) <= ZONE_TOLERANCE_MS;
  return isZone ? zoneMs / 60_000 + 0 : 0;
}
