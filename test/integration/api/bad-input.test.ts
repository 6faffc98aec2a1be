/** What is wrong on purpose, by script: each is a problem with a code, none an internal error, and the server goes on. */
import { connect } from 'node:net';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAsScript, problem, refusalOf } from '../../support/script-call.ts';
import type { ScriptAnswer, ScriptRequest } from '../../support/script-call.ts';
import { startServerProcess } from '../../support/server-process.ts';
import type { ServerProcess } from '../../support/server-process.ts';

const nobodysId = '0190a0a0-0000-7000-8000-00000000ffff';
const minute = { from: '2026-05-01T08:00:00Z', to: '2026-05-01T08:01:00Z' };
const camera = { name: '大门', mode: 'always', streams: [{ role: 'main', url: 'rtsp://127.0.0.1:9/main' }] };
const invalid = problem(400, 'validation-failed');
const malformed = problem(400, 'malformed-json');
const tooLarge = problem(413, 'payload-too-large');
const notFound = problem(404, 'not-found');

let folder: string;
let server: ServerProcess;
let token: string;
let cameraId: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yilan-bad-input-'));
  const configuration = join(folder, 'settings.yaml');
  await writeFile(configuration, 'installation: {demo: true}\nmedia: {embeddedNode: false}\n');
  server = await startServerProcess({ dataDir: join(folder, 'data'), env: { YILAN_CONFIG: configuration } });
  await server.healthy();
  const setup = { token: 'test-setup-token', username: 'administrator', password: 'a-long-password', displayName: '管理员' };
  token = (await callAsScript(`${server.url}/api/v1/setup`, { method: 'POST', body: setup })).json.token;
  cameraId = (await post('/cameras', camera)).json.id;
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

const call = (path: string, request: ScriptRequest = {}): Promise<ScriptAnswer> => callAsScript(`${server.url}/api/v1${path}`, { token, ...request });
const post = (path: string, body: unknown): Promise<ScriptAnswer> => call(path, { method: 'POST', body });
const bytesAround = (middle: readonly number[]): Uint8Array => Buffer.concat([Buffer.from('{"name":"'), Buffer.from(middle), Buffer.from('"}')]);

it('refuses another setup, and everything of a server without a node, with a code', async () => {
  const setup = { token: 'test-setup-token', username: 'second', password: 'a-long-password', displayName: '二' };
  expect(refusalOf(await post('/setup', setup))).toEqual(problem(409, 'setup-not-needed'));
  expect(refusalOf(await post(`/cameras/${cameraId}/tickets`, { right: 'live' }))).toEqual(problem(503, 'no-media-node'));
  const ready = await callAsScript(`${server.url}/readyz`);
  expect([ready.status, ready.json.status, ready.json.checks.database]).toEqual([503, 'not-ready', 'ok']);
});

describe('POST /cameras', () => {
  const main = camera.streams[0];
  it.each([
    ['an unknown field', { ...camera, colour: 'red' }, 'body.colour'],
    ['an unknown field within a stream', { ...camera, streams: [{ ...main, port: 5 }] }, 'body.streams[0].port'],
    ['a number for a name', { ...camera, name: 5 }, 'body.name'],
    ['an empty name', { ...camera, name: '  ' }, 'body.name'],
    ['a name of 5,000 characters', { ...camera, name: '名'.repeat(5000) }, 'body.name'],
    ['an unknown mode', { ...camera, mode: 'sometimes' }, 'body.mode'],
    ['no streams', { ...camera, streams: [] }, 'body.streams'],
    ['a third stream', { ...camera, streams: [main, { ...main, role: 'sub' }, { ...main, role: 'sub' }] }, 'body.streams'],
    ['two main streams', { ...camera, streams: [main, main] }, 'body.streams'],
    ['a file for an address', { ...camera, streams: [{ role: 'main', url: 'file:///etc/passwd' }] }, 'body.streams[0].url'],
    ['a page for an address', { ...camera, streams: [{ role: 'main', url: 'http://127.0.0.1/' }] }, 'body.streams[0].url'],
    ['a line break in an address', { ...camera, streams: [{ role: 'main', url: 'rtsp://a/\r\nX: y' }] }, 'body.streams[0].url'],
    ['an unknown transport', { ...camera, streams: [{ ...main, transport: 'carrier-pigeon' }] }, 'body.streams[0].transport'],
    ['half a position', { ...camera, longitude: 104.8 }, 'body.longitude'],
    ['a position off the earth', { ...camera, longitude: 104.8, latitude: 91 }, 'body.latitude'],
    ['a compound that is not there', { ...camera, compoundId: nobodysId }, 'body.compoundId'],
    ['a NUL character', { ...camera, name: 'a\0b' }, 'body.name'],
    ['half of a surrogate pair', { ...camera, name: 'a\ud800b' }, 'body.name'],
    ['a list', [camera], 'body'],
    ['a text', '"camera"', 'body'],
  ])('refuses %s and names the place', async (_name, body, path) => {
    const answer = await post('/cameras', body);
    expect(refusalOf(answer)).toEqual(invalid);
    expect(answer.json.errors.map((error: { path: string }) => error.path)).toContain(path);
  });

  it.each([
    ['no JSON', '{"name":', malformed],
    ['bytes that are no UTF-8', bytesAround([0xff, 0xfe]), malformed],
    ['an overlong form of a slash', bytesAround([0xc0, 0xaf]), malformed],
    ['a hundred thousand levels', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, invalid],
    ['5 MB', { ...camera, name: 'x'.repeat(5_000_000) }, tooLarge],
    ['5 MB of blanks', ' '.repeat(5_000_000), tooLarge],
  ])('refuses %s', async (_name, body, refusal) => {
    expect(refusalOf(await post('/cameras', body))).toEqual(refusal);
  });

  it.each([
    ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
    ['an unknown encoding', { 'content-encoding': 'rot13' }],
  ])('refuses %s', async (_name, headers) => {
    const answer = await call('/cameras', { method: 'POST', headers, body: JSON.stringify(camera) });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  });

  it('left no camera behind', async () => {
    expect((await call('/cameras')).json.items.map(({ id }: { id: string }) => id)).toEqual([cameraId]);
  });
});

describe('ids that belong to nothing', () => {
  it.each([
    ['GET', `/cameras/${nobodysId}`, undefined],
    ['PATCH', `/cameras/${nobodysId}`, { name: 'x' }],
    ['DELETE', `/cameras/${nobodysId}`, undefined],
    ['POST', `/cameras/${nobodysId}/tickets`, { right: 'live' }],
    ['GET', `/cameras/${nobodysId}/recordings?from=${minute.from}&to=${minute.to}`, undefined],
    ['GET', `/cameras/${nobodysId}/status-history?from=${minute.from}&to=${minute.to}`, undefined],
    ['GET', `/compounds/${nobodysId}`, undefined],
    ['GET', `/alarms/${nobodysId}`, undefined],
    ['POST', `/alarms/${nobodysId}/acknowledgement`, {}],
    ['POST', `/alarms/${nobodysId}/close`, { note: 'x' }],
    ['GET', `/coverage?area=${nobodysId}`, undefined],
    ['GET', `/coverage/by-area?area=${nobodysId}`, undefined],
    ['GET', `/coverage.csv?area=${nobodysId}`, undefined],
  ])('%s %s is not found', async (method, path, body) => {
    expect(refusalOf(await call(path, { method, ...(body === undefined ? {} : { body }) }))).toEqual(notFound);
  });

  it.each(['1', 'nope', '%00', '%ff', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', "'%20or%201=1--", 'x'.repeat(3000), '💡'])(
    'and %s, which is none, is refused everywhere',
    async (id) => {
      for (const [method, path, body] of [
        ['GET', `/cameras/${id}`, undefined],
        ['DELETE', `/cameras/${id}`, undefined],
        ['POST', `/cameras/${id}/tickets`, { right: 'live' }],
        ['GET', `/alarms/${id}`, undefined],
        ['POST', `/alarms/${id}/acknowledgement`, {}],
        ['GET', `/coverage?area=${id}`, undefined],
        ['GET', `/cameras?compoundId=${id}`, undefined],
      ] as const) {
        const answer = await call(path, { method, ...(body === undefined ? {} : { body }) });
        expect([method, path, [400, 404].includes(answer.status), answer.headers.get('content-type')]).toEqual([
          method,
          path,
          true,
          'application/problem+json',
        ]);
      }
    },
  );
});

describe('spans and moments', () => {
  it.each([
    '',
    'from=now&to=later',
    `from=${minute.to}&to=${minute.from}`,
    `from=${minute.from}`,
    'from=2026-05-01&to=2026-05-02',
    'from=2025-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
  ])('GET …/recordings?%s is refused', async (query) => {
    expect(refusalOf(await call(`/cameras/${cameraId}/recordings?${query}`))).toEqual(invalid);
  });

  it.each(['kind=C', 'kind=a', 'at=yesterday', 'at=2026-13-01T00:00:00Z', 'kind=A&kind=B', 'format=xml'])(
    'GET /coverage?%s is refused',
    async (query) => {
      expect(refusalOf(await call(`/coverage?${query}`))).toEqual(invalid);
    },
  );

  it.each(['handling=done', 'condition=maybe', 'handling=open&handling=closed'])('GET /alarms?%s is refused', async (query) => {
    expect(refusalOf(await call(`/alarms?${query}`))).toEqual(invalid);
  });

  it.each([
    [{}],
    [{ right: 'everything' }],
    [{ right: 'live', stream: 'third' }],
    [{ right: 'live', from: minute.from }],
    [{ right: 'playback' }],
    [{ right: 'playback', ...minute, registerEntryId: 'mine' }],
  ])('a ticket for %j is refused', async (body) => {
    expect(refusalOf(await post(`/cameras/${cameraId}/tickets`, body))).toEqual(invalid);
  });

  it.each([
    ['no camera', { cameraIds: [] }],
    ['a camera that is not there', { cameraIds: [nobodysId] }],
    ['no cameras at all', { cameraIds: undefined }],
    ['an empty reason', { reason: '' }],
    ['a blank reason', { reason: '   ' }],
    ['no reason', { reason: undefined }],
    ['a span that ends before it begins', { from: minute.to, to: minute.from }],
    ['an unknown field', { approvedBy: '我' }],
  ])('an entry of the access register with %s is refused', async (_name, change) => {
    expect(refusalOf(await post('/access-register', { cameraIds: [cameraId], ...minute, reason: '核查', ...change }))).toEqual(invalid);
  });
});

describe('paths and methods', () => {
  it.each([
    ['GET', '/nothing', notFound],
    ['GET', '/cameras/', notFound],
    ['GET', '/Cameras', notFound],
    ['PUT', '/cameras', problem(405, 'method-not-allowed')],
    ['DELETE', '/cameras', problem(405, 'method-not-allowed')],
    ['POST', '/coverage', problem(405, 'method-not-allowed')],
  ])('%s %s', async (method, path, refusal) => {
    expect(refusalOf(await call(path, { method }))).toEqual(refusal);
  });

  /** Clients tidy paths up before they send them; a socket does not. The server closes it. */
  async function sendRaw(target: string): Promise<string> {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: yilan\r\nAccept: text/html\r\nConnection: close\r\n\r\n`);
    return text(socket);
  }

  it.each([
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/..%5c..%5cpackage.json',
    '//etc/passwd',
    '/assets/../../../package.json',
    '/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2f..%2fpackage.json',
    '/api/v1/../../../package.json',
    '/api/v1/docs/../../../package.json',
    '/.env',
    '/.git/config',
    '/%00',
    '/assets/%00',
    '/assets/%ff',
    'http://elsewhere/package.json',
  ])('GET %s gives no file', async (target) => {
    const answer = await sendRaw(target);
    expect(answer).not.toMatch(/root:|"dependencies"|\[core\]/);
    expect(answer).toMatch(/^HTTP\/1\.1 (200|400|403|404) /);
    // What is no file of ours is a problem, or the application's first page, which says so itself.
    expect(answer).toMatch(/content-type: (application\/problem\+json|text\/html)/i);
  });
});

it('has met no error of its own', async () => {
  const errors = server
    .logText()
    .split('\n')
    .filter((line) => line.includes('"level":50'));
  expect(errors).toEqual([]);
  expect((await callAsScript(`${server.url}/healthz`)).status).toBe(200);
});
