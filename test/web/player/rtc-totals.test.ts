import { expect, it } from 'vitest';
import { addTotals, readRtcTotals } from '../../../web/player/rtc-totals.ts';

const video = { type: 'inbound-rtp', kind: 'video', bytesReceived: 9000, packetsReceived: 10, packetsLost: 2 };
const path = { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.0125 };

it('reads bytes, packets and round trip of the video among all the rest', () => {
  expect(readRtcTotals([{ type: 'inbound-rtp', kind: 'audio', bytesReceived: 1 }, { type: 'codec' }, path, video, null, 7])).toEqual({
    bytes: 9000,
    packets: { received: 10, lost: 2 },
    roundTripMs: 12.5,
  });
});

it('knows nothing before the first packet, and no round trip without a path', () => {
  expect(readRtcTotals([])).toBeNull();
  expect(readRtcTotals([{ ...path, state: 'in-progress' }, video])?.roundTripMs).toBeNull();
});

it('takes a negative loss, after packets that came twice, for none', () => {
  expect(readRtcTotals([{ ...video, packetsLost: -3 }])?.packets).toEqual({ received: 10, lost: 0 });
});

it('goes on counting over a connection that was replaced', () => {
  const before = { bytes: 100, packets: { received: 10, lost: 2 }, roundTripMs: 5 };
  const now = { bytes: 30, packets: { received: 3, lost: 1 }, roundTripMs: 7 };
  expect(addTotals(null, now)).toEqual(now);
  expect(addTotals(before, now)).toEqual({ bytes: 130, packets: { received: 13, lost: 3 }, roundTripMs: 7 });
  expect(addTotals(before, { ...now, packets: null })).toEqual({ bytes: 130, packets: null, roundTripMs: 7 });
});
