/** The API as scripts count on it: sessions, lists, single reads, coverage, and what watches the server. On the demo. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Area } from '../../../server/contract/district.ts';
import type { CoverageFigure } from '../../../server/contract/coverage.ts';
import { startDemo } from '../../support/demo-process.ts';
import type { DemoProcess } from '../../support/demo-process.ts';
import { callAsScript, problem, refusalOf } from '../../support/script-call.ts';
import type { ScriptAnswer, ScriptRequest } from '../../support/script-call.ts';

type Username = 'admin' | 'operator' | 'officer' | 'auditor';

let demo: DemoProcess;
const tokens = new Map<Username, string>();
beforeAll(async () => {
  demo = await startDemo();
  for (const username of ['admin', 'operator', 'officer', 'auditor'] as const) tokens.set(username, (await logIn(username)).json.token);
});
afterAll(() => demo.close());

const logIn = (username: string, password = demo.password) =>
  callAsScript(`${demo.report.url}/api/v1/session`, { method: 'POST', body: { username, password } });
const api = (username: Username | null, path: string, request: ScriptRequest = {}): Promise<ScriptAnswer> => {
  const token = username === null ? undefined : tokens.get(username);
  return callAsScript(`${demo.report.url}/api/v1${path}`, { ...request, ...(token === undefined ? {} : { token }) });
};

describe('a session', () => {
  it('begins with a token and a cookie that pages cannot read; either one works', async () => {
    const answer = await logIn('operator');
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ token: expect.any(String), user: { username: 'operator', role: 'operator', mustChangePassword: false } });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/;\s*HttpOnly/i);
    expect(cookie).toMatch(/;\s*SameSite=Strict/i);
    const byCookie = await callAsScript(`${demo.report.url}/api/v1/session`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect([byCookie.status, byCookie.json.user.username]).toEqual([200, 'operator']);
    const byToken = await callAsScript(`${demo.report.url}/api/v1/session`, { token: answer.json.token });
    expect([byToken.status, byToken.json.user.username]).toEqual([200, 'operator']);
  });

  it('ends when it is deleted, whichever way it is named', async () => {
    const { token } = (await logIn('auditor')).json;
    expect((await callAsScript(`${demo.report.url}/api/v1/session`, { method: 'DELETE', token })).status).toBe(204);
    expect(refusalOf(await callAsScript(`${demo.report.url}/api/v1/cameras`, { token }))).toEqual(problem(401, 'unauthenticated'));
  });

  it('is refused to wrong passwords and unknown names alike', async () => {
    const known = await logIn('auditor', 'wrong');
    const unknown = await logIn('nobody-of-that-name', 'wrong');
    expect(refusalOf(known)).toEqual(problem(401, 'invalid-credentials'));
    expect(unknown.json).toEqual(known.json);
  });

  it.each(['/cameras', '/alarms', '/areas', '/coverage', '/media-nodes', '/access-register', '/audit', '/accounts'])(
    'is needed for %s',
    async (path) => {
      expect(refusalOf(await api(null, path))).toEqual(problem(401, 'unauthenticated'));
    },
  );
});

describe('lists', () => {
  /** Every list of the API document: those that take a cursor. */
  async function findLists(): Promise<string[]> {
    const document = (await api(null, '/openapi.json')).json as {
      readonly paths: Record<string, { readonly get?: { readonly parameters?: readonly { readonly name: string }[] } }>;
    };
    return Object.entries(document.paths).flatMap(([path, { get }]) =>
      get?.parameters?.some(({ name }) => name === 'cursor') === true ? [path] : [],
    );
  }

  it('answer pages that join to the whole, without loss or repetition', async () => {
    const lists = await findLists();
    expect(lists).toEqual(
      expect.arrayContaining(['/cameras', '/alarms', '/areas', '/compounds', '/buildings', '/monitoring-points', '/media-nodes']),
    );
    for (const path of lists) {
      const size = path === '/monitoring-points' || path === '/audit' ? 40 : 7;
      const whole = (await api('admin', `${path}?limit=500`)).json as { items: object[]; nextCursor: string | null };
      expect([path, whole.nextCursor === null || path === '/audit']).toEqual([path, true]);
      const joined: object[] = [];
      let cursor: string | null = null;
      do {
        const page: ScriptAnswer = await api('admin', `${path}?limit=${size}${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
        expect(Object.keys(page.json).toSorted()).toEqual(['items', 'nextCursor']);
        expect(page.json.items.length).toBeLessThanOrEqual(size);
        joined.push(...page.json.items);
        cursor = page.json.nextCursor;
      } while (cursor !== null && joined.length < whole.items.length);
      expect([path, joined.map(keyOf)]).toEqual([path, whole.items.map(keyOf)]);
    }
  });

  it('refuse limits and cursors that are none', async () => {
    for (const path of await findLists()) {
      for (const query of [
        'limit=0',
        'limit=-1',
        'limit=501',
        'limit=1.5',
        'limit=many',
        'cursor=%00',
        'cursor=bm8',
        'cursor=WzEsMl0x',
        'surprise=1',
      ]) {
        const answer = await api('admin', `${path}?${query}`);
        expect([path, query, refusalOf(answer)]).toEqual([path, query, problem(400, 'validation-failed')]);
      }
    }
  });

  it('hold items in the shape of the single read', async () => {
    for (const path of ['/cameras', '/compounds']) {
      const [item] = (await api('admin', `${path}?limit=1`)).json.items;
      const single = await api('admin', `${path}/${item.id}`);
      expect(Object.keys(single.json).toSorted()).toEqual(Object.keys(item).toSorted());
      expect(single.json.id).toBe(item.id);
    }
  });
});

/** What tells items of a list apart. Summaries have no id of their own. */
function keyOf(item: object): unknown {
  const { id, compound } = item as { id?: string; compound?: { id: string } };
  return id ?? compound?.id;
}

describe('cameras', () => {
  it('are created with the fields of the issue and measured soon; their address never shows its password', async () => {
    const body = {
      name: '脚本摄像机',
      longitude: 104.8512345,
      latitude: 29.7812345,
      mode: 'on-demand',
      streams: [{ role: 'main', url: 'rtsp://viewer:se%40cret@127.0.0.1:9/live', transport: 'tcp' }],
    };
    const created = await api('admin', '/cameras', { method: 'POST', body });
    expect(created.status).toBe(201);
    expect(created.json).toMatchObject({ name: body.name, longitude: body.longitude, latitude: body.latitude, mode: 'on-demand', compoundId: null });
    expect(created.json.streams).toEqual([{ role: 'main', url: 'rtsp://127.0.0.1:9/live', transport: 'tcp', hasCredentials: true }]);
    expect(created.bytes.toString()).not.toMatch(/se(%40|@)cret/);
    expect(['idle', 'unknown', 'connecting']).toContain(created.json.state.status);
    expect((await api('operator', '/cameras', { method: 'POST', body })).status).toBe(403);
    expect((await api('admin', `/cameras/${created.json.id}`, { method: 'DELETE' })).status).toBe(204);
    expect(refusalOf(await api('admin', `/cameras/${created.json.id}`))).toEqual(problem(404, 'not-found'));
  });

  it('tell their state in full', async () => {
    const cameras = (await api('auditor', '/cameras?limit=500')).json.items;
    const online = cameras.filter((camera: { state: { status: string } }) => camera.state.status === 'online');
    expect(online.length).toBeGreaterThanOrEqual(24);
    const main = online[0].state.streams.find((stream: { role: string }) => stream.role === 'main');
    expect(online[0].state).toMatchObject({ status: 'online', reason: null, since: expect.stringMatching(/Z$/) });
    expect(main).toMatchObject({ codec: expect.stringMatching(/^h26[45]$/), width: expect.any(Number), height: expect.any(Number), lostPackets: 0 });
    expect(Object.keys(main)).toEqual(expect.arrayContaining(['fps', 'bitrateBps', 'lastFrameAt', 'keyFrameIntervalMs']));
  });
});

describe('coverage', () => {
  const figureOf = async (query: string): Promise<CoverageFigure> => (await api('auditor', `/coverage?${query}`)).json;

  it('is asked for the district, its only root, and explains itself', async () => {
    const areas: Area[] = (await api('auditor', '/areas?limit=500')).json.items;
    const roots = areas.filter((area) => area.parentId === null);
    expect(roots.map((area) => area.kind)).toEqual(['district']);
    for (const kind of ['A', 'B']) {
      const figure = await figureOf(`kind=${kind}`);
      expect(figure).toMatchObject({ kind, areaId: roots[0]?.id, denominator: figure.members.length, target: 0.85 });
      expect(figure.numerator).toBe(figure.members.length - figure.failing.length);
      expect(figure.rate).toBe(figure.numerator / figure.denominator);
      expect(figure.excluded.map(({ reason }) => reason).toSorted()).toEqual(['demolished', 'merged']);
      expect(figure.failing.every(({ compoundId, reasons }) => figure.members.includes(compoundId) && reasons.length > 0)).toBe(true);
      expect(figure.inputHash).toMatch(/^[0-9a-f]{64}$/);
      expect(figure.formulaVersion).not.toBe('');
      expect(await figureOf(`kind=${kind}&at=${figure.at}&area=${figure.areaId}`)).toEqual(figure);
    }
    const reasons = (await figureOf('kind=B')).failing.flatMap((entry) => entry.reasons.map(({ code }) => code));
    expect(new Set(reasons)).toEqual(new Set(['no-standard', 'point-without-camera', 'point-camera-not-networked']));
  });

  it('of the parts adds up to the whole; before everything it has no rate', async () => {
    const district = await figureOf('kind=B');
    const parts: CoverageFigure[] = (await api('auditor', `/coverage/by-area?kind=B&area=${district.areaId}`)).json.items;
    expect(parts).toHaveLength(3);
    expect(parts.reduce((sum, part) => sum + part.numerator, 0)).toBe(district.numerator);
    expect(parts.reduce((sum, part) => sum + part.denominator, 0)).toBe(district.denominator);
    expect((await figureOf('area=&kind=B&at=')).areaId).toBe(district.areaId);
    expect(await figureOf('kind=A&at=2001-01-01T00:00:00Z')).toMatchObject({ denominator: 0, rate: null, members: [] });
  });

  it('comes as a file with byte order mark, Chinese headings and Windows lines', async () => {
    const answer = await api('auditor', '/coverage.csv?kind=A');
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w-]+\.csv"$/);
    expect([...answer.bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
    const text = answer.bytes.toString('utf8');
    expect(text.split('\n').filter((line) => line !== '' && !line.endsWith('\r'))).toEqual([]);
    expect(text).toContain('街道办事处,社区,小区,');
    const empty = (await api('auditor', '/coverage.csv?kind=A&at=2001-01-01T00:00:00Z')).bytes.toString('utf8');
    expect(empty).toContain('覆盖率,不适用\r\n');
  });
});

describe('what watches the server', () => {
  it('finds it alive, ready and measured', async () => {
    const { url } = demo.report;
    expect((await callAsScript(`${url}/healthz`)).json).toEqual({ status: 'ok' });
    expect((await callAsScript(`${url}/readyz`)).json).toEqual({ status: 'ready', checks: { database: 'ok', 'media-node': 'ok' } });
    const metrics = await callAsScript(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(metrics.bytes.toString()).toMatch(/^yilan_\w+(\{.*\})? \d/m);
  });

  it('reads an API document of version 3.1 whose every operation may be refused as a problem', async () => {
    const document = (await api(null, '/openapi.json')).json;
    expect(document.openapi).toBe('3.1.0');
    for (const operations of Object.values<Record<string, { responses: Record<string, { content?: object }> }>>(document.paths)) {
      for (const { responses } of Object.values(operations)) {
        expect(Object.keys(responses['default']?.content ?? {})).toEqual(['application/problem+json']);
      }
    }
    expect((await api(null, '/docs')).headers.get('content-type')).toMatch(/^text\/html/);
  });

  it('lists the media node with its address', async () => {
    const [node] = (await api('auditor', '/media-nodes')).json.items;
    expect(node).toMatchObject({ isLinked: true, baseUrl: demo.report.mediaUrl, streamCount: expect.any(Number) });
  });
});
