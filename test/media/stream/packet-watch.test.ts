import { expect, it } from 'vitest';
import { PacketWatch } from '../../../media/stream/packet-watch.ts';
import { StreamMeasurements } from '../../../media/stream/stream-measurements.ts';

const activity = {
  isPlaying: true,
  videoPackets: 0,
  audioPackets: 0,
  damagedKeyFrames: 0,
  droppedUnits: 0,
  areTimestampsBroken: false,
  cameraClock: null,
};

it('dates packets, and key frames that came damaged, by the moment at which their number had grown', () => {
  const [watch, measurements] = [new PacketWatch(0), new StreamMeasurements()];
  expect(watch.look(activity, measurements, 100)).toMatchObject({ playingSinceMs: 100, lastVideoPacketMs: null, lastKeyFrameMs: null });
  expect(watch.look({ ...activity, videoPackets: 5, damagedKeyFrames: 1 }, measurements, 600)).toMatchObject({
    lastVideoPacketMs: 600,
    lastKeyFrameMs: 600,
  });
  measurements.lastKeyFrameMonotonicMs = 900;
  const later = { ...activity, videoPackets: 5, audioPackets: 2, damagedKeyFrames: 1 };
  expect(watch.look(later, measurements, 1100)).toMatchObject({
    playingSinceMs: 100,
    lastVideoPacketMs: 600,
    lastAudioPacketMs: 1100,
    lastKeyFrameMs: 900,
  });
});

it('does not take a frame of the connection before for one of this', () => {
  const [watch, measurements] = [new PacketWatch(5000), new StreamMeasurements()];
  measurements.lastFrameMonotonicMs = 4000;
  expect(watch.look(activity, measurements, 5500).lastFrameMs).toBeNull();
});
