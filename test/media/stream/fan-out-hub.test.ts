import { describe, expect, it } from 'vitest';
import { FanOutHub } from '../../../media/stream/fan-out-hub.ts';
import type { HubLimits } from '../../../media/stream/fan-out-hub.ts';
import type { Frame } from '../../../media/stream/frame.ts';
import { FrameMaker, RecordingSink, tracksOf } from './stream-fixtures.ts';

class HubProbe {
  readonly faults: unknown[] = [];
  readonly maker = new FrameMaker();
  readonly hub: FanOutHub;

  constructor(limits: Partial<HubLimits> = {}) {
    this.hub = new FanOutHub({ maxCachedBytes: 1000, maxCachedFrames: 10, ...limits }, (error) => this.faults.push(error));
  }

  /** `K` key frame, `d` delta frame, `a` audio. */
  feed(pattern: string, overrides: Partial<Frame> & { readonly sizeBytes?: number } = {}): this {
    for (const letter of pattern) {
      const kind = letter === 'a' ? 'audio' : 'video';
      this.maker.make((frame) => this.hub.feedFrame(frame), { kind, isKeyFrame: letter !== 'd', ...overrides });
    }
    return this;
  }
}

describe('FanOutHub', () => {
  it('gives a new sink tracks and the cached group at once, then everything', () => {
    const probe = new HubProbe();
    const sink = new RecordingSink();
    probe.hub.feedTracks(tracksOf(1));
    probe.feed('KdaKad');
    probe.hub.addSink(sink, 'cached-group');
    probe.feed('da');
    expect(sink.events).toEqual(['tracks 1', 'video 4 key', 'audio 5', 'video 6', 'video 7', 'audio 8']);
  });

  it('lets a sink that wants to start clean wait for the next key frame, sound too', () => {
    const probe = new HubProbe();
    const sink = new RecordingSink();
    probe.hub.feedTracks(tracksOf(1));
    probe.feed('Kd');
    probe.hub.addSink(sink, 'next-key-frame');
    probe.feed('daKda');
    expect(sink.events).toEqual(['tracks 1', 'video 5 key', 'video 6', 'audio 7']);
  });

  it('tells a sink that was there first of tracks, of another generation, and of an interruption', () => {
    const probe = new HubProbe();
    const sink = new RecordingSink();
    probe.hub.addSink(sink, 'cached-group');
    probe.hub.interrupt();
    probe.hub.feedTracks(tracksOf(1));
    probe.feed('Kd');
    probe.hub.feedTracks(tracksOf(2));
    probe.feed('dK');
    probe.hub.interrupt();
    probe.hub.interrupt();
    expect(sink.events).toEqual(['tracks 1', 'video 1 key', 'video 2', 'tracks 2', 'video 4 key', 'interrupted']);
    expect([probe.hub.tracks, probe.maker.pool.slabsInUse]).toEqual([null, 0]);
  });

  it('removes and reports a sink that throws, wherever it does, and nobody else notices', () => {
    for (const moment of ['tracks', 'video', 'interrupted']) {
      const probe = new HubProbe();
      const bad = new RecordingSink((event) => {
        if (event.startsWith(moment)) throw new Error(moment);
      });
      const good = [new RecordingSink(), new RecordingSink()];
      probe.hub.addSink(good[0]!, 'cached-group');
      probe.hub.addSink(bad, 'cached-group');
      probe.hub.addSink(good[1]!, 'cached-group');
      probe.hub.feedTracks(tracksOf(1));
      probe.feed('Kd');
      probe.hub.interrupt();
      expect(probe.faults).toEqual([new Error(moment)]);
      for (const sink of good) expect(sink.events).toEqual(['tracks 1', 'video 1 key', 'video 2', 'interrupted']);
      expect([bad.events.at(-1)?.startsWith(moment), probe.hub.sinkCount]).toEqual([true, 2]);
    }
  });

  it('lets sinks come and go while a frame is handed round', () => {
    const probe = new HubProbe();
    const late = new RecordingSink();
    const removals: (() => void)[] = [];
    const first = new RecordingSink((event) => {
      if (event !== 'video 1 key') return;
      removals[1]?.();
      probe.hub.addSink(late, 'cached-group');
    });
    const second = new RecordingSink();
    probe.hub.feedTracks(tracksOf(1));
    removals.push(probe.hub.addSink(first, 'cached-group'), probe.hub.addSink(second, 'cached-group'));
    probe.feed('Kd');
    expect(first.events).toEqual(['tracks 1', 'video 1 key', 'video 2']);
    expect(second.events).toEqual(['tracks 1']);
    expect(late.events).toEqual(['tracks 1', 'video 1 key', 'video 2']);
  });

  it('stops a sink that removes itself while it is given the cached group', () => {
    const probe = new HubProbe();
    probe.hub.feedTracks(tracksOf(1));
    const sink = new RecordingSink(() => {
      if (sink.events.length === 1) throw new Error('enough');
    });
    probe.feed('Kdd');
    probe.hub.addSink(sink, 'cached-group');
    expect([sink.events, probe.hub.sinkCount]).toEqual([['tracks 1'], 0]);
  });

  it.each([
    ['frames', { maxCachedFrames: 3 }, 10],
    ['bytes', { maxCachedBytes: 35 }, 10],
  ])('bounds the cache in %s: half a group is dropped, the next one is kept', (_, limits, sizeBytes) => {
    const probe = new HubProbe(limits);
    probe.hub.feedTracks(tracksOf(1));
    probe.feed('Kdddd', { sizeBytes });
    expect([probe.hub.cachedBytes, probe.hub.overflows, probe.maker.pool.slabsInUse]).toEqual([0, 1, 0]);
    const sink = new RecordingSink();
    probe.hub.addSink(sink, 'cached-group');
    probe.feed('dKd', { sizeBytes });
    expect(sink.events).toEqual(['tracks 1', 'video 7 key', 'video 8']);
    expect(probe.maker.pool.slabsInUse).toBe(2);
  });

  it('holds the slabs of the cached group and of nothing else', () => {
    const probe = new HubProbe();
    probe.hub.feedTracks(tracksOf(1));
    probe.feed('KdddKd');
    expect(probe.maker.pool.slabsInUse).toBe(2);
    probe.hub.interrupt();
    expect(probe.maker.pool.slabsInUse).toBe(0);
  });

  it('removes a sink once, however often it is told', () => {
    const probe = new HubProbe();
    const remove = probe.hub.addSink(new RecordingSink(), 'cached-group');
    probe.hub.addSink(new RecordingSink(), 'cached-group');
    remove();
    remove();
    expect(probe.hub.sinkCount).toBe(1);
  });
});
