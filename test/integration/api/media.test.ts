/**
 * Video by script: cameras of two foreign kinds and one that speaks H.265 are entered through the API, watched by both transports,
 * judged by ffmpeg, recorded and played back; and nobody gets a byte without the right ticket.
 */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Camera, LiveTicket, PlaybackTicket, RecordingTimeline } from '../../../server/contract/cameras.ts';
import { chromiumOffer } from '../../support/chromium-offer.ts';
import { eventually } from '../../support/demo-pages.ts';
import { startGstreamerCamera } from '../../support/gstreamer-camera.ts';
import { openPlayerPages, watchByHls, watchByWhep } from '../../support/player-page.ts';
import type { PlayerPages } from '../../support/player-page.ts';
import { callAsScript, problem, refusalOf } from '../../support/script-call.ts';
import type { ScriptAnswer, ScriptRequest } from '../../support/script-call.ts';
import { startServerProcess } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';

const run = promisify(execFile);
const credentials = { username: 'admin', password: 'p@ss:w/rd?' };
const userInfo = `${credentials.username}:${encodeURIComponent(credentials.password)}`;
const password = 'one-password-for-all';
/** Long enough for 20 s of live video, short enough to see one expire. */
const liveSeconds = 60;

let folder: string;
let server: ServerProcess;
let players: PlayerPages;
let simulator: Simulator;
let adminToken: string;
let officerToken: string;
/** By name. */
const cameras = new Map<string, Camera>();
let firstTicket: LiveTicket;
const closes: (() => Promise<unknown>)[] = [];

const call = (path: string, request: ScriptRequest = {}): Promise<ScriptAnswer> =>
  callAsScript(`${server.url}/api/v1${path}`, { token: adminToken, ...request });
const post = (path: string, body: unknown, token = adminToken): Promise<ScriptAnswer> => call(path, { method: 'POST', body, token });
const idOf = (name: string): string => cameras.get(name)?.id ?? '';
const stateOf = async (name: string): Promise<Camera['state']> => (await call(`/cameras/${idOf(name)}`)).json.state;

async function liveTicket(name: string, stream?: 'main' | 'sub'): Promise<LiveTicket> {
  const answer = await post(`/cameras/${idOf(name)}/tickets`, { right: 'live', ...(stream === undefined ? {} : { stream }) });
  expect(answer.status).toBe(200);
  return answer.json;
}

async function enterCamera(name: string, fields: object): Promise<void> {
  const answer = await post('/cameras', { name, mode: 'always', ...fields });
  expect(answer.status).toBe(201);
  cameras.set(name, answer.json);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yilan-script-media-'));
  const configuration = join(folder, 'settings.yaml');
  await writeFile(configuration, `installation: {demo: true}\nmedia: {onDemandLingerSeconds: 1}\ntickets: {liveSeconds: ${liveSeconds}}\n`);
  server = await startServerProcess({ dataDir: join(folder, 'data'), env: { YILAN_CONFIG: configuration } });
  closes.push(() => server.remove());
  const [h264, h265, h265Sub] = await Promise.all([
    startGstreamerCamera({ audio: 'aac', credentials }),
    startGstreamerCamera({ video: 'h265', hasParameterSetsInBand: false }),
    startGstreamerCamera({ width: 320, height: 180 }),
  ]);
  closes.push(...[h264, h265, h265Sub].map((camera) => () => camera.close()));
  simulator = await createSimulator({ cameras: [{ clip: 'test-card', audio: 'pcma', authentication: { kind: 'basic', ...credentials } }] });
  closes.push(() => simulator.close());
  players = await openPlayerPages();
  closes.push(() => players.close());

  await server.ready();
  const setup = { token: 'test-setup-token', username: 'administrator', password, displayName: '管理员' };
  adminToken = (await callAsScript(`${server.url}/api/v1/setup`, { method: 'POST', body: setup })).json.token;
  await post('/accounts', { username: 'officer', displayName: '民警', role: 'officer', password });
  officerToken = (await callAsScript(`${server.url}/api/v1/session`, { method: 'POST', body: { username: 'officer', password } })).json.token;

  const [simulated] = simulator.cameras;
  const withUser = (url: string): string => url.replace('rtsp://', `rtsp://${userInfo}@`);
  await enterCamera('gstreamer', { streams: [{ role: 'main', url: withUser(h264.url) }] });
  await enterCamera('h265', {
    streams: [
      { role: 'main', url: h265.url, transport: 'tcp' },
      { role: 'sub', url: h265Sub.url },
    ],
  });
  await enterCamera('on-demand', { mode: 'on-demand', streams: [{ role: 'main', url: withUser(simulated?.mainUrl ?? '') }] });
  await enterCamera('interrupted', { streams: [{ role: 'main', url: withUser(simulated?.mainUrl ?? '') }] });
  for (const name of ['gstreamer', 'h265', 'interrupted']) {
    expect(
      await eventually(
        async () => (await stateOf(name)).status,
        (status) => status === 'online',
        60_000,
      ),
    ).toBe('online');
  }
  firstTicket = await liveTicket('gstreamer');
});
afterAll(async () => {
  for (const close of closes.toReversed()) await close();
  await rm(folder, { recursive: true, force: true });
});

/** What ffmpeg and ffprobe complain about; they decode everything they get. */
async function complaintsOf(url: string, seconds?: number): Promise<string> {
  const limit = seconds === undefined ? [] : ['-t', String(seconds)];
  const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', url, ...limit, '-f', 'null', '-'], { timeout: 100_000 });
  return stderr;
}

async function codecsOf(url: string): Promise<string[]> {
  const { stdout, stderr } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'json', url], { timeout: 60_000 });
  expect(stderr).toBe('');
  return (JSON.parse(stdout) as { streams: { codec_name: string }[] }).streams.map((stream) => stream.codec_name);
}

async function expectToPlay(ticket: LiveTicket, width: number): Promise<void> {
  const whepPage = await players.open();
  const byWhep = await watchByWhep(whepPage, ticket.urls.whep, 30);
  expect(byWhep).toMatchObject({ status: 201, width });
  expect(byWhep.shownFrames).toBeGreaterThanOrEqual(30);
  await whepPage.close();
  const hlsPage = await players.open();
  const byHls = await watchByHls(hlsPage, ticket.urls.hls, 30);
  expect(byHls).toMatchObject({ fatalErrors: [], width });
  expect(byHls.shownFrames).toBeGreaterThanOrEqual(30);
  await hlsPage.close();
}

/** URIs of a playlist: lines that are no tags, and those within tags. */
function listUris(playlist: string): string[] {
  return playlist.split('\n').flatMap((line) => {
    const inTag = /URI="([^"]*)"/.exec(line)?.[1];
    if (inTag !== undefined) return [inTag];
    return line === '' || line.startsWith('#') ? [] : [line];
  });
}

describe('cameras of other makers', () => {
  it('GStreamer’s, H.264 with AAC behind Digest, is measured, plays by both transports and decodes for 20 s without an error', async () => {
    const { streams } = await eventually(
      () => stateOf('gstreamer'),
      (state) => state.streams[0]?.keyFrameIntervalMs !== null,
      30_000,
    );
    expect(streams[0]).toMatchObject({ role: 'main', codec: 'h264', audioCodec: 'aac', width: 640, height: 360, lostPackets: 0 });
    await expectToPlay(await liveTicket('gstreamer'), 640);
    const { urls } = await liveTicket('gstreamer');
    expect(await complaintsOf(urls.hls, 20)).toBe('');
    expect(await codecsOf(urls.hls)).toEqual(['h264', 'aac']);
  });

  it('H.265 goes through untouched; its H.264 sub stream stands in where a browser cannot play it', async () => {
    const { urls } = await liveTicket('h265');
    expect(await complaintsOf(urls.hls, 6)).toBe('');
    expect(await codecsOf(urls.hls)).toEqual(['hevc']);
    const refused = await callAsScript(urls.whep, { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: chromiumOffer() });
    expect(refusalOf(refused)).toEqual(problem(406, 'codec-not-offered'));
    await expectToPlay(await liveTicket('h265', 'sub'), 320);
  });

  it('one on demand rests until somebody watches, and again soon after', async () => {
    expect(await stateOf('on-demand')).toMatchObject({ status: 'idle', reason: null, isRecording: false });
    const ticket = await liveTicket('on-demand');
    await expectToPlay(ticket, 1280);
    const after = await eventually(
      async () => (await stateOf('on-demand')).status,
      (status) => status === 'idle',
      60_000,
    );
    expect(after).toBe('idle');
  });

  it('give a picture when asked', async () => {
    for (const ticket of [await liveTicket('gstreamer'), await liveTicket('h265'), await liveTicket('on-demand')]) {
      const answer = await callAsScript(ticket.urls.snapshot);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
      expect([...answer.bytes.subarray(0, 2), ...answer.bytes.subarray(-2)]).toEqual([0xff, 0xd8, 0xff, 0xd9]);
    }
  });

  it('without a sub stream say so', async () => {
    expect(refusalOf(await post(`/cameras/${idOf('gstreamer')}/tickets`, { right: 'live', stream: 'sub' }))).toMatchObject({
      code: 'camera-has-no-such-stream',
    });
  });
});

describe('tickets', () => {
  it('stand in absolute addresses and in every address of a playlist', async () => {
    const { ticket, urls } = await liveTicket('gstreamer');
    for (const url of Object.values(urls)) {
      expect(new URL(url).searchParams.get('ticket')).toBe(ticket);
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/live\//);
    }
    for (const suffix of ['', '&_HLS_skip=YES']) {
      const playlist = (await callAsScript(`${urls.hls}${suffix}`)).bytes.toString();
      const uris = listUris(playlist);
      expect(uris.length).toBeGreaterThan(3);
      expect(uris.filter((uri) => new URL(uri, urls.hls).searchParams.get('ticket') !== ticket)).toEqual([]);
    }
  });

  it('are needed for every byte: 401 without, 403 with another camera’s', async () => {
    const { urls, ticket } = await liveTicket('gstreamer');
    const others = await liveTicket('h265');
    // A playlist that has just begun has only parts.
    const playlist = await eventually(
      async () => (await callAsScript(urls.hls)).bytes.toString(),
      (text) => text.includes('/segment-'),
      30_000,
    );
    const paths = [urls.hls, urls.snapshot, ...listUris(playlist).map((uri) => new URL(uri, urls.hls).href)].map((url) => url.split('?')[0] ?? '');
    expect(paths.some((path) => path.includes('/init-')) && paths.some((path) => path.includes('/segment-'))).toBe(true);
    for (const path of paths) {
      for (const [given, refusal] of [
        ['', problem(401, 'ticket-missing')],
        ['?ticket=', problem(401, 'ticket-missing')],
        ['?ticket=nonsense', problem(401, 'ticket-invalid')],
        [`?ticket=${ticket.slice(0, -2)}AA`, problem(401, 'ticket-invalid')],
        [`?ticket=${'a'.repeat(9000)}`, problem(401, 'ticket-invalid')],
        [`?ticket=${others.ticket}`, problem(403, 'ticket-for-another-camera')],
      ] as const) {
        expect([path, given.slice(0, 20), refusalOf(await callAsScript(`${path}${given}`))]).toEqual([path, given.slice(0, 20), refusal]);
      }
      expect(refusalOf(await callAsScript(path, { token: adminToken }))).toEqual(problem(401, 'ticket-missing'));
    }
    const offer = { method: 'POST', headers: { 'content-type': 'application/sdp' }, body: chromiumOffer() };
    const whep = urls.whep.split('?')[0] ?? '';
    expect(refusalOf(await callAsScript(whep, offer))).toEqual(problem(401, 'ticket-missing'));
    expect(refusalOf(await callAsScript(`${whep}?ticket=${others.ticket}`, offer))).toEqual(problem(403, 'ticket-for-another-camera'));
  });

  it('are of one right and one stream', async () => {
    const { ticket, urls } = await liveTicket('h265');
    const { origin } = new URL(urls.hls);
    for (const path of [`/live/${idOf('h265')}/sub/index.m3u8`, `/playback/${idOf('h265')}/index.m3u8`, `/playback/${idOf('h265')}/video.mp4`]) {
      expect(refusalOf(await callAsScript(`${origin}${path}?ticket=${ticket}`))).toEqual(problem(403, 'ticket-right-missing'));
    }
  });

  it.each([
    ['/../../../../etc/passwd'],
    ['/live/../../../etc/passwd'],
    ['/live/{camera}/main/..%2f..%2f..%2fetc%2fpasswd?ticket={ticket}'],
    ['/live/{camera}/main/%2e%2e/%2e%2e/index.m3u8?ticket={ticket}'],
    ['/live/{camera}/main/%00?ticket={ticket}'],
    ['/live/{camera}/third/index.m3u8?ticket={ticket}'],
    ['/live/%ff/main/index.m3u8?ticket={ticket}'],
    ['/playback/{camera}/../../../../etc/passwd?ticket={ticket}'],
    ['/playback/{camera}/..%2f..%2fsecret/init.mp4?ticket={ticket}'],
    ['//etc/passwd'],
    ['http://elsewhere/healthz'],
  ])('open no way to files: %s', async (template) => {
    const { ticket, urls } = await liveTicket('gstreamer');
    const target = template.replace('{camera}', idOf('gstreamer')).replace('{ticket}', ticket);
    const socket = connect(Number(new URL(urls.hls).port), '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: yilan\r\nConnection: close\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 40[0134] /);
    expect(answer).not.toContain('root:');
  });

  it('do not make the node take bodies of any size or kind', async () => {
    const { urls } = await liveTicket('gstreamer');
    const offer = (body: string, type = 'application/sdp') => callAsScript(urls.whep, { method: 'POST', headers: { 'content-type': type }, body });
    expect(refusalOf(await offer('v'.repeat(5_000_000)))).toEqual(problem(413, 'payload-too-large'));
    expect(refusalOf(await offer('{}', 'application/json'))).toEqual(problem(400, 'bad-request'));
    for (const body of ['', 'hello', 'v=0\r\n', '{}', `v=0\r\n${'a=x\r\n'.repeat(9000)}`])
      expect(refusalOf(await offer(body))).toEqual(problem(400, 'offer-invalid'));
    for (const query of ['_HLS_msn=-1', '_HLS_msn=x', '_HLS_part=0', '_HLS_msn=1e3']) {
      expect([query, refusalOf(await callAsScript(`${urls.hls}&${query}`))]).toEqual([query, problem(400, 'bad-request')]);
    }
    expect(refusalOf(await callAsScript(urls.hls, { method: 'DELETE' }))).toEqual(problem(405, 'method-not-allowed'));
  });
});

describe('recordings', () => {
  let span: { from: string; to: string };
  beforeAll(async () => {
    const toMs = Date.now() - 3_000;
    span = { from: new Date(toMs - 25_000).toISOString(), to: new Date(toMs).toISOString() };
  });
  const timelineOf = async (name: string, range = span): Promise<RecordingTimeline> =>
    (await call(`/cameras/${idOf(name)}/recordings?from=${range.from}&to=${range.to}`)).json;
  const register = (name: string, range = span) =>
    post('/access-register', { cameraIds: [idOf(name)], ...range, reason: '核查纠纷', caseNumber: 'A-2026-17' }, officerToken);
  const ticketFor = (name: string, registerEntryId: unknown, range = span, token = officerToken) =>
    post(`/cameras/${idOf(name)}/tickets`, { right: 'playback', ...range, registerEntryId }, token);

  it('are shown to nobody before the entry, and by nobody else’s', async () => {
    expect(refusalOf(await post(`/cameras/${idOf('gstreamer')}/tickets`, { right: 'playback', ...span }, officerToken))).toEqual(
      problem(403, 'register-entry-required'),
    );
    const entry = await register('gstreamer');
    expect(entry.status).toBe(201);
    expect(entry.json).toMatchObject({
      person: { username: 'officer' },
      cameraIds: [idOf('gstreamer')],
      ...span,
      reason: '核查纠纷',
      caseNumber: 'A-2026-17',
    });
    const { id } = entry.json;
    const wider = { ...span, from: new Date(Date.parse(span.from) - 1).toISOString() };
    expect(refusalOf(await ticketFor('gstreamer', id, wider))).toEqual(problem(403, 'register-entry-does-not-cover'));
    expect(refusalOf(await ticketFor('h265', id))).toEqual(problem(403, 'register-entry-does-not-cover'));
    expect(refusalOf(await ticketFor('gstreamer', id, span, adminToken))).toEqual(problem(403, 'register-entry-required'));
    expect((await call('/access-register')).json.items.map((known: { id: string }) => known.id)).toContain(id);
  });

  it.each([
    ['gstreamer', ['h264', 'aac']],
    ['h265', ['hevc']],
  ])('of %s play as HLS and as one file, decode without an error and tell true times', async (name, codecs) => {
    const timeline = await timelineOf(name);
    expect(timeline.gaps).toEqual([]);
    expect(timeline.spans.every(({ bytes }) => bytes > 0)).toBe(true);
    const answer = await ticketFor(name, (await register(name)).json.id);
    expect(answer.status).toBe(200);
    const { ticket, urls } = answer.json as PlaybackTicket;
    const playlist = (await callAsScript(urls.hls)).bytes.toString();
    const uris = listUris(playlist);
    expect(uris.filter((uri) => new URL(uri, urls.hls).searchParams.get('ticket') !== ticket)).toEqual([]);
    const dates = [...playlist.matchAll(/#EXT-X-PROGRAM-DATE-TIME:(\S+)/g)].map(([, date]) => Date.parse(date ?? ''));
    // The first group of pictures may begin a little earlier than asked for: it cannot be cut.
    expect(Math.abs((dates[0] ?? 0) - Date.parse(span.from))).toBeLessThanOrEqual(4_500);
    const listedSeconds = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce((sum, [, seconds]) => sum + Number(seconds), 0);
    expect(listedSeconds).toBeGreaterThanOrEqual(23);
    expect(listedSeconds).toBeLessThanOrEqual(34);
    for (const url of [urls.hls, urls.mp4]) {
      expect(await codecsOf(url)).toEqual(codecs);
      expect(await complaintsOf(url)).toBe('');
    }
    const media = new URL(uris.at(-1) ?? '', urls.hls).href.split('?')[0] ?? '';
    for (const url of [urls.hls, urls.mp4, media].map((one) => one.split('?')[0] ?? '')) {
      expect(refusalOf(await callAsScript(url))).toEqual(problem(401, 'ticket-missing'));
      const others = await liveTicket('on-demand');
      expect(refusalOf(await callAsScript(`${url}?ticket=${others.ticket}`))).toEqual(problem(403, 'ticket-for-another-camera'));
    }
  });

  it('have a gap with a reason where the camera was away', async () => {
    const fromMs = Date.now() - 10_000;
    simulator.cameras[0]?.setFault('refuse', 8);
    await eventually(
      async () => (await stateOf('interrupted')).status,
      (status) => status !== 'online',
      20_000,
    );
    await eventually(
      async () => (await stateOf('interrupted')).status,
      (status) => status === 'online',
      60_000,
    );
    const timeline = await eventually(
      () => timelineOf('interrupted', { from: new Date(fromMs).toISOString(), to: new Date().toISOString() }),
      ({ spans }) => spans.length >= 2,
      60_000,
    );
    expect(timeline.spans.length).toBeGreaterThanOrEqual(2);
    const gap = timeline.gaps.find(({ from }) => from === timeline.spans[0]?.to);
    expect(['closed-by-camera', 'connection-refused']).toContain(gap?.reason);
    expect(Date.parse(gap?.to ?? '') - Date.parse(gap?.from ?? '')).toBeGreaterThanOrEqual(6_000);
  });
});

it('A ticket is no good after its time', async () => {
  expect(Date.parse(firstTicket.expiresAt)).toBeLessThanOrEqual(Date.now() + liveSeconds * 1000);
  const answer = await eventually(
    () => callAsScript(firstTicket.urls.hls),
    ({ status }) => status !== 200,
    (liveSeconds + 10) * 1000,
  );
  expect(refusalOf(answer)).toEqual(problem(401, 'ticket-expired'));
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(firstTicket.expiresAt));
  expect(refusalOf(await callAsScript(firstTicket.urls.snapshot))).toEqual(problem(401, 'ticket-expired'));
});
