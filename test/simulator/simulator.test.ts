import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { afterEach, describe, expect, it } from 'vitest';

import type { CameraConfigInput } from './camera-config.ts';
import { RawClient } from './raw-client.ts';
import type { RawPacket } from './raw-client.ts';
import { createSimulator } from './simulator.ts';
import type { SimulatedCamera, Simulator } from './simulator.ts';

const run = promisify(execFile);
const open: { simulators: Simulator[]; clients: RawClient[] } = { simulators: [], clients: [] };

afterEach(async () => {
  for (const client of open.clients.splice(0)) client.close();
  await Promise.all(open.simulators.splice(0).map((simulator) => simulator.close()));
});

async function start(...cameras: CameraConfigInput[]): Promise<{ simulator: Simulator; camera: SimulatedCamera }> {
  const simulator = await createSimulator({ cameras });
  open.simulators.push(simulator);
  const [camera] = simulator.cameras;
  if (camera === undefined) throw new Error('no camera');
  return { simulator, camera };
}

function connectTo(url: string): RawClient {
  const client = new RawClient(Number(new URL(url).port));
  open.clients.push(client);
  return client;
}

async function playing(camera: SimulatedCamera, tracks = 1): Promise<RawClient> {
  const client = connectTo(camera.mainUrl);
  await client.play(camera.mainUrl, tracks);
  return client;
}

const video = (client: RawClient): RawPacket[] => client.packets.filter(({ channel }) => channel === 0);
const frameEnds = (client: RawClient): RawPacket[] => video(client).filter(({ bytes }) => (bytes.readUInt8(1) & 0x80) !== 0);
const timestamp = ({ bytes }: RawPacket): number => bytes.readUInt32BE(4);

describe('what ffmpeg makes of the streams', () => {
  const admin = { username: 'admin', password: 'pa ss:word' } as const;
  const ways: readonly { name: string; role: 'main' | 'sub'; config: CameraConfigInput }[] = [
    {
      name: 'H.264 and AAC, Digest with qop',
      role: 'main',
      config: { clip: 'test-card', audio: 'aac', authentication: { kind: 'digest', qop: true, ...admin } },
    },
    {
      name: 'H.265 and A-law, Digest, absolute control URLs, aggregated',
      role: 'main',
      config: { clip: 'test-card-h265', audio: 'pcma', authentication: { kind: 'digest', ...admin }, controlStyle: 'absolute', aggregate: true },
    },
    {
      name: 'H.264 in four slices, Basic, query URLs, parameter sets in band',
      role: 'sub',
      config: {
        clip: 'test-card',
        audio: 'pcmu',
        authentication: { kind: 'basic', ...admin },
        controlStyle: 'query',
        parameterSets: 'in-band',
        aggregate: true,
      },
    },
    {
      name: 'H.265 packet by packet, parameter sets in the SDP only',
      role: 'main',
      config: {
        clip: 'test-card-h265',
        controlStyle: 'absolute-path',
        contentBase: false,
        parameterSets: 'sdp',
        writeMode: 'packet',
        packetSizeBytes: 700,
        start: 'cached-key-frame',
      },
    },
  ];

  it.each(ways)('$name: five seconds decode without a complaint', { timeout: 90_000 }, async ({ role, config }) => {
    const { camera } = await start(config);
    const url = new URL(role === 'main' ? camera.mainUrl : camera.subUrl);
    if (config.authentication !== undefined) {
      url.username = admin.username;
      url.password = encodeURIComponent(admin.password);
    }
    const options = ['-nostdin', '-v', 'warning', '-rtsp_transport', 'tcp', '-i', url.href, '-t', '5', '-f', 'null', '-'];
    const { stderr } = await run('ffmpeg', options);
    expect(stderr).toBe('');
    expect(camera.sentFrames(role).length).toBeGreaterThan(30);
  });
});

describe('the dialogue', () => {
  it('describes the stream and hands it over', async () => {
    const { camera } = await start({ clip: 'test-card', audio: 'aac' });
    const client = connectTo(camera.mainUrl);
    expect((await client.request('OPTIONS', camera.mainUrl)).headers.get('public')).toContain('GET_PARAMETER');
    const described = await client.request('DESCRIBE', camera.mainUrl, { Accept: 'application/sdp' });
    expect(described.headers.get('content-base')).toBe(`${camera.mainUrl}/`);
    expect(described.body).toContain('m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000');
    expect(described.body).toMatch(/MPEG4-GENERIC\/16000\/1[^]*config=1408/);
    const answer = await client.play(camera.mainUrl, 2);
    const sequenceNumber = Number(/seq=(\d+)/.exec(answer.headers.get('rtp-info') ?? '')?.[1]);
    await client.until(() => frameEnds(client).length > 0);
    expect(video(client)[0]?.bytes.readUInt16BE(2)).toBe(sequenceNumber);
    await client.until(() => [1, 2, 3].every((channel) => client.packets.some((packet) => packet.channel === channel)));
    expect((await client.request('TEARDOWN', camera.mainUrl)).status).toBe(200);
    expect(camera.describe().viewers.main).toBe(0);
  });

  it.each([
    ['UDP', 'SETUP', '/1/main/trackID=0', { Transport: 'RTP/AVP;unicast;client_port=5000-5001' }, 461],
    ['a camera there is not', 'DESCRIBE', '/9/main', {}, 404],
    ['a track there is not', 'SETUP', '/1/main/trackID=1', { Transport: 'RTP/AVP/TCP;interleaved=0-1' }, 404],
    ['PLAY before SETUP', 'PLAY', '/1/main', {}, 454],
    ['an unknown method', 'ANNOUNCE', '/1/main', {}, 501],
  ] as const)('refuses %s', async (_, method, path, headers, status) => {
    const { simulator, camera } = await start({ clip: 'test-card' });
    const client = connectTo(camera.mainUrl);
    const url = `rtsp://127.0.0.1:${simulator.rtspPort}${path}`;
    expect((await client.request(method, url, headers)).status).toBe(status);
  });

  it('asks for credentials at DESCRIBE, not at OPTIONS', async () => {
    const { camera } = await start({
      clip: 'test-card',
      authentication: { kind: 'digest', username: 'admin', password: 'x' },
    });
    const client = connectTo(camera.mainUrl);
    expect((await client.request('OPTIONS', camera.mainUrl)).status).toBe(200);
    const refused = await client.request('DESCRIBE', camera.mainUrl);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toMatch(/^Digest realm="IP Camera", nonce="\w+"$/);
  });

  it('ends a connection that does not speak RTSP', async () => {
    const { camera } = await start({ clip: 'test-card' });
    const client = connectTo(camera.mainUrl);
    client.send('GET', '/ HTTP/1.1');
    await client.closed;
  });

  it('throws off a client that says nothing any more', async () => {
    const { camera } = await start({ clip: 'test-card', sessionTimeoutSeconds: 0.5 });
    const client = await playing(camera);
    await client.closed;
    expect(camera.describe().viewers.main).toBe(0);
  });

  it('serves several clients of one stream, and keeps its time line', async () => {
    const { camera } = await start({ clip: 'test-card', start: 'anywhere' });
    const [one, two] = await Promise.all([playing(camera), playing(camera)]);
    await Promise.all([one, two].map((client) => client.until(() => frameEnds(client).length >= 10)));
    const seen = frameEnds(one).map(timestamp);
    expect(new Set(seen.slice(1).map((now, index) => (now - (seen[index] ?? 0)) >>> 0))).toEqual(new Set([6000]));
    expect(frameEnds(two).map(timestamp)).toContain(seen.at(-2));
  });

  it('begins with parameter sets and a key frame', async () => {
    const { camera } = await start({ clip: 'test-card' });
    const client = await playing(camera);
    await client.until(() => video(client).length >= 3);
    expect(
      video(client)
        .slice(0, 3)
        .map(({ bytes }) => bytes.readUInt8(12) & 0x1f),
    ).toEqual([7, 8, 28]);
    expect(camera.sentFrames()[0]?.isKeyFrame).toBe(true);
  });
});

describe('faults', () => {
  it('refuse: resets clients, and with a port of its own nothing listens', async () => {
    const { camera } = await start({ clip: 'test-card', ownPort: true });
    const client = await playing(camera);
    camera.setFault('refuse');
    await client.closed;
    for (;;) {
      const failure = await connectTo(camera.mainUrl).closed;
      if (failure?.code === 'ECONNREFUSED') break;
    }
    camera.clearFault();
    await expect
      .poll(
        async () =>
          connectTo(camera.mainUrl)
            .request('OPTIONS', camera.mainUrl)
            .catch(() => null),
        { timeout: 10_000 },
      )
      .not.toBeNull();
  });

  it('refuse on a shared port: resets who asks for this camera, not for its neighbour', async () => {
    const { simulator, camera } = await start({ clip: 'test-card' }, { clip: 'test-card' });
    camera.setFault('refuse');
    const client = connectTo(camera.mainUrl);
    client.send('OPTIONS', camera.mainUrl);
    expect((await client.closed)?.code).toBe('ECONNRESET');
    const neighbour = simulator.cameras[1]?.mainUrl ?? '';
    expect((await connectTo(neighbour).request('DESCRIBE', neighbour)).status).toBe(200);
  });

  it('unauthorized: 401 to everything', async () => {
    const { camera } = await start({ clip: 'test-card' });
    camera.setFault('unauthorized');
    const client = connectTo(camera.mainUrl);
    expect((await client.request('OPTIONS', camera.mainUrl)).status).toBe(401);
    expect((await client.request('DESCRIBE', camera.mainUrl)).status).toBe(401);
  });

  it('silence: answers nothing until it is over', async () => {
    const { camera } = await start({ clip: 'test-card' });
    camera.setFault('silence');
    const client = connectTo(camera.mainUrl);
    client.send('OPTIONS', camera.mainUrl);
    client.send('DESCRIBE', camera.mainUrl);
    camera.clearFault();
    expect((await client.request('GET_PARAMETER', camera.mainUrl)).body).toBe('');
    expect(client.rest.length).toBe(0);
  });

  it('stall: stops within a frame, holds its tongue, and goes on where it stopped', async () => {
    const { camera } = await start({ clip: 'test-card', start: 'anywhere' });
    const client = await playing(camera);
    await client.until(() => frameEnds(client).length > 2);
    camera.setFault('stall');
    await client.until(() => client.rest.length > 0);
    const stoppedAt = client.packets.length;
    client.send('GET_PARAMETER', camera.mainUrl);
    camera.clearFault();
    await client.request('GET_PARAMETER', camera.mainUrl);
    await client.until(() => client.packets.length > stoppedAt + 5);
    expect(client.packets.every(({ bytes }) => bytes.readUInt8(0) === 0x80)).toBe(true);
  });

  it('black: another picture with its own parameter sets', async () => {
    const { camera } = await start({ clip: 'test-card', parameterSets: 'sdp' });
    const client = await playing(camera);
    camera.setFault('black');
    await client.until(() => video(client).some(({ bytes }) => (bytes.readUInt8(12) & 0x1f) === 7));
    await client.until(() => frameEnds(client).length > 5);
    expect(frameEnds(client).at(-1)?.bytes.length).toBeLessThan(200);
  });

  it('frozen: the same picture again and again, with times that go on', async () => {
    const { camera } = await start({ clip: 'test-card' });
    camera.setFault('frozen');
    const client = await playing(camera);
    await client.until(() => frameEnds(client).length >= 4);
    const ends = frameEnds(client);
    expect(new Set(ends.map(({ bytes }) => bytes.toString('hex', 12))).size).toBe(1);
    expect(new Set(ends.map(timestamp)).size).toBe(ends.length);
    expect(new Set(camera.sentFrames().map(({ loopFrame }) => loopFrame)).size).toBe(1);
  });

  it('audio-only: video stops, audio goes on', async () => {
    const { camera } = await start({ clip: 'test-card', audio: 'pcma' });
    camera.setFault('audio-only');
    const client = await playing(camera, 2);
    await client.until(() => client.packets.filter(({ channel }) => channel === 2).length > 60);
    expect(video(client)).toEqual([]);
  });

  it('no-key-frames: everything but those', async () => {
    const { camera } = await start({ clip: 'test-card' });
    camera.setFault('no-key-frames');
    const client = await playing(camera);
    await client.until(() => frameEnds(client).length > 40);
    expect(camera.sentFrames().some(({ isKeyFrame }) => isKeyFrame)).toBe(false);
  });

  it('broken-timestamps: they run backwards and repeat', async () => {
    const { camera } = await start({ clip: 'test-card', start: 'anywhere' });
    camera.setFault('broken-timestamps');
    const client = await playing(camera);
    await client.until(() => frameEnds(client).length > 30);
    const steps = frameEnds(client)
      .map(timestamp)
      .map((now, index, all) => (now - (all[index - 1] ?? now)) | 0);
    expect(steps.some((step) => step < 0)).toBe(true);
  });

  it('wrong-clock: sender reports are an hour ahead', async () => {
    const { camera } = await start({ clip: 'test-card', start: 'anywhere' });
    camera.setFault('wrong-clock');
    const client = await playing(camera);
    await client.until(() => client.packets.some(({ channel }) => channel === 1));
    const report = client.packets.find(({ channel }) => channel === 1)?.bytes;
    const reportedMs = ((report?.readUInt32BE(8) ?? 0) - 2_208_988_800) * 1000;
    expect((reportedMs - Date.now()) / 60_000).toBeCloseTo(60, 0);
  });

  it('parameter-change: another size in mid-stream', { timeout: 60_000 }, async () => {
    const { camera } = await start({ clip: 'test-card' });
    camera.setFault('parameter-change');
    const probe = [
      '-v',
      'error',
      '-rtsp_transport',
      'tcp',
      '-read_intervals',
      '%+2',
      '-show_entries',
      'frame=width',
      '-select_streams',
      'v',
      '-of',
      'csv=p=0',
      camera.mainUrl,
    ];
    const { stdout } = await run('ffprobe', probe);
    expect(new Set(stdout.trim().split(/[\s,]+/))).toEqual(new Set(['640']));
  });

  it('reboot: drops everything, refuses, and comes back with other numbers', async () => {
    const { camera } = await start({ clip: 'test-card', start: 'anywhere' });
    const before = await playing(camera);
    await before.until(() => frameEnds(before).length > 0);
    camera.setFault('reboot', 0.5);
    await before.closed;
    await expect.poll(() => camera.describe().fault, { timeout: 10_000 }).toBeNull();
    const after = await playing(camera);
    await after.until(() => frameEnds(after).length > 0);
    const ssrc = (client: RawClient): number | undefined => video(client)[0]?.bytes.readUInt32BE(8);
    expect(ssrc(after)).not.toBe(ssrc(before));
  });

  it('slow: the answer comes late, and whole', async () => {
    const { camera } = await start({ clip: 'test-card' });
    camera.setFault('slow');
    const client = connectTo(camera.mainUrl);
    const askedMs = performance.now();
    const described = await client.request('DESCRIBE', camera.mainUrl);
    expect(performance.now() - askedMs).toBeGreaterThan(1400);
    expect(described.body).toContain('m=video');
  });

  it('nonsense: packets that say nothing, then bytes that are no packets', async () => {
    const { camera } = await start({ clip: 'test-card', start: 'anywhere' });
    camera.setFault('nonsense');
    const client = await playing(camera);
    await client.until(() => client.rest.length > 5000);
    expect(client.packets.length).toBeGreaterThan(0);
  });
});

describe('the HTTP face', () => {
  it('sets and takes back faults, and lists frames', async () => {
    const { simulator, camera } = await start({ clip: 'test-card', start: 'anywhere' });
    const base = `http://127.0.0.1:${simulator.httpPort}/cameras`;
    const post = async (body: unknown): Promise<Response> => fetch(`${base}/1/fault`, { method: 'POST', body: JSON.stringify(body) });
    expect((await post({ kind: 'black', seconds: 60 })).status).toBe(200);
    expect(camera.describe().fault?.kind).toBe('black');
    expect((await fetch(`${base}/1/fault`, { method: 'DELETE' })).status).toBe(200);
    expect(camera.describe().fault).toBeNull();
    expect((await post({ kind: 'earthquake' })).status).toBe(400);
    expect((await fetch(`${base}/2`)).status).toBe(404);
    const client = await playing(camera);
    await client.until(() => frameEnds(client).length > 3);
    const { frames } = (await (await fetch(`${base}/1/frames?limit=2`)).json()) as { frames: unknown[] };
    expect(frames).toHaveLength(2);
    expect(camera.sentFrames()).toEqual(expect.arrayContaining(frames));
    const { cameras } = (await (await fetch(base)).json()) as { cameras: { number: number }[] };
    expect(cameras.map(({ number }) => number)).toEqual([1]);
  });

  it('refuses a configuration that makes no sense, naming the field', async () => {
    await expect(createSimulator({ cameras: [{ clip: 'test-card', packetSizeBytes: 3 }] })).rejects.toThrow('packetSizeBytes');
    await expect(createSimulator({ cameras: [{ clip: 'moon' }] })).rejects.toThrow('test-card');
  });
});
