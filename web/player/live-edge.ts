/** Keeps a picture near the newest frame there is: pure policy over the buffer of a video element. All in seconds. */

/** A stretch that is buffered. */
export interface BufferedRange {
  readonly start: number;
  readonly end: number;
}

export type LiveEdgeStep =
  /** Nothing to do; `playbackRate` is what it shall be. */
  { readonly kind: 'play'; readonly playbackRate: number } | { readonly kind: 'jump'; readonly toSeconds: number };

/** Further behind, chasing would take too long. */
const jumpFromSeconds = 1.5;
/** Where a jump lands: Chromium wants a few frames in hand before it goes on playing. */
const landingSeconds = 0.2;
/** Chased from here … */
const chaseFromSeconds = 0.5;
/** … down to here: a few frames at hand ride out the jitter of a network. */
const calmAtSeconds = 0.25;
/** Sound keeps its pitch, and nobody sees it. */
const chaseRate = 1.08;

/** What to do now. `ranges` in order; `playbackRate` is the one in use, for hysteresis. */
export function nextLiveEdgeStep(facts: {
  readonly currentSeconds: number;
  readonly ranges: readonly BufferedRange[];
  readonly playbackRate: number;
}): LiveEdgeStep {
  const { currentSeconds, ranges, playbackRate } = facts;
  const newest = ranges.at(-1);
  if (newest === undefined) return { kind: 'play', playbackRate: 1 };
  const behindSeconds = newest.end - currentSeconds;
  // Before the newest range: frames are missing in between, or the first have just come.
  if (currentSeconds < newest.start || behindSeconds > jumpFromSeconds) {
    return { kind: 'jump', toSeconds: Math.max(newest.start, newest.end - landingSeconds) };
  }
  const isChasing = behindSeconds > (playbackRate > 1 ? calmAtSeconds : chaseFromSeconds);
  return { kind: 'play', playbackRate: isChasing ? chaseRate : 1 };
}
