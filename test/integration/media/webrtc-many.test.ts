import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import type { WebRtcEngine, WebRtcSession } from '../../../media/webrtc/engine.ts';
import { createNodeDatachannelEngine } from '../../../media/webrtc/node-datachannel-engine.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { WhepPeers } from '../../support/whep-peers.ts';

const wait = { timeout: 90_000, interval: 500 };
const many = 100;

describe(`WebRTC with ${many} viewers or streams`, () => {
  let engine: WebRtcEngine;
  let peers: WhepPeers;
  let hubs: ClipHub[];
  let sessions: WeakRef<WebRtcSession>[];

  beforeEach(async () => {
    engine = await createNodeDatachannelEngine({
      portNumber: 0,
      iceAddresses: [],
      maxViewers: many,
      clock: systemClock,
      log: pino({ level: 'silent' }),
    });
    sessions = [];
    peers = new WhepPeers(async (viewer, offerSdp) => {
      const hub = hubs[viewer % hubs.length] ?? new ClipHub();
      const outcome = await engine.answerOffer({ offerSdp, hub, onClosed: () => {} });
      if (!outcome.ok) throw new Error(outcome.detail);
      sessions.push(new WeakRef(outcome.session));
      return outcome.session.answerSdp;
    });
  });

  afterEach(async () => {
    for (const hub of hubs) hub.stop();
    await peers.end();
    await engine.close();
  });

  /** Hubs that play at a third of the clip's pace: all viewers together get some 30 Mbps at most. */
  function playSlowly(): () => void {
    for (const hub of hubs) hub.advance(8);
    const timer = setInterval(() => {
      for (const hub of hubs) hub.advance(1);
    }, 200);
    return () => clearInterval(timer);
  }

  it.each([
    ['one stream, many viewers', 1],
    ['one viewer of each of many streams', many],
  ])('%s: all get a key frame first and go on getting frames, and nothing is left of them', async (_what, hubCount) => {
    hubs = Array.from({ length: hubCount }, () => new ClipHub());
    const stop = playSlowly();
    peers.open(many);
    await vi.waitFor(async () => {
      expect(peers.failure).toBeNull();
      const counts = await peers.counts();
      expect(counts.filter(({ frames }) => frames >= 8)).toHaveLength(many);
    }, wait);
    const before = await peers.counts();
    expect(before.filter(({ startedWithKeyFrame }) => startedWithKeyFrame === true)).toHaveLength(many);
    await vi.waitFor(async () => {
      const now = await peers.counts();
      expect(now.filter(({ frames }, index) => frames >= (before[index]?.frames ?? 0) + 20)).toHaveLength(many);
    }, wait);
    expect([engine.viewerCount, engine.droppedFrames]).toEqual([many, 0]);
    expect(hubs.map((hub) => hub.sinks.size)).toEqual(hubs.map(() => 1));

    await peers.closeAll();
    await vi.waitFor(() => expect(engine.viewerCount).toBe(0), wait);
    stop();
    expect(hubs.map((hub) => [hub.sinks.size, hub.heldSlabs])).toEqual(hubs.map(() => [0, 0]));
    setFlagsFromString('--expose_gc');
    const collectGarbage: () => void = runInNewContext('gc');
    await vi.waitFor(() => {
      collectGarbage();
      expect(sessions.filter((session) => session.deref() !== undefined).length).toBeLessThanOrEqual(1);
    }, wait);
  });
});
