import { describe, expect, it } from 'vitest';
import { readBox } from '../../../media/fmp4/box-reader.ts';
import { parseMovieFragment, parseProducerReference } from '../../../media/fmp4/fragment-parser.ts';
import { parseInitSegment } from '../../../media/fmp4/init-parser.ts';
import { SampleCollector } from '../../../media/fmp4/sample-collector.ts';
import type { Frame } from '../../../media/stream/frame.ts';
import { dumpBoxes } from '../../support/box-dump.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { aacTrack, fixedFrame, h264Track } from '../../support/fixed-tracks.ts';
import { bytesOf, collectFragment, initOf, storableTracks } from '../../support/fragment-collection.ts';
import { CountedSlab, FrameFeeder } from '../../support/frame-feeder.ts';
import { expectGolden } from '../../support/golden.ts';

describe('SampleCollector', () => {
  it('writes a fragment with two tracks and its arrival, box by box as reviewed', () => {
    const collector = new SampleCollector(h264Track, aacTrack, true);
    const arrivedMs = Date.UTC(2026, 4, 1, 8);
    for (let frame = 0; frame < 4; frame++) {
      const videoTicks = 1_000 + frame * 6_000;
      collector.pushVideo(
        fixedFrame({ kind: 'video', isKeyFrame: frame === 0, decodeTicks: videoTicks, sizeBytes: 5 + frame, arrivedMs: arrivedMs + frame * 66 }),
      );
      const audioTicks = 178 + frame * 1_024;
      collector.pushAudio(fixedFrame({ kind: 'audio', isKeyFrame: true, decodeTicks: audioTicks, sizeBytes: 3, arrivedMs: arrivedMs + frame * 64 }));
    }
    const fragment = collector.finishFragment();
    const bytes = fragment === null ? Buffer.alloc(0) : bytesOf(fragment);
    expectGolden('fmp4/fragment-h264-aac.txt', `${dumpBoxes(bytes)}\n`);
  });

  it('writes what the parser reads back: times, counts, sizes', () => {
    const clock = new FakeClock();
    const feeder = new FrameFeeder({ clock, audio: 'aac', firstTicks: 2 ** 40 });
    const arrivedMs = clock.wallClockMs();
    const fragment = collectFragment(feeder, 1, true);
    const bytes = bytesOf(fragment);
    const prft = readBox(bytes, 0);
    const moof = prft === null ? null : readBox(bytes, prft.end);
    const mdat = moof === null ? null : readBox(bytes, moof.end);
    const init = parseInitSegment(initOf(feeder));
    if (prft === null || moof === null || mdat === null || init === null) throw new Error('a box is missing');
    const [video, audio] = parseMovieFragment(bytes, moof, init.tracks) ?? [];
    expect(video).toMatchObject({ trackId: 1, startTicks: 0, durationTicks: 90_000, sampleCount: 15, startsWithKeyFrame: true });
    expect(audio).toMatchObject({ trackId: 2, startTicks: 0, sampleCount: 16 });
    expect((video?.sizeBytes ?? 0) + (audio?.sizeBytes ?? 0)).toBe(mdat.end - mdat.bodyStart);
    expect(mdat.end).toBe(bytes.length);
    expect(parseProducerReference(bytes, prft)).toBe(Math.round(arrivedMs + 1000 / 15));
  });

  it('does not copy frames: joined views on the slab, released exactly', () => {
    const feeder = new FrameFeeder({ clock: new FakeClock(), codec: 'h265' });
    const fragment = collectFragment(feeder, 1);
    expect(fragment.body.count).toBe(1);
    expect(feeder.heldSlabs).toBe(1);
    fragment.body.release();
    expect(feeder.heldSlabs).toBe(0);
  });

  it('lets go of everything when discarded, the frame held back included', () => {
    const feeder = new FrameFeeder({ clock: new FakeClock(), audio: 'aac' });
    const { video, audio } = storableTracks(feeder);
    const collector = new SampleCollector(video, audio, false);
    feeder.addSink({
      onTracks() {},
      onFrame: (frame) => (frame.kind === 'video' ? collector.pushVideo(frame) : collector.pushAudio(frame)),
      onInterrupted() {},
    });
    feeder.feed(1);
    expect(feeder.heldSlabs).toBe(1);
    collector.discard();
    collector.discard();
    expect(feeder.heldSlabs).toBe(0);
  });

  it('places sound by its arrival when its ticks have another origin than those of the video', () => {
    const feeder = new FrameFeeder({ clock: new FakeClock(), audio: 'aac' });
    const { video, audio } = storableTracks(feeder);
    const collector = new SampleCollector(video, audio, false);
    const slab = new CountedSlab();
    const frame = (kind: 'video' | 'audio', decodeTicks: number, arrivedMs: number): Frame => ({
      kind,
      slab,
      start: 0,
      end: 100,
      isKeyFrame: true,
      decodeTicks,
      compositionOffsetTicks: 0,
      arrivedMonotonicMs: arrivedMs,
      arrivedWallClockMs: arrivedMs,
      generation: 1,
    });
    collector.pushVideo(frame('video', 5_000_000, 1_000));
    collector.pushAudio(frame('audio', 77, 1_500));
    collector.pushVideo(frame('video', 5_090_000, 2_000));
    const fragment = collector.finishFragment();
    const init = parseInitSegment(initOf(feeder));
    const bytes = fragment === null ? Buffer.alloc(0) : bytesOf(fragment);
    const moof = readBox(bytes, 0);
    const tracks = moof === null || init === null ? null : parseMovieFragment(bytes, moof, init.tracks);
    expect(tracks?.[1]).toMatchObject({ startTicks: 8_000, sampleCount: 1 });
    collector.discard();
    expect(slab.holders).toBe(1);
  });

  it('is full when timestamps hardly advance, so that memory stays bounded', () => {
    const feeder = new FrameFeeder({ clock: new FakeClock() });
    const { video } = storableTracks(feeder);
    const collector = new SampleCollector(video, null, false);
    const slab = new CountedSlab();
    let pushed = 0;
    while (!collector.isFull && pushed < 100_000) {
      const wall = 1_000 + pushed;
      collector.pushVideo({
        kind: 'video',
        slab,
        start: 0,
        end: 10,
        isKeyFrame: true,
        decodeTicks: pushed++,
        compositionOffsetTicks: 0,
        arrivedMonotonicMs: wall,
        arrivedWallClockMs: wall,
        generation: 1,
      });
    }
    expect(pushed).toBeLessThan(1_000);
    collector.discard();
  });
});
