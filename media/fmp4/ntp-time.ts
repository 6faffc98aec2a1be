/** Wall clock as a 64-bit NTP timestamp: seconds since 1900 and a 32-bit fraction (RFC 5905 §6). */
import type { ByteWriter } from '../bytes/byte-writer.ts';

/** Seconds from 1900 to 1970. */
const secondsTo1970 = 2_208_988_800;

/** `wallClockMs`: ms since 1970, up to the end of NTP's first era in 2036 and into the second. */
export function writeNtpTime(writer: ByteWriter, wallClockMs: number): void {
  const seconds = Math.floor(wallClockMs / 1000);
  const fraction = Math.round(((wallClockMs - seconds * 1000) * 0x1_0000_0000) / 1000);
  writer.u32((seconds + secondsTo1970) >>> 0);
  writer.u32(Math.min(0xffff_ffff, fraction));
}

/** Back to ms since 1970, rounded to whole ms. Seconds below 2^31 are taken as the second era, from 2036 on. */
export function ntpToWallClockMs(seconds: number, fraction: number): number {
  const era = seconds < 0x8000_0000 ? 0x1_0000_0000 : 0;
  return (seconds + era - secondsTo1970) * 1000 + Math.round((fraction * 1000) / 0x1_0000_0000);
}
