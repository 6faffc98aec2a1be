/** Cameras by UDP, over networks good and bad: order restored, losses counted, and no state that changes without a cause. */
import { afterEach, describe, expect, it } from 'vitest';
import { startGstreamerCamera } from '../../support/gstreamer-camera.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { CameraConfigInput } from '../../simulator/camera-config.ts';
import type { SimulatedCamera } from '../../simulator/simulator.ts';
import { decode, tapeStream, until } from './ingest/stream-tape.ts';
import type { TapedStream } from './ingest/stream-tape.ts';

const closers: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function startCamera(config: Partial<CameraConfigInput>): Promise<SimulatedCamera> {
  const simulator = await createSimulator({ cameras: [{ clip: 'test-card', transports: ['udp'], ...config }] });
  closers.push(() => simulator.close());
  const [camera] = simulator.cameras;
  if (camera === undefined) throw new Error('no camera');
  return camera;
}

function pull(url: string, transport: 'udp' | 'auto'): TapedStream {
  const taped = tapeStream(url, null, transport);
  closers.push(() => taped.stream.stop());
  return taped;
}

describe('over a good network', () => {
  it.each([
    ['udp', {}, 'aac'],
    ['udp', { clip: 'test-card-h265' }, 'pcma'],
    ['auto', {}, 'pcmu'],
  ] as const)('%s: every frame of %j arrives', async (transport, config, audio) => {
    const camera = await startCamera({ audio, ...config });
    const { tape, stream, logged } = pull(camera.mainUrl, transport);
    await until(() => tape.videoFrames.length >= 40, `40 frames; ${logged.join('; ')}`, 60_000);
    expect(stream.observe()).toMatchObject({ phase: 'streaming', reason: null, lostPackets: 0, audioCodec: audio });
    expect(tape.audioFrames.length).toBeGreaterThan(20);
    await stream.stop();
    const codec = tape.tracks[0]?.video?.codec ?? 'h264';
    expect(await decode(codec, tape.annexB())).toEqual({ pictures: tape.videoFrames.length, complaints: '' });
  });

  it('takes TCP where the camera has it, if either will do', async () => {
    const camera = await startCamera({ transports: ['tcp', 'udp'], network: { lossRate: 1 } });
    const { tape, logged } = pull(camera.subUrl, 'auto');
    await until(() => tape.videoFrames.length > 5, `frames; ${logged.join('; ')}`);
  });

  it('plays GStreamer, frame by frame', async () => {
    const camera = await startGstreamerCamera({ video: 'h264', audio: 'aac' });
    closers.push(() => camera.close());
    const { tape, stream, logged } = pull(camera.url, 'udp');
    await until(() => tape.videoFrames.length >= 45, `45 frames; ${logged.join('; ')}`, 60_000);
    expect(stream.observe()).toMatchObject({ phase: 'streaming', codec: 'h264', audioCodec: 'aac', lostPackets: 0 });
    await stream.stop();
    expect(await decode('h264', tape.annexB())).toEqual({ pictures: tape.videoFrames.length, complaints: '' });
  });
});

describe('over a bad network', () => {
  it('puts a jumbled stream in order without losing a packet', async () => {
    const camera = await startCamera({ audio: 'aac', network: { reorderRate: 0.1, seed: 7 } });
    const { tape, stream, logged } = pull(camera.mainUrl, 'udp');
    await until(() => tape.videoFrames.length >= 60, `60 frames; ${logged.join('; ')}`, 60_000);
    expect(stream.observe()).toMatchObject({ phase: 'streaming', lostPackets: 0 });
    await stream.stop();
    expect(await decode('h264', tape.annexB())).toEqual({ pictures: tape.videoFrames.length, complaints: '' });
  });

  it('with 2 % loss and 20 ms jitter the picture never stands for long, and no state changes', async () => {
    const camera = await startCamera({ audio: 'pcma', network: { lossRate: 0.02, jitterMs: 20, seed: 3 } });
    const { tape, stream, history, logged } = pull(camera.mainUrl, 'udp');
    await until(() => tape.videoFrames.length >= 150, `150 frames; ${logged.join('; ')}`, 60_000);
    expect(stream.observe()).toMatchObject({ phase: 'streaming', reason: null });
    expect(stream.observe().lostPackets).toBeGreaterThan(5);
    expect(history.map(({ phase }) => phase)).toEqual(['connecting', 'streaming']);
    const ticks = tape.videoFrames.map(({ decodeTicks }) => decodeTicks);
    const longest = Math.max(...ticks.slice(1).map((tick, index) => tick - (ticks[index] ?? 0)));
    // Time of the pictures, not of a busy machine: what was lost between two that were shown.
    expect(longest).toBeLessThan(90_000);
  });

  it('says that no packets come when all are lost', async () => {
    const camera = await startCamera({ network: { lossRate: 1 } });
    const { history } = pull(camera.subUrl, 'udp');
    await until(() => history.some(({ reason }) => reason === 'no-packets'), 'no-packets');
  });
});
