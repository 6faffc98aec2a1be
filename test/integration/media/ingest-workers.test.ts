/** Cameras pulled in real worker threads: what comes out, what happens when a worker dies, and what is left behind. */
import { once } from 'node:events';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../media/clock/clock.ts';
import type { DesiredStream } from '../../../media/contract/streams.ts';
import { createHlsPackager } from '../../../media/hls/packager.ts';
import { threadStarter } from '../../../media/node/ingest/ingest.ts';
import { IngestCrew } from '../../../media/node/ingest/ingest-crew.ts';
import type { IngestThread } from '../../../media/node/ingest/worker-seat.ts';
import { ConnectScheduler } from '../../../media/stream/connect-scheduler.ts';
import type { ManagedStream } from '../../../media/stream/managed-stream.ts';
import { createSimulator, type Simulator } from '../../simulator/simulator.ts';
import { startGstreamerCamera, type GstreamerCamera } from '../../support/gstreamer-camera.ts';
import { decode, StreamTape, until } from './ingest/stream-tape.ts';

const account = { username: 'admin', password: 'geheim-9' };
const fragileThread = new URL('../../support/fragile-ingest-thread.ts', import.meta.url);

let simulator: Simulator;
let gstreamer: GstreamerCamera;
let crew: IngestCrew;
let threads: IngestThread[];
let logged: string[];

beforeAll(async () => {
  simulator = await createSimulator({
    cameras: [
      { clip: 'test-card', audio: 'aac', authentication: { kind: 'digest', ...account } },
      { clip: 'test-card-h265', audio: 'pcma', transports: ['tcp', 'udp'] },
      { clip: 'test-card', tls: true },
    ],
  });
  gstreamer = await startGstreamerCamera({ video: 'h264-reordered' });
});

afterAll(async () => {
  await gstreamer.close();
  await simulator.close();
});

function startCrew(workers: number): void {
  threads = [];
  logged = [];
  const write = (fields: object, event: string): void => {
    const text = JSON.stringify(fields, (_key, value: unknown) => (value instanceof Error ? value.message : value));
    logged.push(`${event} ${text}`);
  };
  const startThread = threadStarter(fragileThread);
  crew = new IngestCrew({
    workers,
    startThread: (index, listener) => {
      const thread = startThread(index, listener);
      threads.push(thread);
      return thread;
    },
    connectScheduler: new ConnectScheduler(),
    lingerMs: 1000,
    clock: systemClock,
    log: { debug: write, info: write, warn: write, error: write },
  });
}

afterEach(() => crew.close());

function desiredStream(cameraId: string, url: string, changes: Partial<DesiredStream> = {}): DesiredStream {
  return { cameraId, role: 'main', deviceId: 'nvr', url, credentials: account, transport: 'tcp', mode: 'always', recording: null, ...changes };
}

function pull(cameraId: string, url: string, changes: Partial<DesiredStream> = {}): { readonly stream: ManagedStream; readonly tape: StreamTape } {
  const tape = new StreamTape();
  const stream = crew.createStream(desiredStream(cameraId, url, changes), () => undefined);
  stream.hub.addSink(tape, 'cached-group');
  return { stream, tape };
}

function urlOf(index: number): string {
  const url = simulator.cameras[index]?.mainUrl;
  if (url === undefined) throw new Error(`no camera ${index}`);
  return url;
}

describe('cameras pulled in workers', () => {
  it('decode without a complaint, whatever way they come, on the clock of the main thread', async () => {
    startCrew(2);
    const startedMs = systemClock.monotonicMs();
    const pulled = {
      'H.264 with AAC over TCP': pull('camera-1', urlOf(0)),
      'H.265 with G.711 over UDP': pull('camera-2', urlOf(1), { transport: 'udp' }),
      'H.264 over TLS': pull('camera-3', urlOf(2)),
      'H.264 with B-frames from GStreamer': pull('camera-4', gstreamer.url),
    };
    for (const [name, { stream, tape }] of Object.entries(pulled)) {
      await until(() => tape.videoFrames.length >= 40, `40 frames of ${name}; ${logged.join('; ')}`, 60_000);
      expect(stream.observe(), name).toMatchObject({ phase: 'streaming' });
      await stream.stop();
      const codec = tape.tracks[0]?.video?.codec ?? 'h264';
      expect(await decode(codec, tape.annexB()), name).toEqual({ pictures: tape.videoFrames.length, complaints: '' });
      const arrivals = tape.frames.map((frame) => frame.arrivedMonotonicMs);
      expect(arrivals.filter((ms) => ms < startedMs || ms > systemClock.monotonicMs())).toEqual([]);
    }
    expect(pulled['H.264 with AAC over TCP'].tape.audioFrames.length).toBeGreaterThan(10);
    expect(pulled['H.265 with G.711 over UDP'].tape.audioFrames.length).toBeGreaterThan(10);
    expect(logged.join()).not.toContain(account.password);
  });

  it('can be written to files and sockets from the shared memory', async () => {
    startCrew(1);
    const { stream } = pull('camera-1', urlOf(0));
    const packager = createHlsPackager({ clock: systemClock });
    stream.hub.addSink(packager, 'cached-group');
    const playlist = await packager.playlist({ msn: null, part: null, skip: false, ticket: 't' });
    if (playlist.kind !== 'playlist') throw new Error(playlist.kind);
    const name = /segment-\d+\.m4s/.exec(playlist.text)?.[0] ?? '';
    const media = await packager.media(name);
    if (media.kind !== 'media') throw new Error(media.kind);
    expect(media.buffers.some((bytes) => bytes.buffer instanceof SharedArrayBuffer)).toBe(true);
    const expected = Buffer.concat(media.buffers);
    const folder = await mkdtemp(join(tmpdir(), 'yilan-shared-'));
    const server = createServer((_request, response) => {
      for (const bytes of media.buffers) response.write(bytes);
      response.end();
    });
    try {
      const file = await open(join(folder, 'segment.m4s'), 'w');
      await file.writev([...media.buffers]);
      await file.close();
      expect((await readFile(join(folder, 'segment.m4s'))).equals(expected)).toBe(true);
      await once(server.listen(0, '127.0.0.1'), 'listening');
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
      expect(Buffer.from(await answer.arrayBuffer()).equals(expected)).toBe(true);
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
    media.release();
    packager.close();
    await stream.stop();
  });
});

describe('a worker thread that throws', () => {
  it('takes its streams down with a reason in the log; they go on in another one', async () => {
    startCrew(2);
    const one = pull('camera-1', urlOf(0));
    const two = pull('camera-2', urlOf(1));
    await until(() => one.tape.frames.length > 10 && two.tape.frames.length > 10, 'both streams to run');
    // @ts-expect-error -- an order that only the test's thread knows
    threads[0]?.send({ kind: 'crash' });
    await until(() => one.tape.interruptions === 1, 'the interruption');
    expect(logged.find((line) => line.startsWith('ingest.worker-died'))).toContain('the worker was told to crash');
    const framesBefore = two.tape.frames.length;
    await until(() => one.tape.tracks.length === 2 && one.stream.observe().phase === 'streaming', 'the stream to come back');
    expect([crew.restarts, two.tape.interruptions]).toEqual([1, 0]);
    expect(one.tape.tracks.map(({ generation }) => generation)).toEqual([1, 2]);
    await until(() => two.tape.frames.length > framesBefore + 10, 'the other stream to go on');
    await Promise.all([one.stream.stop(), two.stream.stop()]);
  });
});

describe('slabs', () => {
  it('are all back after many reconnects, and their memory stays bounded', async () => {
    startCrew(2);
    const urls = [urlOf(0), urlOf(0).replace('/main', '/sub')];
    const pulled = Array.from({ length: 6 }, (_, index) => ({ index, ...pull(`camera-${index}`, urls[0] ?? '', { deviceId: null }) }));
    let warmBytes = 0;
    for (let round = 1; round <= 15; round += 1) {
      await until(
        () => pulled.every(({ tape }) => tape.tracks.length >= round && tape.frames.length > 0),
        `round ${round}; ${logged.slice(-3).join()}`,
      );
      for (const { tape, stream, index } of pulled) {
        tape.frames.length = 0;
        stream.update(desiredStream(`camera-${index}`, urls[round % 2] ?? '', { deviceId: null }));
      }
      if (round === 5) warmBytes = crew.slabBytes;
    }
    await Promise.all(pulled.map(({ stream }) => stream.stop()));
    await until(() => crew.slabsHeld === 0, 'the main thread to hold no slab');
    expect(crew.slabBytes).toBeLessThan(2 * warmBytes + 1024 * 1024);
    expect(pulled.map(({ tape }) => tape.interruptions >= 14)).toEqual(pulled.map(() => true));
  });
});
