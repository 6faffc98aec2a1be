import { describe, expect, it } from 'vitest';
import { DEFAULT_HUB_LIMITS, FanOutHub } from '../../../media/stream/fan-out-hub.ts';
import { LastingAttachment } from '../../../media/stream/lasting-attachment.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FrameMaker, RecordingSink, tracksOf } from './stream-fixtures.ts';

function setUp() {
  const clock = new FakeClock();
  const maker = new FrameMaker();
  const faults: unknown[] = [];
  const hub = new FanOutHub(DEFAULT_HUB_LIMITS, (error) => faults.push(error));
  const state = { isBroken: false, expulsions: 0 };
  const sink = new RecordingSink((event) => {
    if (state.isBroken && event.startsWith('video')) throw new Error('odd frame');
  });
  const attachment = new LastingAttachment({ hub, sink: () => sink, onExpelled: () => state.expulsions++, clock });
  const feed = (isKeyFrame = true): void => maker.make((frame) => hub.feedFrame(frame), { kind: 'video', isKeyFrame });
  hub.feedTracks(tracksOf(1));
  return { clock, hub, sink, attachment, feed, faults, state };
}

describe('LastingAttachment', () => {
  it('attaches a sink anew that threw, later each time, and forgets after a minute of good work', () => {
    const { clock, hub, sink, attachment, feed, faults, state } = setUp();
    attachment.attach();
    state.isBroken = true;
    feed();
    expect([hub.sinkCount, state.expulsions, faults.length]).toEqual([0, 1, 1]);
    // Nobody's asking makes it earlier. The cached group is what it fails at again.
    attachment.attach();
    clock.advance(999);
    expect([hub.sinkCount, faults.length]).toEqual([0, 1]);
    clock.advance(1);
    expect([hub.sinkCount, faults.length]).toEqual([0, 2]);
    state.isBroken = false;
    clock.advance(2_000);
    expect([hub.sinkCount, sink.events.slice(-2)]).toEqual([1, ['tracks 1', 'video 1 key']]);
    clock.advance(60_000);
    state.isBroken = true;
    feed();
    state.isBroken = false;
    clock.advance(1_000);
    expect([hub.sinkCount, faults.length]).toEqual([1, 3]);
  });

  it('is gone for good once detached, be it attached or waiting', () => {
    for (const isBroken of [false, true]) {
      const { clock, hub, attachment, feed, state } = setUp();
      attachment.attach();
      state.isBroken = isBroken;
      feed();
      attachment.detach();
      attachment.detach();
      clock.advance(600_000);
      expect([hub.sinkCount, clock.timerCount]).toEqual([0, 0]);
    }
  });
});
