import { describe, expect, it } from 'vitest';
import { boxesIn } from '../../../media/fmp4/box-reader.ts';
import { parseMovieFragment } from '../../../media/fmp4/fragment-parser.ts';
import { shiftFragment } from '../../../media/fmp4/fragment-shift.ts';
import { parseInitSegment } from '../../../media/fmp4/init-parser.ts';
import { removeTrackFromFragments, removeTrackFromInit } from '../../../media/fmp4/track-removal.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { bytesOf, collectFragment, initOf } from '../../support/fragment-collection.ts';
import { FrameFeeder } from '../../support/frame-feeder.ts';

function recording() {
  const feeder = new FrameFeeder({ clock: new FakeClock(), audio: 'pcma' });
  const init = initOf(feeder);
  return { init, tracks: parseInitSegment(init)?.tracks ?? [], fragment: bytesOf(collectFragment(feeder, 1, true)) };
}

function tracksIn(fragment: Buffer, tracks: ReturnType<typeof recording>['tracks']) {
  const moof = [...boxesIn(fragment)].find((box) => box.type === 'moof');
  return moof === undefined ? null : parseMovieFragment(fragment, moof, tracks);
}

describe('shiftFragment', () => {
  it('moves each track by its own ticks, over 32 bits too', () => {
    const { tracks, fragment } = recording();
    expect(
      shiftFragment(
        fragment,
        7,
        new Map([
          [1, 2 ** 33 + 5],
          [2, 800],
        ]),
      ),
    ).toBe(true);
    expect(tracksIn(fragment, tracks)?.map((track) => track.startTicks)).toEqual([2 ** 33 + 5, 800]);
    expect(fragment.readUInt32BE(32 + 8 + 12)).toBe(7);
  });

  it('never moves before the beginning', () => {
    const { tracks, fragment } = recording();
    shiftFragment(
      fragment,
      1,
      new Map([
        [1, -10],
        [2, -10],
      ]),
    );
    expect(tracksIn(fragment, tracks)?.map((track) => track.startTicks)).toEqual([0, 0]);
  });
});

describe('removing a track', () => {
  it('leaves the picture and every offset as they are', () => {
    const { init, tracks, fragment } = recording();
    const sizes = { init: init.length, fragment: fragment.length };
    removeTrackFromInit(init, 2);
    removeTrackFromFragments(fragment, 2);
    expect(parseInitSegment(init)?.tracks.map((track) => track.sampleEntry)).toEqual(['avc1']);
    expect(tracksIn(fragment, tracks)?.map((track) => track.trackId)).toEqual([1]);
    expect({ init: init.length, fragment: fragment.length }).toEqual(sizes);
    expect(init.includes('alaw')).toBe(true);
  });
});
