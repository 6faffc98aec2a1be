import { describe, expect, it } from 'vitest';
import { FragmentFanout, type FragmentViewer, type StreamOpening } from '../../../media/websocket/fragment-fanout.ts';
import type { MediaMessage } from '../../../media/websocket/media-message.ts';
import { FanOutHub, DEFAULT_HUB_LIMITS } from '../../../media/stream/fan-out-hub.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';

class RecordingViewer implements FragmentViewer {
  readonly openings: StreamOpening[] = [];
  readonly fragments: MediaMessage[] = [];
  interruptions = 0;

  onOpening(opening: StreamOpening): void {
    this.openings.push(opening);
  }

  onFragment(message: MediaMessage): void {
    this.fragments.push(message);
  }

  onInterrupted(): void {
    this.interruptions++;
  }

  /** Media time at which each fragment begins, in frames of the clip. */
  get startFrames(): number[] {
    return this.fragments.map(({ bytes }) => Math.round(bytes.readDoubleBE(10) * 15));
  }
}

/** A real hub fed by the clip, so that slabs are counted. */
function feed(audio: 'aac' | 'pcma' | null = null): { hub: FanOutHub; feeder: FrameFeeder; clock: FakeClock } {
  const clock = new FakeClock();
  const feeder = new FrameFeeder({ clock, audio });
  const hub = new FanOutHub(DEFAULT_HUB_LIMITS, (error) => {
    throw error;
  });
  feeder.addSink({
    onTracks: (tracks) => hub.feedTracks(tracks),
    onFrame: (frame) => hub.feedFrame(frame),
    onInterrupted: () => hub.interrupt(),
  });
  return { hub, feeder, clock };
}

describe('FragmentFanout', () => {
  it('makes one fragment per frame, the same bytes for all viewers', () => {
    const { hub, feeder } = feed();
    const fanout = new FragmentFanout(hub, new FakeClock());
    const viewers = [new RecordingViewer(), new RecordingViewer()];
    for (const viewer of viewers) fanout.add(viewer);
    for (let frame = 0; frame < 10; frame++) feeder.feedFrame();
    const [first, second] = viewers;
    expect(first?.openings[0]?.mimeType).toMatch(/^video\/mp4; codecs="avc1\.[0-9a-f]{6}"$/);
    expect(first?.startFrames).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    expect(first?.fragments.map(({ isKeyFrame }) => isKeyFrame)).toEqual([true, ...Array.from({ length: 8 }, () => false)]);
    expect(second?.fragments.every((message, index) => message === first?.fragments[index])).toBe(true);
  });

  it('gives a late viewer the group so far as one fragment, then exactly what follows', () => {
    const { hub, feeder } = feed('aac');
    const fanout = new FragmentFanout(hub, new FakeClock());
    const early = new RecordingViewer();
    fanout.add(early);
    for (let frame = 0; frame < 8; frame++) feeder.feedFrame();
    const late = new RecordingViewer();
    fanout.add(late);
    for (let frame = 0; frame < 3; frame++) feeder.feedFrame();
    expect(late.startFrames).toEqual([0, 7, 8, 9]);
    expect(late.fragments[0]?.isKeyFrame).toBe(true);
    expect(late.fragments.slice(1)).toEqual(early.fragments.slice(-3));
    expect(late.openings).toEqual(early.openings.slice(-1));
  });

  it('goes on for its viewers after a fault, with a new opening', () => {
    const { feeder } = feed();
    const clock = new FakeClock();
    const faults: unknown[] = [];
    const hub = new FanOutHub(DEFAULT_HUB_LIMITS, (error) => faults.push(error));
    feeder.addSink({ onTracks: (tracks) => hub.feedTracks(tracks), onFrame: (frame) => hub.feedFrame(frame), onInterrupted: () => hub.interrupt() });
    const fanout = new FragmentFanout(hub, clock);
    const viewer = new RecordingViewer();
    let isBroken = false;
    fanout.add({
      onOpening: () => {},
      onFragment: () => {
        if (isBroken) throw new Error('odd fragment');
      },
      onInterrupted: () => {},
    });
    fanout.add(viewer);
    for (let frame = 0; frame < 4; frame++) feeder.feedFrame();
    isBroken = true;
    feeder.feedFrame();
    isBroken = false;
    feeder.feedFrame();
    expect([faults.length, hub.sinkCount, viewer.openings.length, viewer.interruptions]).toEqual([1, 0, 1, 1]);
    const before = viewer.fragments.length;
    clock.advance(1_000);
    feeder.feedFrame();
    expect([hub.sinkCount, viewer.openings.length]).toEqual([1, 2]);
    expect(viewer.fragments[before]?.isKeyFrame).toBe(true);
  });

  it('plays AAC along, and says that G.711 is left out', () => {
    for (const [audio, treatment, codecs] of [
      ['aac', 'aac', /,mp4a\.40\.2"$/],
      ['pcma', 'left-out', /"avc1\.\w+"$/],
    ] as const) {
      const { hub } = feed(audio);
      const viewer = new RecordingViewer();
      new FragmentFanout(hub, new FakeClock()).add(viewer);
      expect(viewer.openings[0]?.audio).toBe(treatment);
      expect(viewer.openings[0]?.mimeType).toMatch(codecs);
    }
  });

  it('goes on with new parameters after an interruption, later by the time that passed', () => {
    const { hub, feeder } = feed();
    const fanout = new FragmentFanout(hub, new FakeClock());
    const viewer = new RecordingViewer();
    fanout.add(viewer);
    for (let frame = 0; frame < 5; frame++) feeder.feedFrame();
    feeder.pause(2);
    feeder.interrupt();
    feeder.rewind();
    for (let frame = 0; frame < 3; frame++) feeder.feedFrame();
    expect([viewer.interruptions, viewer.openings.length]).toEqual([1, 2]);
    expect(viewer.startFrames).toEqual([0, 1, 2, 3, 4, 35, 36]);
  });

  it('tells in each fragment when its first frame arrived', () => {
    const { hub, feeder, clock } = feed();
    const viewer = new RecordingViewer();
    new FragmentFanout(hub, new FakeClock()).add(viewer);
    feeder.feedFrame();
    const arrivedMs = Math.round(clock.wallClockMs());
    feeder.feedFrame();
    expect(viewer.fragments[0]?.bytes.readDoubleBE(2)).toBe(arrivedMs);
  });

  it('lets go of every slab with its last viewer, and of the hub', () => {
    const { hub, feeder } = feed('aac');
    const fanout = new FragmentFanout(hub, new FakeClock());
    const viewers = [new RecordingViewer(), new RecordingViewer()];
    for (const viewer of viewers) fanout.add(viewer);
    feeder.feed(3);
    for (const viewer of viewers) fanout.remove(viewer);
    expect(hub.sinkCount).toBe(0);
    hub.interrupt();
    expect(feeder.heldSlabs).toBe(0);
  });

  it('gathers two frames of a camera with 60 frames a second', () => {
    const hub = new ClipHub();
    const viewer = new RecordingViewer();
    const fanout = new FragmentFanout(hub, new FakeClock());
    fanout.add(viewer);
    const slow = viewer.fragments.length;
    hub.advance(1);
    // The clip's ticks are of 15 frames a second: a clock four times as fast makes them 60.
    hub.tracks = { ...hub.tracks, generation: 2, video: hub.tracks.video === null ? null : { ...hub.tracks.video, clockRateHz: 360_000 } };
    for (const sink of hub.sinks) sink.onTracks(hub.tracks);
    const before = viewer.fragments.length;
    hub.advance(29 + 9);
    expect(slow).toBe(0);
    // The clip's next key frame is its 31st frame; from there 9 frames, of which one is held back, in twos.
    expect(viewer.fragments.length - before).toBe(4);
  });
});
