import { execFile } from 'node:child_process';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock, type Clock } from '../../../media/clock/clock.ts';
import type { Frame, StreamTracks } from '../../../media/stream/frame.ts';
import type { FrameSink } from '../../../media/stream/sink.ts';
import type { EncoderSearch } from '../../../media/transcode/encoder-choice.ts';
import { TranscodedStream } from '../../../media/transcode/transcoded-stream.ts';
import { TranscoderLimit } from '../../../media/transcode/transcoder-limit.ts';
import { ClipHub } from '../../support/clip-hub.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { isAlive } from '../../support/process-tree.ts';
import { silentLog } from '../../support/silent-log.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const waitLong = { timeout: 60_000, interval: 50 };
const onCpu: EncoderSearch = { ok: true, encoder: { name: 'libx264', isOnGpu: false } };

interface World {
  readonly hub: ClipHub;
  readonly stream: TranscodedStream;
  readonly tracks: StreamTracks[];
  readonly frames: Frame[];
  readonly interruptions: () => number;
  readonly holders: () => number;
}

const streams: TranscodedStream[] = [];
const hubs: ClipHub[] = [];

function createLimit(maxTranscodes: number | null = 1, search = onCpu): TranscoderLimit {
  return new TranscoderLimit({ program: 'ffmpeg', maxTranscodes, cores: 2, clock: systemClock, log: silentLog, find: async () => search });
}

interface WorldOptions {
  readonly codec?: 'h264' | 'h265';
  readonly program?: string;
  readonly lingerMs?: number;
  readonly clock?: Clock;
}

function createWorld(limit: TranscoderLimit, options: WorldOptions = {}): World {
  const { codec = 'h265', program = 'ffmpeg', lingerMs = 10, clock = systemClock } = options;
  const hub = new ClipHub({ codec, firstTicks: 900_000 });
  hub.advance(10);
  hubs.push(hub);
  let held = 0;
  const source = {
    hub,
    acquire: () => {
      held += 1;
      return () => void (held -= 1);
    },
  };
  const stream = new TranscodedStream({ source, limit, program, maxWidth: 320, lingerMs, clock, log: silentLog, names: {} });
  streams.push(stream);
  const tracks: StreamTracks[] = [];
  const frames: Frame[] = [];
  let interruptions = 0;
  stream.hub.addSink(
    { onTracks: (next) => tracks.push(next), onFrame: (frame) => frames.push(frame), onInterrupted: () => (interruptions += 1) },
    'cached-group',
  );
  return { hub, stream, tracks, frames, interruptions: () => interruptions, holders: () => held };
}

/** A program that takes frames and makes nothing, and lives until it is ended. */
async function idleProgram(): Promise<string> {
  const program = join(await temporaryFolder(), 'idle-ffmpeg');
  writeFileSync(program, '#!/bin/sh\nexec sleep 1000\n');
  chmodSync(program, 0o755);
  return program;
}

describe('TranscodedStream', { timeout: 180_000 }, () => {
  afterEach(async () => {
    for (const hub of hubs.splice(0)) hub.stop();
    await Promise.all(streams.splice(0).map((stream) => stream.close()));
  });

  it('makes H.264 of H.265, every picture with the times of the frame it was', async () => {
    const { hub, stream, tracks, frames } = createWorld(createLimit());
    const arrivals = new Map<number, number>();
    hub.addSink(
      { onTracks: () => {}, onFrame: (frame) => arrivals.set(frame.decodeTicks, frame.arrivedWallClockMs), onInterrupted: () => {} },
      'cached-group',
    );
    stream.acquire();
    hub.play();
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(40), waitLong);
    expect(tracks[0]?.video).toMatchObject({ codec: 'h264', clockRateHz: 90_000, width: 320, height: 180, hasReordering: false });
    expect(tracks[0]?.video?.codecString).toMatch(/^avc1\.42/);
    expect(frames[0]?.isKeyFrame).toBe(true);
    expect(frames.map(({ decodeTicks, arrivedWallClockMs }) => [decodeTicks, arrivedWallClockMs])).toEqual(
      frames.map(({ decodeTicks }) => [decodeTicks, arrivals.get(decodeTicks)]),
    );
    // The first of the cached frames, then from the live edge on.
    expect(frames.slice(0, 2).map(({ decodeTicks }) => (decodeTicks - 900_000) / 6000)).toEqual([0, 9]);
  });

  it('ends when nobody watches, with its process, its slot and its hold on the camera', async () => {
    const limit = createLimit();
    const { hub, stream, frames, holders } = createWorld(limit);
    const release = stream.acquire();
    hub.play();
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), waitLong);
    const pid = stream.processId ?? 0;
    expect([isAlive(pid), holders(), limit.facts.running]).toEqual([true, 1, 1]);
    release();
    await vi.waitFor(() => expect([isAlive(pid), holders(), limit.facts.running]).toEqual([false, 0, 0]), waitLong);
    expect(hub.heldSlabs).toBe(0);
    expect(hub.sinks.size).toBe(0);
  });

  it('refuses one more than may run, and takes it when there is room', async () => {
    const limit = createLimit(1);
    const first = createWorld(limit);
    const second = createWorld(limit);
    const release = first.stream.acquire();
    await vi.waitFor(() => expect(limit.facts.running).toBe(1), waitLong);
    second.stream.acquire();
    await vi.waitFor(() => expect(second.stream.refusal?.code).toBe('transcoding-limit-reached'), waitLong);
    release();
    await vi.waitFor(() => expect(limit.facts.running).toBe(0), waitLong);
    second.stream.askAgain();
    second.hub.play();
    await vi.waitFor(() => expect(second.frames.length).toBeGreaterThan(0), waitLong);
    expect(second.stream.refusal).toBeNull();
  });

  it('starts again when its process was killed, and tells its viewers', async () => {
    const limit = createLimit();
    const { hub, stream, frames, tracks, interruptions } = createWorld(limit);
    stream.acquire();
    hub.play();
    await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), waitLong);
    if (stream.processId === null) throw new Error('no process runs');
    process.kill(stream.processId, 'SIGKILL');
    await vi.waitFor(() => expect(interruptions()).toBe(1), waitLong);
    expect(stream.refusal?.code).toBe('transcoding-failed');
    await vi.waitFor(() => expect(tracks).toHaveLength(2), waitLong);
    await vi.waitFor(() => expect(stream.refusal).toBeNull(), waitLong);
    expect(tracks[1]?.generation).toBeGreaterThan(tracks[0]?.generation ?? 0);
    expect([limit.facts.running, limit.facts.restarts]).toEqual([1, 1]);
  });

  it('gives up on a program that makes nothing, until the next try', async () => {
    const program = join(await temporaryFolder(), 'failing-ffmpeg');
    writeFileSync(program, '#!/bin/sh\nexit 3\n');
    chmodSync(program, 0o755);
    const limit = createLimit();
    const { stream } = createWorld(limit, { program });
    stream.acquire();
    await vi.waitFor(() => expect(limit.facts.restarts).toBeGreaterThanOrEqual(2), waitLong);
    expect(stream.refusal?.code).toBe('transcoding-failed');
  });

  it('takes a process that cannot even be started as one that ended', async () => {
    const limit = createLimit();
    // No program has such a name: `spawn` throws, as it does when memory is short.
    const { hub, stream } = createWorld(limit, { program: 'ff\0mpeg' });
    stream.acquire();
    await vi.waitFor(() => expect(stream.refusal?.code).toBe('transcoding-failed'), waitLong);
    await vi.waitFor(() => expect(limit.facts.restarts).toBeGreaterThanOrEqual(2), waitLong);
    expect(hub.heldSlabs).toBe(0);
  });

  it('outlives a moment without free file descriptors', async () => {
    const script = new URL('../../support/transcode-without-descriptors.ts', import.meta.url).pathname;
    const { stdout } = await promisify(execFile)('sh', ['-c', 'ulimit -n 256; exec "$0" "$1"', process.execPath, script], { timeout: 120_000 });
    expect(JSON.parse(stdout)).toEqual({ refusal: 'transcoding-failed', afterwards: null, hasPicture: true });
  });

  it('gives its slot back when the camera turns to H.264, and when it stays away', async () => {
    const limit = createLimit(1);
    const clock = new FakeClock();
    const { hub, stream } = createWorld(limit, { program: await idleProgram(), clock });
    const tellAll = (tell: (sink: FrameSink) => void): void => {
      for (const sink of hub.sinks) tell(sink);
    };
    const h265 = hub.tracks;
    const h264 = { ...h265, generation: 2, video: new ClipHub({ codec: 'h264' }).tracks.video };
    stream.acquire();
    await vi.waitFor(() => expect(limit.facts.running).toBe(1), waitLong);
    tellAll((sink) => sink.onTracks(h264));
    expect(limit.facts.running).toBe(0);
    tellAll((sink) => sink.onTracks({ ...h265, generation: 3 }));
    expect([limit.facts.running, stream.refusal]).toEqual([1, null]);
    // A camera that reconnects finds its slot.
    tellAll((sink) => sink.onInterrupted());
    clock.advance(4_000);
    expect(limit.facts.running).toBe(1);
    tellAll((sink) => sink.onTracks({ ...h265, generation: 4 }));
    clock.advance(4_000);
    expect([limit.facts.running, stream.processId === null]).toEqual([1, false]);
    tellAll((sink) => sink.onInterrupted());
    clock.advance(6_000);
    expect(limit.facts.running).toBe(0);
  });

  it('comes back to those who watch when the slot it lost is free again', async () => {
    const limit = createLimit(1);
    const clock = new FakeClock();
    const { hub, stream } = createWorld(limit, { program: await idleProgram(), clock });
    stream.acquire();
    await vi.waitFor(() => expect(limit.facts.running).toBe(1), waitLong);
    for (const sink of hub.sinks) sink.onInterrupted();
    clock.advance(6_000);
    const releaseOther = limit.take({ name: 'libx264', isOnGpu: false });
    for (const sink of hub.sinks) sink.onTracks({ ...hub.tracks, generation: 2 });
    expect(stream.refusal?.code).toBe('transcoding-limit-reached');
    releaseOther?.();
    clock.advance(6_000);
    await vi.waitFor(() => expect([limit.facts.running, stream.refusal]).toEqual([1, null]), waitLong);
  });

  it('shares the memory of pictures with the transcodes before it, and tells how much it is', async () => {
    const limit = createLimit(1);
    const sizes: number[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      const { hub, stream, frames } = createWorld(limit);
      const release = stream.acquire();
      hub.play();
      await vi.waitFor(() => expect(frames.length).toBeGreaterThan(0), waitLong);
      release();
      await vi.waitFor(() => expect(limit.facts.running).toBe(0), waitLong);
      hub.stop();
      sizes.push(limit.facts.slabBytes);
    }
    expect(sizes[0]).toBeGreaterThan(0);
    expect(sizes[2]).toBeLessThan(3 * (sizes[0] ?? 0));
    expect(limit.pool.slabsInUse).toBe(0);
  });

  it('says why it cannot: switched off, nothing to encode with', async () => {
    const off = createWorld(createLimit(0));
    off.stream.acquire();
    await vi.waitFor(
      () => expect(off.stream.refusal).toMatchObject({ code: 'transcoding-unavailable', detail: expect.stringContaining('maxTranscodes') }),
      waitLong,
    );
    const without = createWorld(createLimit(1, { ok: false, detail: 'Install ffmpeg' }));
    without.stream.acquire();
    await vi.waitFor(() => expect(without.stream.refusal).toEqual({ code: 'transcoding-unavailable', detail: 'Install ffmpeg' }), waitLong);
  });

  it('hands H.264 through as it is, without a process and without a slot', async () => {
    const limit = createLimit(1, { ok: false, detail: 'Install ffmpeg' });
    const { hub, stream, frames, tracks } = createWorld(limit, { codec: 'h264' });
    stream.acquire();
    await vi.waitFor(() => expect(frames).toHaveLength(10), waitLong);
    hub.advance(5);
    expect([frames.length, stream.processId, limit.facts.running, stream.refusal]).toEqual([15, null, 0, null]);
    expect(tracks[0]?.video).toMatchObject({ codec: 'h264', width: 640 });
  });
});
