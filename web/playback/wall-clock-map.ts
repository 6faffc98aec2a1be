/**
 * Between the time of the video element and true time. A playback playlist strings recordings together without their
 * gaps; each fragment says by its program date time when it was really recorded.
 */

/** One fragment: place in the video and true beginning. */
export interface TimedFragment {
  /** Seconds in the video element's time. */
  readonly startSeconds: number;
  readonly durationSeconds: number;
  /** ms since 1970. */
  readonly recordedAtMs: number;
}

/** True time of a moment of the video, ms since 1970; null without fragments. Beyond the last fragment its end counts. */
export function trueTimeOf(seconds: number, fragments: readonly TimedFragment[]): number | null {
  let found: TimedFragment | null = null;
  for (const fragment of fragments) {
    // Half a frame of tolerance: fragments meet with rounding, and a seek to a fragment's start must not land in the one before.
    if (fragment.startSeconds > seconds + 0.02) break;
    found = fragment;
  }
  found ??= fragments[0] ?? null;
  if (found === null) return null;
  const inside = Math.min(Math.max(0, seconds - found.startSeconds), found.durationSeconds);
  return found.recordedAtMs + inside * 1000;
}

/** Where in the video a true moment is. In a gap: the beginning of the next fragment, with `isExact` false; null when nothing follows. */
export function videoTimeOf(atMs: number, fragments: readonly TimedFragment[]): { readonly seconds: number; readonly isExact: boolean } | null {
  for (const fragment of fragments) {
    const endMs = fragment.recordedAtMs + fragment.durationSeconds * 1000;
    if (atMs >= endMs) continue;
    if (atMs < fragment.recordedAtMs) return { seconds: fragment.startSeconds, isExact: false };
    return { seconds: fragment.startSeconds + (atMs - fragment.recordedAtMs) / 1000, isExact: true };
  }
  return null;
}
