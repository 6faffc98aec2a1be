import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import { DeliveryMeasurements } from '../../../media/stream/delivery-measurements.ts';
import type { OfferRequest, WebRtcEngine, WebRtcSession } from '../../../media/webrtc/engine.ts';
import { createNodeDatachannelEngine } from '../../../media/webrtc/node-datachannel-engine.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { reassembleH264 } from '../../support/rtp-reassembly.ts';
import { sequenceOf, UdpRelay } from '../../support/udp-relay.ts';
import { WhepPeer, type ReceivedPacket, type WhepPeerOptions } from '../../support/whep-peer.ts';

const wait = { timeout: 20_000, interval: 50 };
/** Packets of the clip's group: a key frame and what follows it. */
const groupFrames = 10;

/** Generic NACK (RFC 4585 §6.2.1). */
function nackOf(ssrc: number, sequenceNumber: number, followingMask = 0): Buffer {
  const packet = Buffer.alloc(16);
  packet.write('81cd000300000001', 'hex');
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt16BE(sequenceNumber, 12);
  packet.writeUInt16BE(followingMask, 14);
  return packet;
}

/** Picture loss indication (RFC 4585 §6.3.1). */
function pliOf(ssrc: number): Buffer {
  const packet = Buffer.alloc(12);
  packet.write('81ce000200000001', 'hex');
  packet.writeUInt32BE(ssrc, 8);
  return packet;
}

/** Full intra request (RFC 5104 §4.3.1): the media source is in the entry, not in the head. */
function firOf(ssrc: number, command: number): Buffer {
  const packet = Buffer.alloc(20);
  packet.write('84ce00040000000100000000', 'hex');
  packet.writeUInt32BE(ssrc, 12);
  packet.writeUInt8(command, 16);
  return packet;
}

/** Receiver report with one block (RFC 3550 §6.4.2). */
function reportOf(ssrc: number, highestSequence: number, lostPackets: number): Buffer {
  const packet = Buffer.alloc(32);
  packet.write('81c9000700000001', 'hex');
  packet.writeUInt32BE(ssrc, 8);
  packet.writeIntBE(lostPackets, 13, 3);
  packet.writeUInt32BE(highestSequence, 16);
  return packet;
}

/** Frames of what arrived: packets up to each marker. */
function framesOf(packets: readonly ReceivedPacket[]): ReceivedPacket[][] {
  const frames: ReceivedPacket[][] = [[]];
  for (const packet of packets) {
    frames.at(-1)?.push(packet);
    if (packet.hasMarker) frames.push([]);
  }
  return frames.slice(0, -1);
}

function isKeyFrame(frame: readonly ReceivedPacket[]): boolean {
  return reassembleH264(frame.map(({ payload }) => payload)).some((nalUnit) => (nalUnit.readUInt8(0) & 0x1f) === 5);
}

describe('WebRTC on the wire', () => {
  let engine: WebRtcEngine;
  let hub: ClipHub;
  let peers: WhepPeer[];
  let relays: UdpRelay[];

  beforeEach(async () => {
    engine = await createNodeDatachannelEngine({
      portNumber: 0,
      iceAddresses: [],
      maxViewers: 10,
      clock: systemClock,
      log: pino({ level: 'silent' }),
    });
    hub = new ClipHub();
    hub.advance(groupFrames);
    peers = [];
    relays = [];
  });

  afterEach(async () => {
    hub.stop();
    for (const peer of peers) peer.close();
    for (const relay of relays) relay.close();
    await engine.close();
  });

  async function watch(peerOptions: WhepPeerOptions = {}, request: Partial<OfferRequest> = {}): Promise<{ peer: WhepPeer; session: WebRtcSession }> {
    const peer = new WhepPeer(peerOptions);
    peers.push(peer);
    const outcome = await engine.answerOffer({ offerSdp: await peer.offer(), hub, onClosed: () => {}, ...request });
    if (!outcome.ok) throw new Error(outcome.detail);
    peer.accept(outcome.session.answerSdp);
    return { peer, session: outcome.session };
  }

  async function watchGroup(peerOptions: WhepPeerOptions = {}, request: Partial<OfferRequest> = {}) {
    const watching = await watch(peerOptions, request);
    await vi.waitFor(() => expect(framesOf(watching.peer.video)).toHaveLength(groupFrames), wait);
    return watching;
  }

  /** The same through a relay, over which alone the two reach each other. */
  async function watchThroughRelay(): Promise<{ peer: WhepPeer; relay: UdpRelay }> {
    const relay = await UdpRelay.open(engine.portNumber);
    relays.push(relay);
    const peer = new WhepPeer();
    peers.push(peer);
    const outcome = await engine.answerOffer({ offerSdp: relay.withoutCandidates(await peer.offer()), hub, onClosed: () => {} });
    if (!outcome.ok) throw new Error(outcome.detail);
    peer.accept(relay.throughRelay(outcome.session.answerSdp));
    return { peer, relay };
  }

  it('repeats the packets a NACK names, byte by byte, and nothing else', async () => {
    const { peer, relay } = await watchThroughRelay();
    await vi.waitFor(() => expect(framesOf(peer.video)).toHaveLength(groupFrames), wait);
    const lost: number[] = [];
    let seen = 0;
    relay.isLost = (packet) => {
      const sequenceNumber = sequenceOf(packet);
      if (sequenceNumber === null || seen >= 8) return false;
      seen++;
      // The second, fourth and fifth of those that come now.
      if (seen !== 2 && seen !== 4 && seen !== 5) return false;
      lost.push(sequenceNumber);
      return true;
    };
    const before = peer.video.length;
    // A whole group, so that a key frame of many packets is among them.
    hub.advance(25);
    await vi.waitFor(() => expect([lost.length, peer.video.length > before + 10]).toEqual([3, true]), wait);
    await vi.waitFor(() => expect(peer.video.slice(before).filter(({ hasMarker }) => hasMarker).length).toBeGreaterThanOrEqual(22), wait);
    const arrived = (): number[] => peer.video.slice(before).map(({ sequenceNumber }) => sequenceNumber);
    expect(arrived().filter((sequenceNumber) => lost.includes(sequenceNumber))).toEqual([]);
    const ssrc = peer.video[0]?.ssrc ?? 0;
    const [second = 0, fourth = 0, fifth = 0] = lost;
    const count = peer.video.length;
    // The mask names the packet two and three after the second. One older than what is kept is left alone.
    peer.sendRtcp(nackOf(ssrc, (second - 2000) & 0xffff));
    peer.sendRtcp(nackOf(ssrc, second, 0b110));
    await vi.waitFor(() => expect(peer.video).toHaveLength(count + 3), wait);
    expect(
      arrived()
        .slice(-3)
        .toSorted((one, other) => one - other),
    ).toEqual([second, fourth, fifth].toSorted((one, other) => one - other));
    // In their places they complete the stream: every unit of it comes together.
    const inOrder = peer.video.toSorted((one, other) => ((one.sequenceNumber - other.sequenceNumber) << 16) >> 16);
    expect(inOrder.map(({ sequenceNumber }) => sequenceNumber)).toEqual(
      inOrder.map((_, index) => ((inOrder[0]?.sequenceNumber ?? 0) + index) & 0xffff),
    );
    expect(() => reassembleH264(inOrder.map(({ payload }) => payload))).not.toThrow();
  });

  it('ends with its reason when the stream gets B-frames in the middle', async () => {
    const { peer } = await watchGroup();
    await vi.waitFor(() => expect(peer.texts.length).toBeGreaterThan(0), wait);
    const { video } = hub.tracks;
    if (video === null) throw new Error('the clip has video');
    hub.tracks = { ...hub.tracks, generation: 2, video: { ...video, hasReordering: true } };
    for (const sink of hub.sinks) sink.onTracks(hub.tracks);
    const before = peer.video.length;
    hub.advance(30);
    await vi.waitFor(() => expect([peer.texts.at(-1), peer.state]).toEqual([{ kind: 'ended', code: 'reordering-not-supported' }, 'closed']), wait);
    // Not one packet that a decoder would show in the wrong order.
    expect([peer.video.length, engine.viewerCount, hub.sinks.size]).toEqual([before, 0, 0]);
    const next = new WhepPeer();
    peers.push(next);
    expect(await engine.answerOffer({ offerSdp: await next.offer(), hub, onClosed: () => {} })).toMatchObject({
      ok: false,
      refusal: 'reordering-not-supported',
    });
  });

  it('answers PLI and FIR with the cached group, once per volley', async () => {
    const { peer } = await watchGroup();
    const ssrc = peer.video[0]?.ssrc ?? 0;
    for (const [index, request] of [pliOf(ssrc), firOf(ssrc, 1)].entries()) {
      const before = framesOf(peer.video).length;
      const highest = peer.video.at(-1);
      for (let repeated = 0; repeated < 5; repeated++) peer.sendRtcp(request);
      await vi.waitFor(() => expect(framesOf(peer.video).length).toBeGreaterThanOrEqual(before + groupFrames), wait);
      const replayed = framesOf(peer.video).slice(before);
      expect([index, replayed.length, isKeyFrame(replayed[0] ?? [])]).toEqual([index, groupFrames, true]);
      // New numbers and later times: to the decoder it is a stream that goes on.
      expect(replayed[0]?.[0]?.sequenceNumber).toBe(((highest?.sequenceNumber ?? 0) + 1) & 0xffff);
      expect(((replayed[0]?.[0]?.timestamp ?? 0) - (highest?.timestamp ?? 0)) >>> 0).toBeLessThan(90_000);
      // The next request of a real decoder comes later than this.
      await new Promise((resolve) => setTimeout(resolve, 800));
    }
  });

  it('sends sender reports that tie the timestamps to the clock', async () => {
    const { peer } = await watchGroup();
    const playing = setInterval(() => hub.advance(1), 66);
    const ssrc = peer.video[0]?.ssrc ?? 0;
    const reports = (): Buffer[] => peer.rtcp.filter((packet) => packet.readUInt8(1) === 200 && packet.readUInt32BE(4) === ssrc);
    await vi.waitFor(() => expect(reports().length).toBeGreaterThanOrEqual(2), wait);
    clearInterval(playing);
    const report = reports().at(-1) ?? Buffer.alloc(0);
    const ntpMs = (report.readUInt32BE(8) - 2_208_988_800) * 1000 + (report.readUInt32BE(12) * 1000) / 2 ** 32;
    expect(Math.abs(Date.now() - ntpMs)).toBeLessThan(20_000);
    const timestamps = peer.video.map(({ timestamp }) => timestamp);
    expect(timestamps).toContain(report.readUInt32BE(16));
    expect(report.readUInt32BE(20)).toBeLessThanOrEqual(peer.video.length);
    expect(report.readUInt32BE(20)).toBeGreaterThan(0);
  });

  it('sends a path that loses far too much only key frames, counts that, and tells the page', async () => {
    const delivery = new DeliveryMeasurements();
    const { peer } = await watchGroup({}, { delivery });
    const ssrc = peer.video[0]?.ssrc ?? 0;
    hub.play();
    let expected = 1000;
    let lost = 0;
    const reporting = setInterval(() => {
      expected += 100;
      lost += 50;
      peer.sendRtcp(reportOf(ssrc, expected, lost));
    }, 300);
    await vi.waitFor(() => expect(peer.texts.filter((text) => text['kind'] === 'slow').length).toBeGreaterThanOrEqual(1), wait);
    clearInterval(reporting);
    hub.stop();
    const news = peer.texts.find((text) => text['kind'] === 'slow');
    expect(news?.['droppedFrames']).toBeGreaterThan(0);
    const facts = delivery.observe(systemClock.monotonicMs());
    expect(facts.slowViewers).toBe(1);
    expect(engine.droppedFrames).toBe(facts.droppedFrames);
    expect(facts.droppedFrames).toBeGreaterThanOrEqual(Number(news?.['droppedFrames']));
  });

  it('hears the page, tells it the end with its reason, and closes', async () => {
    const heard: string[] = [];
    let closed = 0;
    const { peer, session } = await watchGroup({}, { onText: (text) => heard.push(text), onClosed: () => closed++ });
    await vi.waitFor(() => expect(peer.texts.length).toBeGreaterThan(0), wait);
    peer.say({ kind: 'renew', ticket: 'x'.repeat(2048) });
    peer.say({ kind: 'renew', ticket: 'x'.repeat(5000) });
    peer.say({ kind: 'last' });
    await vi.waitFor(() => expect(heard).toHaveLength(2), wait);
    expect(JSON.parse(heard[0] ?? '')).toEqual({ kind: 'renew', ticket: 'x'.repeat(2048) });
    session.end('ticket-expired');
    session.end('internal');
    const before = peer.video.length;
    hub.advance(1);
    await vi.waitFor(() => expect([peer.texts.at(-1), closed, peer.state]).toEqual([{ kind: 'ended', code: 'ticket-expired' }, 1, 'closed']), wait);
    expect([peer.video.length, hub.sinks.size, engine.viewerCount]).toEqual([before, 0, 0]);
  });

  it('takes addresses that come after the offer', async () => {
    const peer = new WhepPeer();
    peers.push(peer);
    const offer = await peer.offer();
    const candidates = offer.split('\r\n').filter((line) => line.startsWith('a=candidate:'));
    const bare = offer.replaceAll(/a=candidate:.*\r\n/g, '').replaceAll('a=end-of-candidates\r\n', '');
    const outcome = await engine.answerOffer({ offerSdp: bare, hub, onClosed: () => {} });
    if (!outcome.ok) throw new Error(outcome.detail);
    const { session } = outcome;
    const iceUfrag = /a=ice-ufrag:(.*)\r\n/.exec(offer)?.[1] ?? '';
    expect(session.addCandidates({ iceUfrag: 'other', icePwd: null, candidates: [] })).toBe('other-ice-session');
    expect(session.addCandidates({ iceUfrag, icePwd: null, candidates: candidates.map((line) => line.slice(2)) })).toBe('taken');
    // The answer names no address of the node, so that only the node's own checks can connect the two.
    peer.accept(session.answerSdp.replaceAll(/a=candidate:.*\r\n/g, ''));
    await vi.waitFor(() => expect(framesOf(peer.video)).toHaveLength(groupFrames), wait);
  });

  it('is reached at every address that its answer lists, on one port', async () => {
    const peer = new WhepPeer();
    peers.push(peer);
    const outcome = await engine.answerOffer({ offerSdp: await peer.offer(), hub, onClosed: () => {} });
    if (!outcome.ok) throw new Error(outcome.detail);
    const lines = outcome.session.answerSdp.split('\r\n').filter((line) => line.startsWith('a=candidate:'));
    const addresses = [...new Set(lines.map((line) => line.split(' ')[4] ?? ''))].filter((address) => !address.startsWith('fe80:'));
    expect(addresses).toContain('127.0.0.1');
    for (const address of addresses) {
      const viewer = new WhepPeer();
      peers.push(viewer);
      // Without addresses of the viewer only its own checks, to this one address, can connect the two.
      const bare = (await viewer.offer()).replaceAll(/a=candidate:.*\r\n/g, '');
      const answered = await engine.answerOffer({ offerSdp: bare, hub, onClosed: () => {} });
      if (!answered.ok) throw new Error(answered.detail);
      const { answerSdp } = answered.session;
      const kept = answerSdp.split('\r\n').filter((line) => !line.startsWith('a=candidate:') || line.split(' ')[4] === address);
      viewer.accept(kept.join('\r\n'));
      await vi.waitFor(() => expect([address, framesOf(viewer.video).length]).toEqual([address, groupFrames]), wait);
    }
  });

  it('serves a viewer without the data channel', async () => {
    const { peer } = await watchGroup({ hasChannel: false });
    hub.advance(3);
    await vi.waitFor(() => expect(framesOf(peer.video)).toHaveLength(groupFrames + 3), wait);
  });
});
