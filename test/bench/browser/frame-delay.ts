/** From the frame number in a picture to the time that it was on its way. Pure. */
import type { SentFrame } from './platform.ts';

/** A frame on screen. */
export interface ShownFrame {
  /** What the frame mark says; null where there was none to read. */
  readonly loopFrame: number | null;
  /** Wall clock, ms since 1970. */
  readonly atMs: number;
}

/**
 * Milliseconds between sending and showing; null for a frame without a readable mark, or one that nobody sent before.
 *
 * @param sent oldest first; numbers begin anew with every loop (16 s), and the newest that fits is meant
 */
export function delayOf({ loopFrame, atMs }: ShownFrame, sent: readonly SentFrame[]): number | null {
  if (loopFrame === null) return null;
  const origin = sent.findLast((frame) => frame.loopFrame === loopFrame && frame.sentAt <= atMs);
  return origin === undefined ? null : atMs - origin.sentAt;
}
