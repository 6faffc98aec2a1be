import { describe, expect, it } from 'vitest';
import { delayOf } from './frame-delay.ts';

const sent = [
  { loopFrame: 238, sentAt: 1000 },
  { loopFrame: 239, sentAt: 1067 },
  { loopFrame: 0, sentAt: 1133 },
  { loopFrame: 238, sentAt: 17_000 },
];

describe('the delay of a shown frame', () => {
  it('counts from the sending of the frame whose number it carries', () => {
    expect(delayOf({ loopFrame: 0, atMs: 1200 }, sent)).toBe(67);
  });

  it('means the newest of several loops that was sent before it was shown', () => {
    expect(delayOf({ loopFrame: 238, atMs: 17_050 }, sent)).toBe(50);
    expect(delayOf({ loopFrame: 238, atMs: 1300 }, sent)).toBe(300);
  });

  it('is unknown without a mark, and for a frame that nobody sent before', () => {
    expect(delayOf({ loopFrame: null, atMs: 1300 }, sent)).toBeNull();
    expect(delayOf({ loopFrame: 12, atMs: 1300 }, sent)).toBeNull();
    expect(delayOf({ loopFrame: 0, atMs: 1100 }, sent)).toBeNull();
  });
});
