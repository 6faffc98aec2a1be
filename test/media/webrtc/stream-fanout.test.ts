import { beforeEach, describe, expect, it } from 'vitest';
import { DeliveryMeasurements } from '../../../media/stream/delivery-measurements.ts';
import { StreamFanout } from '../../../media/webrtc/stream-fanout.ts';
import { Viewer } from '../../../media/webrtc/viewer.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { reassembleH264 } from '../../support/rtp-reassembly.ts';

interface SentPacket {
  readonly hasMarker: boolean;
  readonly sequenceNumber: number;
  readonly timestamp: number;
  readonly payload: Buffer;
}

const clock = new FakeClock();

/** A viewer whose packets are kept; `isFull` makes its socket refuse. */
class WatchedViewer {
  readonly delivery = new DeliveryMeasurements();
  readonly sent: SentPacket[] = [];
  isFull = false;
  readonly viewer = new Viewer(
    clock,
    {
      outlet: {
        send: (packet) => {
          if (this.isFull) return false;
          this.sent.push({
            hasMarker: (packet.readUInt8(1) & 0x80) !== 0,
            sequenceNumber: packet.readUInt16BE(2),
            timestamp: packet.readUInt32BE(4),
            payload: Buffer.from(packet.subarray(12)),
          });
          return true;
        },
      },
      format: { payloadType: 102, ssrc: 7, clockRateHz: 90_000, firstSequenceNumber: 65_530, firstTimestamp: 1000 },
    },
    null,
    this.delivery.join(),
  );

  /** Packets by frame: a frame ends with the marker. */
  frames(): SentPacket[][] {
    const frames: SentPacket[][] = [[]];
    for (const packet of this.sent) {
      frames.at(-1)?.push(packet);
      if (packet.hasMarker) frames.push([]);
    }
    return frames.slice(0, -1);
  }
}

const pictureLossIndication = Buffer.from('81ce0002000000010000000700', 'hex').subarray(0, 12);
/** A receiver report about source 7. */
function report(highestSequence: number, lostPackets: number): Buffer {
  const packet = Buffer.alloc(32);
  packet.write('81c900070000000100000007', 'hex');
  packet.writeIntBE(lostPackets, 13, 3);
  packet.writeUInt32BE(highestSequence, 16);
  return packet;
}

const gop = 30;

describe('StreamFanout', () => {
  let hub: ClipHub;
  let fanout: StreamFanout;
  let turned: number;

  beforeEach(() => {
    hub = new ClipHub();
    turned = 0;
    fanout = new StreamFanout(hub, hub.tracks, () => turned++, clock);
  });

  it('sends the cached group first, squeezed, then live frames with unbroken numbers', () => {
    hub.advance(10);
    const watched = new WatchedViewer();
    fanout.add(watched.viewer);
    clock.advance(100);
    hub.advance(2);
    const frames = watched.frames();
    expect(frames).toHaveLength(12);
    const timestamps = frames.map((frame) => frame[0]?.timestamp ?? 0);
    expect(timestamps.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, index) => 1000 + (index + 1) * 90));
    expect(timestamps.slice(10)).toEqual([1900 + 6000, 1900 + 12_000]);
    expect(watched.sent.map((packet) => packet.sequenceNumber)).toEqual(watched.sent.map((_, index) => (65_530 + index) & 0xffff));
    const first = reassembleH264((frames[0] ?? []).map((packet) => packet.payload));
    expect(first.slice(0, 2)).toEqual([...(hub.tracks.video?.sps ?? []), ...(hub.tracks.video?.pps ?? [])]);
  });

  it('waits for a key frame when there is no cached group', () => {
    const watched = new WatchedViewer();
    fanout.add(watched.viewer);
    expect(watched.sent).toHaveLength(0);
    hub.advance(3);
    expect(watched.frames()).toHaveLength(3);
  });

  it('calls nobody slow for what the camera did not send', () => {
    hub.advance(2);
    const watched = new WatchedViewer();
    fanout.add(watched.viewer);
    clock.advance(100);
    fanout.onInterrupted();
    hub.advance(3);
    expect(watched.viewer.counters).toMatchObject({ droppedFrames: 3, slowFrames: 0 });
    expect(watched.delivery.observe(clock.monotonicMs())).toEqual({ slowViewers: 0, droppedFrames: 0 });
  });

  it('lets go of what still waits when the next key frame comes: a viewer never falls behind by more than a group', () => {
    hub.advance(gop - 1);
    const watched = new WatchedViewer();
    fanout.add(watched.viewer);
    // No time passes: the pace stands still, as with a stream that is faster than it.
    const begun = watched.frames().length;
    expect(begun).toBeLessThan(gop - 1);
    hub.advance(4);
    const frames = watched.frames();
    expect(frames).toHaveLength(begun + 3);
    expect(watched.viewer.counters.droppedFrames).toBe(gop - begun);
    const parameterSets = [...(hub.tracks.video?.sps ?? []), ...(hub.tracks.video?.pps ?? [])];
    expect(reassembleH264((frames[begun] ?? []).map((packet) => packet.payload)).slice(0, 2)).toEqual(parameterSets);
    clock.advance(1000);
    expect(watched.frames()).toHaveLength(begun + 3);
    expect(watched.sent.map((packet) => packet.sequenceNumber)).toEqual(watched.sent.map((_, index) => (65_530 + index) & 0xffff));
  });

  it('has one sink however many viewers, and none after the last', () => {
    hub.advance(1);
    const viewers = [new WatchedViewer(), new WatchedViewer(), new WatchedViewer()];
    for (const { viewer } of viewers) fanout.add(viewer);
    clock.advance(100);
    expect(hub.sinks.size).toBe(1);
    hub.advance(5);
    expect(new Set(viewers.map((each) => each.frames().length))).toEqual(new Set([6]));
    for (const { viewer } of viewers) fanout.remove(viewer);
    expect(hub.sinks.size).toBe(0);
  });

  it('drops a viewer whose socket is full to the next key frame and counts', () => {
    hub.advance(5);
    const slow = new WatchedViewer();
    const fine = new WatchedViewer();
    fanout.add(slow.viewer);
    fanout.add(fine.viewer);
    clock.advance(100);
    slow.isFull = true;
    hub.advance(1);
    slow.isFull = false;
    hub.advance(gop - 6);
    expect(slow.frames()).toHaveLength(5);
    expect(slow.viewer.counters.droppedFrames).toBe(gop - 5);
    expect(slow.delivery.observe(clock.monotonicMs())).toEqual({ slowViewers: 1, droppedFrames: gop - 5 });
    expect(fine.delivery.observe(clock.monotonicMs())).toEqual({ slowViewers: 0, droppedFrames: 0 });
    hub.advance(2);
    expect(slow.frames()).toHaveLength(7);
    expect(fine.frames()).toHaveLength(gop + 2);
    // The frame after the gap is a whole key frame, and the numbers show that something is missing.
    expect(reassembleH264((slow.frames()[5] ?? []).map((packet) => packet.payload))[0]).toEqual(hub.tracks.video?.sps[0]);
    const lastBefore = slow.frames()[4]?.at(-1)?.sequenceNumber ?? 0;
    expect(slow.frames()[5]?.[0]?.sequenceNumber).toBe((lastBefore + 2) & 0xffff);
  });

  it('answers a request for a key frame from the cache, but not every one of a volley', () => {
    hub.advance(10);
    const watched = new WatchedViewer();
    fanout.add(watched.viewer);
    clock.advance(1000);
    watched.viewer.onRtcp(pictureLossIndication, fanout);
    clock.advance(200);
    watched.viewer.onRtcp(pictureLossIndication, fanout);
    clock.advance(200);
    expect(watched.frames()).toHaveLength(20);
    clock.advance(400);
    watched.viewer.onRtcp(pictureLossIndication, fanout);
    clock.advance(100);
    expect(watched.frames()).toHaveLength(30);
    const timestamps = watched.frames().map((frame) => frame[0]?.timestamp ?? 0);
    expect(timestamps).toEqual([...new Set(timestamps)].toSorted((one, other) => one - other));
  });

  it('sends only key frames over a path that loses far too much, until it recovers', () => {
    hub.advance(5);
    const watched = new WatchedViewer();
    fanout.add(watched.viewer);
    watched.viewer.onRtcp(report(1000, 0), fanout);
    clock.advance(100);
    // Half of everything within a tenth of a second: retransmissions may yet mend that.
    watched.viewer.onRtcp(report(1100, 50), fanout);
    hub.advance(1);
    clock.advance(100);
    expect(watched.frames()).toHaveLength(6);
    clock.advance(2000);
    watched.viewer.onRtcp(report(1400, 200), fanout);
    hub.advance(10);
    watched.viewer.onRtcp(pictureLossIndication, fanout);
    clock.advance(100);
    expect(watched.frames()).toHaveLength(6);
    clock.advance(2000);
    watched.viewer.onRtcp(report(1500, 201), fanout);
    watched.viewer.onRtcp(pictureLossIndication, fanout);
    clock.advance(100);
    expect(watched.frames()).toHaveLength(22);
  });

  it('has news for the page when losses go on for seconds, and again while they last', () => {
    hub.advance(1);
    const watched = new WatchedViewer();
    fanout.add(watched.viewer);
    const news: number[] = [];
    for (let second = 0; second < 20; second++) {
      watched.viewer.onRtcp(report(1000 + second * 100, second * 12), fanout);
      if (watched.viewer.takeSlowNews()) news.push(second);
      clock.advance(1001);
    }
    expect(news).toEqual([4, 14]);
  });

  it('paces a large cached group, with live frames queued behind it in order', () => {
    const large = new ClipHub({ role: 'main' });
    large.advance(gop - 1);
    const largeFanout = new StreamFanout(large, large.tracks, () => {}, clock);
    const watched = new WatchedViewer();
    largeFanout.add(watched.viewer);
    const sentAtOnce = watched.frames().length;
    expect(sentAtOnce).toBeGreaterThan(0);
    expect(sentAtOnce).toBeLessThan(gop - 1);
    large.advance(1);
    expect(watched.frames()).toHaveLength(sentAtOnce);
    clock.advance(500);
    large.advance(1);
    expect(watched.frames()).toHaveLength(gop + 1);
    expect(large.heldSlabs).toBe(0);
    const timestamps = watched.frames().map((frame) => frame[0]?.timestamp ?? 0);
    expect(timestamps).toEqual([...new Set(timestamps)].toSorted((one, other) => one - other));
    expect(watched.sent.map((packet) => packet.sequenceNumber)).toEqual(watched.sent.map((_, index) => (65_530 + index) & 0xffff));
  });

  it.each([
    ['leaves', (fanoutOfLarge: StreamFanout, viewer: Viewer) => fanoutOfLarge.remove(viewer)],
    ['loses the stream', (fanoutOfLarge: StreamFanout) => fanoutOfLarge.onInterrupted()],
  ])('lets go of what it has not sent to a viewer that %s', (_what, end) => {
    const large = new ClipHub({ role: 'main' });
    large.advance(gop - 1);
    const largeFanout = new StreamFanout(large, large.tracks, () => {}, clock);
    const watched = new WatchedViewer();
    largeFanout.add(watched.viewer);
    expect(large.heldSlabs).toBeGreaterThan(0);
    end(largeFanout, watched.viewer);
    expect([large.heldSlabs, clock.timerCount]).toEqual([0, 0]);
  });

  it('tells its owner when the stream turns into something its viewers did not negotiate', () => {
    fanout.add(new WatchedViewer().viewer);
    const { video } = hub.tracks;
    if (video === null) throw new Error('the clip has video');
    fanout.onTracks({ ...hub.tracks, generation: 2 });
    expect(turned).toBe(0);
    fanout.onTracks({ ...hub.tracks, generation: 3, video: { ...video, hasReordering: true } });
    fanout.onTracks({ ...hub.tracks, generation: 4, video: { ...video, codec: 'h265' } });
    expect(turned).toBe(2);
  });

  it('tells the clock of the newest frame sent', () => {
    hub.advance(3, 5_000);
    const watched = new WatchedViewer();
    expect(watched.viewer.clockMessage(6_000)).toBeNull();
    fanout.add(watched.viewer);
    expect(watched.viewer.clockMessage(6_000)).toEqual({ rtpTimestamp: 1270, clockRateHz: 90_000, arrivedAtMs: 5_000, nowMs: 6_000 });
  });
});
