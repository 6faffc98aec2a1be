import { expect, it } from 'vitest';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import type { HlsPackager, PlaylistPosition } from '../../../media/hls/packager-contract.ts';
import { HlsOutput } from '../../../media/node/hls-output.ts';
import { DEFAULT_HUB_LIMITS, FanOutHub } from '../../../media/stream/fan-out-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';

it('packs again after a packager failed, with later numbers, and tells the truth meanwhile', () => {
  const clock = new FakeClock();
  const faults: unknown[] = [];
  const hub = new FanOutHub(DEFAULT_HUB_LIMITS, (error) => faults.push(error));
  const feeder = new FrameFeeder({ clock, audio: null });
  feeder.addSink({ onTracks: (tracks) => hub.feedTracks(tracks), onFrame: (frame) => hub.feedFrame(frame), onInterrupted: () => hub.interrupt() });
  const made: { readonly packager: HlsPackager; readonly after: PlaylistPosition | null }[] = [];
  const output = new HlsOutput({
    hub,
    createPackager: (after) => {
      const packager = createHlsPackager({ clock, after });
      made.push({ packager, after });
      return packager;
    },
    acquire: () => () => {},
    clock,
  });
  const first = output.for('person-1');
  for (let frame = 0; frame < 60; frame++) feeder.feedFrame();
  const position = first.position;
  first.onFrame = () => {
    throw new Error('odd frame');
  };
  feeder.feedFrame();
  expect([faults.length, hub.sinkCount, output.for('person-1') === first]).toEqual([1, 0, true]);
  expect(first.playlist({ msn: null, part: null, skip: false, ticket: 't' })).toMatchObject({ kind: 'unavailable' });
  clock.advance(1_000);
  expect([hub.sinkCount, made.length, output.for('person-1') === made[1]?.packager]).toEqual([1, 2, true]);
  expect(made[1]?.after).toEqual(position);
  output.close();
  expect([hub.sinkCount, clock.timerCount]).toEqual([0, 0]);
});
