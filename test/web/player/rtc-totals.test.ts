import { expect, it } from 'vitest';
import { readRtcTotals } from '../../../web/player/rtc-totals.ts';

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
