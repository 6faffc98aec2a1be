import { expect, it } from 'vitest';
import { effectScope, shallowRef } from 'vue';
import type { Camera } from '../../../server/contract/cameras.ts';
import { knownStreams, useKnownStreams } from '../../../web/player/known-streams.ts';

const both = [{ role: 'main' }, { role: 'sub' }];
const camera = (measured: readonly object[], id = 'camera-1', streams: readonly object[] = both) =>
  ({ id, streams, state: { streams: measured } }) as unknown as Camera;
const measured = [
  { role: 'main', codec: 'h265', audioCodec: 'aac' },
  { role: 'sub', codec: 'h264', audioCodec: null },
];

it('holds what was measured last while nothing is measured', () => {
  const known = knownStreams([], camera(measured));
  expect(known).toEqual(measured);
  expect(knownStreams(known, camera([]))).toEqual(measured);
  expect(knownStreams(known, camera([{ role: 'main', codec: null, audioCodec: null }]))).toEqual(measured);
});

it('goes by a new measurement, and forgets a stream that was removed', () => {
  const silent = { role: 'main', codec: 'h264', audioCodec: null };
  expect(knownStreams(knownStreams([], camera(measured)), camera([silent], 'camera-1', [{ role: 'main' }]))).toEqual([silent]);
});

it('changes nothing when the server loses sight of the streams, and knows nothing of another camera', () => {
  const now = shallowRef<Camera | undefined>(camera(measured));
  effectScope().run(() => {
    const streams = useKnownStreams(now);
    const before = streams.value;
    now.value = camera([]);
    expect(streams.value).toBe(before);
    now.value = camera([], 'camera-2');
    expect(streams.value.map(({ codec }) => codec)).toEqual([null, null]);
  });
});
