import { describe, expect, it } from 'vitest';
import type { Frame } from '../../../../media/stream/frame.ts';
import type { Slab } from '../../../../media/stream/slab.ts';
import { RecordingSink } from '../../stream/stream-fixtures.ts';
import { desiredStream, IngestStage } from './ingest-stage.ts';

describe('a stream in a worker', () => {
  it('streams with the first picture, and shows tracks and frames in their order', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    const sink = new RecordingSink();
    stream.hub.addSink(sink, 'cached-group');
    expect(stream.observe()).toMatchObject({ cameraId: 'camera-1', phase: 'connecting', reason: null, codec: null });
    await stage.settle();
    stage.thread.source.play(3);
    await stage.settle();
    expect(sink.events).toEqual(['tracks 1', 'video 1 key', 'video 2', 'video 3']);
    expect(stream.observe()).toMatchObject({ phase: 'streaming', reason: null, codec: 'h264', width: 640 });
    expect(stream.hub.tracks?.video?.sps.map(String)).toEqual(['sps']);
    expect(Buffer.isBuffer(stream.hub.tracks?.video?.sps[0])).toBe(true);
    expect(stage.scheduler.heldCount).toBe(0);
    expect(stage.changes).toEqual(['camera-1 streaming null']);
  });

  it('never says that it streams before the hub has tracks, whenever its posts arrive', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    await stage.settle();
    stage.thread.source.play(2);
    stage.thread.endTurn();
    const seen: boolean[] = [];
    stream.hub.addSink(
      { onTracks: () => void seen.push(stream.observe().phase === 'streaming'), onFrame: () => {}, onInterrupted: () => {} },
      'next-key-frame',
    );
    await stage.settle();
    expect(seen).toEqual([false]);
    const kinds = stage.thread.said.map((message) => message.kind);
    expect(kinds.indexOf('tracks')).toBeLessThan(kinds.indexOf('frames'));
    const streaming = stage.thread.said.findIndex(
      (message) => message.kind === 'reports' && message.reports.some(({ observed }) => observed.phase === 'streaming'),
    );
    expect(kinds.indexOf('tracks')).toBeLessThan(streaming);
  });

  it('carries every field of a frame, and its bytes without a copy', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    const frames: Frame[] = [];
    stream.hub.addSink({ onTracks: () => {}, onFrame: (frame) => void frames.push(frame), onInterrupted: () => {} }, 'next-key-frame');
    await stage.settle();
    stage.thread.source.play(2);
    await stage.settle();
    const { slab, ...fields } = frames[1]!;
    expect(fields).toEqual({
      kind: 'video',
      start: 4,
      end: 8,
      isKeyFrame: false,
      decodeTicks: 7200,
      compositionOffsetTicks: 90,
      arrivedMonotonicMs: stage.clock.monotonicMs(),
      arrivedWallClockMs: stage.clock.wallClockMs(),
      generation: 1,
    });
    expect(slab.bytes.readUInt32BE(4)).toBe(2);
    expect(slab.bytes.buffer).toBeInstanceOf(SharedArrayBuffer);
  });

  it('posts once per turn, however many frames there are', async () => {
    const stage = new IngestStage(1);
    stage.create('camera-1');
    stage.create('camera-2');
    await stage.settle();
    for (const source of stage.thread.sources) source.play(100);
    stage.thread.endTurn();
    expect(stage.thread.deliverToMain()).toBe(1);
  });

  it('interrupts its sinks, waits and tries again as in the main thread', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    const sink = new RecordingSink();
    stream.hub.addSink(sink, 'cached-group');
    await stage.settle();
    stage.thread.source.play(1);
    stage.thread.source.listener.onEnded('closed-by-camera', 'gone');
    await stage.settle();
    expect(sink.events).toEqual(['tracks 1', 'video 1 key', 'interrupted']);
    expect(stream.observe()).toMatchObject({ phase: 'waiting', reason: 'closed-by-camera', codec: 'h264' });
    await stage.pass(2000);
    expect(stage.thread.sources).toHaveLength(2);
    stage.thread.source.play(1);
    await stage.settle();
    expect(sink.events.slice(3)).toEqual(['tracks 2', 'video 1 key']);
  });

  it('counts viewers at once, and pulls an on-demand stream while there are some', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1', { mode: 'on-demand' });
    await stage.settle();
    expect([stream.observe().phase, stage.thread.sources.length]).toEqual(['idle', 0]);
    const release = stream.acquire();
    expect([stream.observe().viewers, stream.observe().phase]).toEqual([1, 'connecting']);
    await stage.settle();
    expect(stage.thread.sources).toHaveLength(1);
    release();
    release();
    expect(stream.observe().viewers).toBe(0);
    await stage.pass(15_500);
    expect([stream.observe().phase, stage.thread.source.isStopped]).toEqual(['idle', true]);
  });

  it('does not tell a viewer who comes about the failure that his coming ends', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    await stage.settle();
    for (let failures = 0; failures < 4; failures += 1) {
      stage.thread.source.listener.onEnded('connection-refused', 'nobody there');
      await stage.pass(failures === 3 ? 3000 : 12_000);
    }
    expect(stream.observe()).toMatchObject({ phase: 'waiting', reason: 'connection-refused' });
    stream.acquire();
    expect(stream.observe()).toMatchObject({ phase: 'connecting', retryAtMs: null });
    await stage.settle();
    expect(stream.observe()).toMatchObject({ phase: 'connecting', reason: 'connection-refused' });
    stage.thread.source.listener.onEnded('connection-refused', 'nobody there');
    stream.acquire();
    await stage.settle();
    // Asked again too soon: the answer is that it waits.
    expect(stream.observe()).toMatchObject({ phase: 'waiting', reason: 'connection-refused' });
  });

  it('reconnects to another address, and tells measurements twice a second', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    await stage.settle();
    stage.thread.source.play(1);
    for (let second = 0; second < 3; second += 1) {
      stage.thread.source.goOn(25, 1);
      await stage.pass(1000);
    }
    expect(stream.observe().bitrateBps).toBeGreaterThan(0);
    stream.update({ ...desiredStream('camera-1'), url: 'rtsp://camera-1/other' });
    await stage.settle();
    expect([stage.thread.sources[0]?.isStopped, stage.thread.source.options.url]).toEqual([true, 'rtsp://camera-1/other']);
  });

  it('ends when it is stopped: sinks at once, the connection soon, and resolves then', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    const sink = new RecordingSink();
    stream.hub.addSink(sink, 'cached-group');
    await stage.settle();
    stage.thread.source.play(2);
    await stage.settle();
    let isStopped = false;
    const stopped = stream.stop().then(() => (isStopped = true));
    expect(sink.events.at(-1)).toBe('interrupted');
    expect([stream.observe().phase, isStopped]).toEqual(['idle', false]);
    stage.thread.source.goOn(2, 1);
    await stage.settle();
    await stopped;
    expect([stage.thread.source.isStopped, sink.events.length]).toEqual([true, 4]);
    await stage.pass(200);
    expect([stage.crew.slabsHeld, stage.thread.worker.slabsInUse]).toEqual([0, 0]);
  });

  it('waits for a worker that does not answer 1.5 s at most', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    const stopped = stream.stop();
    stage.clock.advance(1500);
    await expect(stopped).resolves.toBeUndefined();
  });

  it('keeps its log and its credentials apart', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    await stage.settle();
    stage.thread.source.play(1);
    stage.thread.source.listener.onEnded('unauthorized', 'wrong password');
    await stage.settle();
    expect(stage.logged.some((line) => line.startsWith('stream.connection-ended'))).toBe(true);
    expect(JSON.stringify([stage.logged, stage.thread.said, stream.observe()])).not.toMatch(/geheim/);
  });
});

describe('slabs between threads', () => {
  it('go back when the last sink lets go, and not before', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    const kept: Slab[] = [];
    stream.hub.addSink(
      {
        onTracks: () => {},
        onFrame: (frame) => {
          frame.slab.retain();
          kept.push(frame.slab);
        },
        onInterrupted: () => {},
      },
      'next-key-frame',
    );
    await stage.settle();
    stage.thread.source.play(5);
    await stage.pass(100);
    expect([stage.crew.slabsHeld, stage.thread.worker.slabsOut, stage.thread.worker.slabsInUse]).toEqual([5, 5, 5]);
    // The hub's group goes with the next key frame; the sink holds on, as the HLS window does.
    stage.thread.source.goOn(1, 1, true);
    await stage.pass(100);
    expect(stage.thread.worker.slabsOut).toBe(6);
    kept.shift()?.release();
    await stage.pass(100);
    expect([stage.crew.slabsHeld, stage.thread.worker.slabsOut]).toEqual([5, 5]);
    stage.thread.source.listener.onEnded('closed-by-camera', 'gone');
    for (const slab of kept) slab.release();
    await stage.pass(200);
    expect([stage.crew.slabsHeld, stage.thread.worker.slabsOut, stage.thread.worker.slabsInUse]).toEqual([0, 0, 0]);
  });

  it('stay with the worker that wrote more while their return was on its way', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    await stage.settle();
    const { source } = stage.thread;
    source.play(1);
    await stage.settle();
    const slab = source.options.pool.take(1000);
    const send = (start: number): void => {
      slab.bytes[start] = start;
      source.listener.onFrame({
        kind: 'audio',
        slab,
        start,
        end: start + 1,
        isKeyFrame: true,
        decodeTicks: start,
        compositionOffsetTicks: 0,
        arrivedMonotonicMs: 0,
        arrivedWallClockMs: 0,
        generation: 1,
      });
    };
    const held: Slab[] = [];
    stream.hub.addSink(
      { onTracks: () => {}, onFrame: (frame) => frame.kind === 'audio' && hold(frame.slab), onInterrupted: () => {} },
      'cached-group',
    );
    const hold = (audio: Slab): void => {
      audio.retain();
      held.push(audio);
    };
    // The hub would hold the group; a stream that was interrupted in the main thread holds nothing.
    send(1);
    await stage.settle();
    source.goOn(1, 1, true);
    await stage.settle();
    held.shift()?.release();
    stage.clock.advance(20);
    // The return is on its way; the worker goes on with the same slab and is done with it.
    send(2);
    slab.release();
    await stage.settle();
    expect([held.length, held[0]?.bytes[2]]).toEqual([1, 2]);
    expect(stage.thread.worker.slabsOut).toBeGreaterThanOrEqual(1);
    source.listener.onEnded('closed-by-camera', 'gone');
    held.shift()?.release();
    await stage.pass(200);
    expect([stage.crew.slabsHeld, stage.thread.worker.slabsOut, stage.thread.worker.slabsInUse]).toEqual([0, 0, 0]);
  });

  it('do not leak over hundreds of reconnects', async () => {
    const stage = new IngestStage(2);
    const streams = Array.from({ length: 6 }, (_, index) => stage.create(`camera-${index}`));
    const kept: Slab[] = [];
    for (const stream of streams) {
      stream.hub.addSink(
        {
          onTracks: () => {},
          onFrame: ({ slab }) => {
            slab.retain();
            kept.push(slab);
            if (kept.length > 40) kept.shift()?.release();
          },
          onInterrupted: () => {},
        },
        'cached-group',
      );
    }
    await stage.settle();
    for (let round = 0; round < 100; round += 1) {
      for (const thread of stage.threads) for (const source of thread.sources.splice(0)) source.play(7).listener.onEnded('closed-by-camera', 'gone');
      await stage.pass(1500);
    }
    for (const slab of kept.splice(0)) slab.release();
    await Promise.all([...streams.map((stream) => stream.stop()), stage.pass(1500)]);
    expect(stage.threads.map(({ worker }) => [worker.slabsInUse, worker.slabsOut])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(stage.crew.slabsHeld).toBe(0);
    // 32 KB each; what the pools keep free is about what was in use at the most.
    expect(stage.crew.slabBytes / (32 * 1024)).toBeLessThan(150);
  });
});

describe('the budget of connections', () => {
  it('is one for all workers', async () => {
    const stage = new IngestStage(2, { perDevice: 1, perNode: 3 });
    for (let index = 0; index < 6; index += 1) stage.create(`camera-${index}`, { deviceId: index < 3 ? 'nvr' : null });
    await stage.settle();
    const opened = (): number => stage.threads.reduce((sum, thread) => sum + thread.sources.length, 0);
    expect([opened(), stage.scheduler.heldCount, stage.scheduler.waitingCount]).toEqual([3, 3, 3]);
    stage.threads[0]?.source.play(1);
    await stage.settle();
    expect(opened()).toBe(4);
  });

  it('is a reason only for a stream that has to wait', async () => {
    const stage = new IngestStage(1, { perDevice: 1, perNode: 1 });
    const [one, two] = [stage.create('camera-1'), stage.create('camera-2')];
    await stage.settle();
    expect([one.observe().reason, two.observe().reason]).toEqual([null, null]);
    await stage.pass(200);
    expect([one.observe().reason, two.observe().reason]).toEqual([null, 'waiting-for-budget']);
    stage.thread.source.play(1);
    await stage.pass(200);
    expect(two.observe()).toMatchObject({ phase: 'connecting', reason: null });
    expect(stage.changes).toEqual(['camera-2 connecting waiting-for-budget', 'camera-1 streaming null', 'camera-2 connecting null']);
  });

  it('gets back what a dead worker held or waited for', async () => {
    const stage = new IngestStage(1, { perDevice: 1, perNode: 1 });
    stage.create('camera-1');
    stage.create('camera-2');
    await stage.settle();
    expect([stage.scheduler.heldCount, stage.scheduler.waitingCount]).toEqual([1, 1]);
    stage.thread.die(new Error('boom'));
    expect([stage.scheduler.heldCount, stage.scheduler.waitingCount]).toEqual([0, 0]);
  });
});

describe('a worker that dies', () => {
  it('takes only its own streams down, and another one goes on with them', async () => {
    const stage = new IngestStage(2);
    const [one, two] = [stage.create('camera-1'), stage.create('camera-2')];
    const [first, second] = [new RecordingSink(), new RecordingSink()];
    one.hub.addSink(first, 'cached-group');
    two.hub.addSink(second, 'cached-group');
    one.acquire();
    await stage.settle();
    for (const thread of stage.threads) thread.source.play(2);
    await stage.pass(100);
    const held: Slab[] = [];
    one.hub.addSink({ onTracks: () => {}, onFrame: ({ slab }) => (slab.retain(), void held.push(slab)), onInterrupted: () => {} }, 'cached-group');
    stage.threads[0]?.die(new Error('boom'));
    expect(first.events).toEqual(['tracks 1', 'video 1 key', 'video 2', 'interrupted']);
    expect(second.events).toEqual(['tracks 1', 'video 1 key', 'video 2']);
    expect(one.observe()).toMatchObject({ phase: 'connecting', reason: null, viewers: 1 });
    expect(two.observe().phase).toBe('streaming');
    expect(stage.logged.filter((line) => line.startsWith('ingest.worker-died'))).toEqual([
      'ingest.worker-died {"worker":0,"streams":1,"restartInMs":1000,"err":"boom"}',
    ]);
    // What a sink holds is still there.
    expect(held.map((slab) => slab.bytes.readUInt32BE(4))).toEqual([1, 2]);
    for (const slab of held) slab.release();
    await stage.pass(1100);
    expect([stage.threads.length, stage.crew.restarts]).toEqual([3, 1]);
    stage.thread.source.play(1);
    await stage.settle();
    expect(one.observe()).toMatchObject({ phase: 'streaming', viewers: 1 });
    // Generations and the timeline go on.
    expect(first.events.slice(4)).toEqual(['tracks 2', 'video 1 key']);
    expect(stage.thread.source.options.originMonotonicMs).toBe(stage.threads[0]?.sources[0]?.options.originMonotonicMs);
  });

  it('is replaced at once when it was old, and ever later when it keeps dying young', async () => {
    const stage = new IngestStage(1);
    await stage.pass(61_000);
    stage.thread.die(new Error('boom'));
    await stage.pass(100);
    expect(stage.threads).toHaveLength(2);
    const waits: number[] = [];
    for (let deaths = 0; deaths < 7; deaths += 1) {
      const before = stage.threads.length;
      const diedAtMs = stage.clock.monotonicMs();
      stage.thread.die(new Error('boom'));
      while (stage.threads.length === before) await stage.pass(100);
      waits.push(Math.round((stage.clock.monotonicMs() - diedAtMs) / 1000));
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30]);
    expect(stage.crew.restarts).toBe(8);
  });

  it('gets the orders that were given while there was none', async () => {
    const stage = new IngestStage(1);
    const [one, two] = [stage.create('camera-1', { mode: 'on-demand' }), stage.create('camera-2')];
    await stage.settle();
    stage.thread.die(new Error('boom'));
    one.acquire();
    one.update(desiredStream('camera-1', { mode: 'on-demand', url: 'rtsp://camera-1/other' }));
    const third = stage.create('camera-3');
    await two.stop();
    await stage.pass(1100);
    expect(stage.thread.sources.map(({ options }) => options.url)).toEqual(['rtsp://camera-1/other', 'rtsp://camera-3/live']);
    for (const source of stage.thread.sources) source.play(1);
    await stage.settle();
    expect([one.observe().phase, third.observe().phase]).toEqual(['streaming', 'streaming']);
  });

  it('counts as dead when it says nothing for 20 s', () => {
    const stage = new IngestStage(1);
    stage.clock.advance(20_500);
    expect(stage.threads[0]?.isDead).toBe(true);
    expect(stage.logged.some((line) => line.startsWith('ingest.worker-hangs'))).toBe(true);
  });

  it('is not missed by a stream that was being stopped', async () => {
    const stage = new IngestStage(1);
    const stream = stage.create('camera-1');
    await stage.settle();
    const stopped = stream.stop();
    stage.thread.die(new Error('boom'));
    await expect(stopped).resolves.toBeUndefined();
    await stage.pass(1100);
    expect(stage.thread.sources).toEqual([]);
  });
});

it('spreads streams over its workers by their number', async () => {
  const stage = new IngestStage(3);
  const streams = Array.from({ length: 7 }, (_, index) => stage.create(`camera-${index}`));
  await stage.settle();
  expect(stage.threads.map((thread) => thread.sources.length)).toEqual([3, 2, 2]);
  await Promise.all([streams[2]?.stop(), streams[5]?.stop(), stage.settle()]);
  stage.create('camera-7');
  stage.create('camera-8');
  await stage.settle();
  expect(stage.threads.map((thread) => thread.sources.length)).toEqual([3, 2, 4]);
  await stage.crew.close();
  expect(stage.threads.every((thread) => thread.isDead)).toBe(true);
  await stage.pass(5000);
  expect([stage.threads.length, stage.clock.timerCount > 0]).toEqual([3, true]);
});
