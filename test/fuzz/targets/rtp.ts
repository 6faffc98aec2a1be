/**
 * RTP packets of a session, from the datagram to the frame. The input is a row of them:
 *
 *     first byte: 0 H.264, 1 H.265, 2 AAC, 3 G.711 (modulo 4), then: length 16 · that many bytes, and so on
 */
import { ReorderBuffer } from '../../../media/rtp/reorder-buffer.ts';
import type { PlannedAudio, PlannedVideo } from '../../../media/sdp/track-plan.ts';
import { AudioReceiver } from '../../../media/stream/audio-receiver.ts';
import type { Frame } from '../../../media/stream/frame.ts';
import { SlabPool } from '../../../media/stream/slab-pool.ts';
import { VideoReceiver } from '../../../media/stream/video-receiver.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

const audioOf = (codec: 'aac' | 'pcma'): PlannedAudio => ({
  codec,
  payloadType: 97,
  clockRateHz: 16_000,
  channels: 1,
  control: null,
  config: Buffer.from('1408', 'hex'),
  sizeLengthBits: 13,
  indexLengthBits: 3,
});
const videoOf = (codec: 'h264' | 'h265'): PlannedVideo => ({ codec, payloadType: 96, clockRateHz: 90_000, control: null, parameterSets: [] });

/** Frames lie in their slab, one after another in time, made of whole NAL units; in the end no memory is held. */
export const rtp: FuzzTarget = {
  name: 'rtp',
  run(input) {
    const [clock, pool] = [new FakeClock(), new SlabPool()];
    const kind = (input[0] ?? 0) % 4;
    const isVideo = kind < 2;
    let lastTicks = Number.NEGATIVE_INFINITY;
    let lost = 0;
    const onFrame = (frame: Frame): void => {
      mustHold(frame.start < frame.end && frame.end <= frame.slab.bytes.length, 'a frame leaves its slab');
      mustHold(Number.isSafeInteger(frame.decodeTicks) && frame.compositionOffsetTicks >= 0, 'a frame without a time');
      mustHold(frame.decodeTicks > lastTicks, 'time stands still');
      lastTicks = frame.decodeTicks;
      if (isVideo) checkNalUnits(frame);
    };
    const onLoss = (packets: number): void => {
      mustHold(packets > 0 && packets <= 3000, 'a loss of nothing, or of more than can be told');
      lost += packets;
    };
    let generation = 0;
    const onVideoTrack = (): number => {
      lastTicks = Number.NEGATIVE_INFINITY;
      return (generation += 1);
    };
    const receiver = isVideo
      ? new VideoReceiver(videoOf(kind === 0 ? 'h264' : 'h265'), pool, clock, 0, { onVideoTrack, onFrame, onLoss }, 'go-on')
      : new AudioReceiver(audioOf(kind === 2 ? 'aac' : 'pcma'), pool, clock, 0, { generation: () => 1, pictureLeadMs: () => 0, onFrame, onLoss });
    const reorder = new ReorderBuffer(clock, (bytes, start, end) => void receiver.push(bytes, start, end));
    for (let at = 1; at + 2 <= input.length;) {
      const start = at + 2;
      const end = Math.min(input.length, start + input.readUInt16BE(at));
      reorder.push(input, start, end);
      reorder.checkInvariants();
      clock.advance(10);
      at = end;
    }
    clock.advance(1000);
    reorder.close();
    receiver.close();
    mustHold(receiver.sequence.lostPackets === lost, 'losses are miscounted');
    mustHold(pool.slabsInUse === 0, `${pool.slabsInUse} slabs are still held`);
    mustHold(clock.timerCount === 0, 'a timer is left');
  },
};

function checkNalUnits({ slab, start, end }: Frame): void {
  let at = start;
  while (at < end) {
    mustHold(at + 4 <= end, 'half a length');
    const sizeBytes = slab.bytes.readUInt32BE(at);
    mustHold(sizeBytes > 0, 'an empty NAL unit');
    at += 4 + sizeBytes;
  }
  mustHold(at === end, 'a NAL unit is longer than its frame');
}
