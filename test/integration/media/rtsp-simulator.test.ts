/** A managed stream against simulated cameras: every way of speaking RTSP, every fault. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { NoPictureReason } from '../../../media/contract/streams.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { CameraConfigInput } from '../../simulator/camera-config.ts';
import type { SimulatedCamera, Simulator } from '../../simulator/simulator.ts';
import { decode, tapeStream, until } from './ingest/stream-tape.ts';
import type { TapedStream } from './ingest/stream-tape.ts';

const account = { username: '管理员', password: 'p@ss:wörd "1"' };
const cameras = {
  plain: { audio: 'aac' },
  h265: { clip: 'test-card-h265', audio: 'pcma', parameterSets: 'in-band' },
  digest: { authentication: { kind: 'digest', ...account } },
  digestQop: { authentication: { kind: 'digest', qop: true, ...account } },
  basic: { authentication: { kind: 'basic', ...account } },
  absolute: { controlStyle: 'absolute', audio: 'aac' },
  absolutePath: { controlStyle: 'absolute-path', audio: 'aac' },
  query: { controlStyle: 'query', audio: 'aac' },
  queryWithoutBase: { controlStyle: 'query', contentBase: false, audio: 'aac' },
  inBand: { parameterSets: 'in-band', start: 'anywhere' },
  fromDescription: { parameterSets: 'sdp', audio: 'pcmu' },
  smallPackets: { packetSizeBytes: 200, writeMode: 'packet', aggregate: true },
  hugePackets: { packetSizeBytes: 60_000, aggregate: true },
  tls: { tls: true, audio: 'aac', authentication: { kind: 'digest', ...account } },
  faulty: { audio: 'aac', ownPort: true },
} satisfies Record<string, Partial<CameraConfigInput>>;
type CameraName = keyof typeof cameras;

let simulator: Simulator;
const open: TapedStream[] = [];

beforeAll(async () => {
  simulator = await createSimulator({ cameras: Object.values(cameras).map((config) => ({ clip: 'test-card', ...config })) });
});

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ stream }) => stream.stop()));
});

afterAll(async () => {
  await simulator.close();
});

function cameraOf(name: CameraName): SimulatedCamera {
  const camera = simulator.cameras[Object.keys(cameras).indexOf(name)];
  if (camera === undefined) throw new Error(`no camera ${name}`);
  return camera;
}

function pull(url: string, credentials: typeof account | null = null): TapedStream {
  const taped = tapeStream(url, credentials);
  open.push(taped);
  return taped;
}

function lastReason({ history }: TapedStream): NoPictureReason | null {
  return history.at(-1)?.reason ?? null;
}

describe('pulls a camera', () => {
  const variants: [CameraName, 'mainUrl' | 'subUrl', typeof account | null][] = [
    ['plain', 'mainUrl', null],
    ['plain', 'subUrl', null],
    ['h265', 'mainUrl', null],
    ['digest', 'subUrl', account],
    ['digestQop', 'subUrl', account],
    ['basic', 'subUrl', account],
    ['absolute', 'subUrl', null],
    ['absolutePath', 'subUrl', null],
    ['query', 'subUrl', null],
    ['queryWithoutBase', 'subUrl', null],
    ['inBand', 'subUrl', null],
    ['fromDescription', 'subUrl', null],
    ['smallPackets', 'mainUrl', null],
    ['hugePackets', 'mainUrl', null],
    ['tls', 'mainUrl', account],
  ];
  it.concurrent.each(variants)('%s %s, and every frame decodes', async (name, which, credentials) => {
    const camera = cameraOf(name);
    const { tape, stream, logged } = tapeStream(camera[which], credentials);
    try {
      await until(() => tape.videoFrames.length >= 40, `40 frames of ${name}; ${logged.join('; ')}`, 60_000);
      expect(stream.observe()).toMatchObject({ phase: 'streaming', reason: null, lostPackets: 0 });
    } finally {
      await stream.stop();
    }
    expect(tape.videoFrames[0]?.isKeyFrame).toBe(true);
    const codec = tape.tracks[0]?.video?.codec ?? 'h264';
    expect(await decode(codec, tape.annexB())).toEqual({ pictures: tape.videoFrames.length, complaints: '' });
    const steps = tape.videoFrames.slice(1).map((frame, index) => frame.decodeTicks - (tape.videoFrames[index]?.decodeTicks ?? 0));
    // On a busy machine the simulator may leave a picture out; the times stay on its grid of 15 a second.
    expect(steps.filter((step) => step <= 0 || step % 6000 !== 0)).toEqual([]);
    if (camera.describe().streams.main.audio !== 'none') expect(tape.audioFrames.length).toBeGreaterThan(10);
    for (const secret of [account.password, encodeURIComponent(account.password)]) expect(logged.join()).not.toContain(secret);
  });
});

describe('says why there is no picture', () => {
  it('wrong password', async () => {
    const taped = pull(cameraOf('digest').mainUrl, { username: 'admin', password: 'wrong' });
    await until(() => lastReason(taped) === 'unauthorized', 'unauthorized');
    expect(taped.stream.observe().phase).toBe('waiting');
  });

  it('no such stream', async () => {
    const taped = pull(cameraOf('plain').mainUrl.replace('/1/main', '/1/third'));
    await until(() => lastReason(taped) === 'stream-not-found', 'stream-not-found');
  });

  it('nothing listens', async () => {
    const camera = cameraOf('faulty');
    camera.setFault('refuse', 3);
    await until(() => camera.describe().fault !== null, 'the fault to begin');
    const taped = pull(camera.mainUrl);
    await until(() => lastReason(taped) === 'connection-refused', 'connection-refused');
    camera.clearFault();
    await until(() => taped.stream.observe().phase === 'streaming', 'the stream to come back');
  });

  it('a camera that is silent', async () => {
    const camera = cameraOf('faulty');
    camera.setFault('silence');
    const taped = pull(camera.mainUrl);
    await until(() => lastReason(taped) === 'no-answer', 'no-answer');
    camera.clearFault();
    await until(() => taped.stream.observe().phase === 'streaming', 'the stream to come back');
  });

  const faults: ['stall' | 'audio-only' | 'broken-timestamps' | 'nonsense', NoPictureReason][] = [
    ['stall', 'no-packets'],
    ['audio-only', 'no-video'],
    ['broken-timestamps', 'timestamps-broken'],
    ['nonsense', 'protocol-error'],
  ];
  it.each(faults)('%s → %s, and comes back', async (kind, reason) => {
    const camera = cameraOf('faulty');
    camera.clearFault();
    const taped = pull(camera.mainUrl);
    await until(() => taped.stream.observe().phase === 'streaming', 'the first picture');
    camera.setFault(kind);
    await until(() => taped.history.some((entry) => entry.reason === reason), `${reason}, but ${JSON.stringify(taped.history)}`);
    camera.clearFault();
    const seen = taped.tape.videoFrames.length;
    await until(
      () => taped.stream.observe().phase === 'streaming' && taped.stream.observe().reason === null && taped.tape.videoFrames.length > seen + 10,
      'the picture to come back',
      60_000,
    );
    const { videoFrames } = taped.tape;
    for (const [index, frame] of videoFrames.entries()) {
      const before = videoFrames[index - 1];
      if (before !== undefined && before.generation === frame.generation) expect(frame.decodeTicks).toBeGreaterThan(before.decodeTicks);
    }
  });

  it('other parameter sets in mid-stream begin a new generation with the new size', async () => {
    const camera = cameraOf('faulty');
    camera.clearFault();
    const taped = pull(camera.mainUrl);
    await until(() => taped.stream.observe().phase === 'streaming', 'the first picture');
    camera.setFault('parameter-change');
    await until(() => taped.tape.tracks.length >= 2, 'a second generation');
    camera.clearFault();
    await until(() => taped.tape.tracks.length >= 3 && taped.tape.frames.at(-1)?.generation === 3, 'a third generation');
    const sizes = taped.tape.tracks.map(({ video }) => `${video?.width}x${video?.height}`);
    expect(sizes[1]).not.toBe(sizes[0]);
    expect(sizes[2]).toBe(sizes[0]);
    expect(taped.tape.interruptions).toBe(0);
    expect((await decode('h264', taped.tape.annexB())).complaints).toBe('');
  });

  it('a camera that hangs up is known at once', async () => {
    const camera = cameraOf('faulty');
    camera.clearFault();
    const taped = pull(camera.mainUrl);
    await until(() => taped.stream.observe().phase === 'streaming', 'the first picture');
    camera.setFault('reboot', 2);
    await until(() => taped.stream.observe().phase === 'waiting', 'the loss to be seen', 10_000);
    expect(taped.tape.interruptions).toBe(1);
    await until(() => taped.stream.observe().phase === 'streaming', 'the stream to come back', 60_000);
  });
});

describe('a camera that sends nonsense', () => {
  it('costs its neighbour nothing', async () => {
    const bad = cameraOf('faulty');
    bad.clearFault();
    const [good, evil] = [pull(cameraOf('plain').mainUrl), pull(bad.mainUrl)];
    await until(() => [good, evil].every(({ stream }) => stream.observe().phase === 'streaming'), 'both pictures');
    bad.setFault('nonsense');
    await until(() => evil.history.some(({ reason }) => reason === 'protocol-error'), 'the nonsense to be noticed');
    const seen = good.tape.videoFrames.length;
    await until(() => good.tape.videoFrames.length > seen + 15, 'the neighbour to go on');
    bad.clearFault();
    expect(good.stream.observe()).toMatchObject({ phase: 'streaming', reason: null, lostPackets: 0 });
    expect([good.history.length, good.tape.interruptions]).toEqual([2, 0]);
    expect((await decode('h264', good.tape.annexB())).complaints).toBe('');
  });
});

describe('a slow camera', () => {
  it('is pulled all the same', async () => {
    const camera = cameraOf('faulty');
    camera.setFault('slow');
    const taped = pull(camera.subUrl);
    await until(() => taped.tape.videoFrames.length > 5, `frames; ${taped.logged.join('; ')}`, 60_000);
    camera.clearFault();
  });
});
