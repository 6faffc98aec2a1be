import { describe, expect, it } from 'vitest';
import { HlsAudience } from '../../../media/node/hls-audience.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function setUp() {
  const clock = new FakeClock();
  const counts = { held: 0, emptied: 0 };
  const audience = new HlsAudience(
    clock,
    () => {
      counts.held++;
      return () => counts.held--;
    },
    () => counts.emptied++,
  );
  return { clock, counts, audience };
}

describe('HlsAudience', () => {
  it('holds the stream once per person while requests keep coming', () => {
    const { clock, counts, audience } = setUp();
    for (let round = 0; round < 10; round++) {
      audience.touch('a');
      audience.touch('b');
      clock.advance(6_000);
    }
    expect(counts).toEqual({ held: 2, emptied: 0 });
  });

  it('lets go of each viewer when it has been quiet, and says when the last has gone', () => {
    const { clock, counts, audience } = setUp();
    audience.touch('a');
    clock.advance(8_000);
    audience.touch('b');
    clock.advance(4_000);
    expect(counts).toEqual({ held: 1, emptied: 0 });
    clock.advance(8_000);
    expect(counts).toEqual({ held: 0, emptied: 1 });
    expect(clock.timerCount).toBe(0);
  });

  it('counts a viewer as there while a request waits, however long, and for a while after', () => {
    const { clock, counts, audience } = setUp();
    const leave = audience.hold('a');
    clock.advance(28_000);
    expect(counts).toEqual({ held: 1, emptied: 0 });
    leave();
    clock.advance(11_000);
    expect(counts).toEqual({ held: 1, emptied: 0 });
    clock.advance(13_000);
    expect([counts, clock.timerCount]).toEqual([{ held: 0, emptied: 1 }, 0]);
  });

  it('tells no more than a thousand apart', () => {
    const { clock, counts, audience } = setUp();
    for (let ticket = 0; ticket < 5_000; ticket++) audience.touch(`ticket-${ticket}`);
    expect([audience.size, counts.held]).toEqual([1_000, 1_000]);
    clock.advance(12_000);
    expect([audience.size, counts]).toEqual([0, { held: 0, emptied: 1 }]);
  });

  it('serves a viewer who comes back', () => {
    const { clock, counts, audience } = setUp();
    audience.touch('a');
    clock.advance(60_000);
    audience.touch('a');
    expect(counts).toEqual({ held: 1, emptied: 1 });
    audience.close();
    expect(counts).toEqual({ held: 0, emptied: 1 });
    expect(clock.timerCount).toBe(0);
  });
});
