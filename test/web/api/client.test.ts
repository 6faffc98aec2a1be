import { describe, expect, it } from 'vitest';
import { createApiClient, formatQuery } from '../../../web/api/client.ts';
import { ApiProblem, problemCodeOf } from '../../../web/api/problem.ts';

function setUp(answer: (url: string, init: RequestInit | undefined) => Response | Promise<Response>) {
  const seen: { url: string; method: string }[] = [];
  let expiries = 0;
  const api = createApiClient({
    fetch: async (input, init) => {
      const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
      seen.push({ url, method: init?.method ?? 'GET' });
      return answer(url, init);
    },
    onUnauthenticated: () => (expiries += 1),
  });
  return { api, seen, expiries: () => expiries };
}
const problem = (status: number, code: string, more: object = {}) =>
  new Response(JSON.stringify({ type: 'about:blank', title: code, status, code, ...more }), { status });

describe('the API client', () => {
  it('reads a list to its end, page by page', async () => {
    const { api, seen } = setUp((url) =>
      Response.json(url.includes('cursor=2') ? { items: [3], nextCursor: null } : { items: [1, 2], nextCursor: '2' }),
    );
    expect(await api.listAll<number>('/cameras', { q: null })).toEqual([1, 2, 3]);
    expect(seen.map(({ url }) => url)).toEqual(['/api/v1/cameras?limit=500', '/api/v1/cameras?limit=500&cursor=2']);
  });

  it('throws the code of a refusal, with what belongs to it', async () => {
    const by = { id: '1', username: 'operator', displayName: '王建国' };
    const { api } = setUp(() => problem(409, 'already-acknowledged', { acknowledgedBy: by }));
    const error = await api.post('/alarms/1/acknowledgement').catch((thrown: unknown) => thrown);
    expect(problemCodeOf(error)).toBe('already-acknowledged');
    expect((error as ApiProblem).problem?.acknowledgedBy).toEqual(by);
  });

  it('tells of an ended session, but not of a wrong password', async () => {
    const { api, expiries } = setUp((url) => problem(401, url.endsWith('/session') ? 'invalid-credentials' : 'unauthenticated'));
    await api.post('/session', {}).catch(() => {});
    expect(expiries()).toBe(0);
    await api.get('/cameras').catch(() => {});
    expect(expiries()).toBe(1);
  });

  it.each([
    ['a broken line', () => Promise.reject(new TypeError('failed')), 'network-unreachable'],
    ['a proxy without its server', () => new Response('<html>', { status: 502 }), 'unavailable'],
    ['nonsense', () => new Response('<html>', { status: 200 }), 'answer-unreadable'],
  ])('has a code for %s', async (_name, answer, code) => {
    const { api } = setUp(answer);
    expect(problemCodeOf(await api.get('/system').catch((thrown: unknown) => thrown))).toBe(code);
  });

  it('answers nothing to 204', async () => {
    const { api } = setUp(() => new Response(null, { status: 204 }));
    expect(await api.remove('/session')).toBeUndefined();
  });
});

it('names the fields of a failed validation as the form does', () => {
  const failed = new ApiProblem('validation-failed', {
    type: '',
    title: '',
    status: 422,
    code: 'validation-failed',
    errors: [{ path: 'body.streams[1].url', message: 'Not an address' }],
  });
  expect([...failed.fieldErrors()]).toEqual([['streams.1.url', 'Not an address']]);
});

it('leaves out of a query what is not set', () => {
  expect(formatQuery({ a: 1, b: '', c: null, d: undefined, e: 'x y' })).toBe('?a=1&e=x+y');
  expect(formatQuery({})).toBe('');
});
