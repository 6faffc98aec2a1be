import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { DomainError } from '../../../server/http/problem.ts';
import { defineRoute, defineTextRoute } from '../../../server/http/route.ts';
import { createTestApi } from '../../support/test-api.ts';
import type { TestApi } from '../../support/test-api.ts';

const thing = z.strictObject({ id: z.uuid(), name: z.string() });
const id = '0190a0a0-0000-7000-8000-000000000001';

const routes = [
  defineRoute({
    method: 'get',
    path: '/things/{id}',
    right: 'alarms.handle',
    summary: 'One thing',
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject({ limit: z.coerce.number().int().max(500).default(100) }),
    answer: thing,
    handler: async ({ params, query, person }) => ({ id: params.id, name: `${person.username} ${query.limit}` }),
  }),
  defineRoute({
    method: 'post',
    path: '/things',
    right: 'session',
    summary: 'Make a thing',
    status: 201,
    body: z.strictObject({ name: z.string().min(1), tags: z.array(z.strictObject({ text: z.string() })).default([]) }),
    answer: thing,
    handler: async ({ body }) => ({ id, name: body.name }),
  }),
  defineRoute({
    method: 'delete',
    path: '/things/{id}',
    right: 'session',
    summary: 'Remove a thing',
    params: z.strictObject({ id: z.uuid() }),
    handler: async () => {},
  }),
  defineRoute({
    method: 'get',
    path: '/broken',
    right: 'public',
    summary: 'A bug',
    answer: z.string(),
    handler: async () => {
      throw new Error('secret detail of the inside');
    },
  }),
  defineRoute({
    method: 'get',
    path: '/locked',
    right: 'public',
    summary: 'A refusal',
    answer: z.string(),
    handler: async () => {
      throw new DomainError('account-locked', { retryAfterSeconds: 60 });
    },
  }),
  defineTextRoute({
    method: 'get',
    path: '/things.csv',
    right: 'public',
    summary: 'Things as CSV',
    textType: 'text/csv; charset=utf-8',
    handler: async ({ setHeader }) => {
      setHeader('Content-Disposition', 'attachment; filename="things.csv"');
      return '名称\r\n一\r\n';
    },
  }),
];

let api: TestApi;
beforeAll(async () => {
  api = await createTestApi(routes);
});
afterAll(() => api.close());

describe('rights', () => {
  it('answers those who hold the right and refuses all others', async () => {
    expect(await api.call('operator', 'GET', `/things/${id}?limit=7`)).toMatchObject({ status: 200, body: { id, name: 'test-operator 7' } });
    expect(await api.call('operator', 'GET', `/things/${id}?limit=`)).toMatchObject({ status: 200, body: { id, name: 'test-operator 100' } });
    expect(await api.call('auditor', 'GET', `/things/${id}`)).toMatchObject({ status: 403, body: { code: 'forbidden', status: 403 } });
    expect(await api.call(null, 'GET', `/things/${id}`)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('says nothing about a body before it knows who sends it', async () => {
    expect(await api.call(null, 'POST', '/things', '{"broken')).toMatchObject({ status: 401 });
  });

  it.each([
    ['another site', { origin: 'http://evil.example' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['an opaque origin', { origin: 'null' }],
    ['a form without origin', { 'sec-fetch-site': 'cross-site' }],
  ])('refuses a changing request with the cookie from %s', async (_name, headers: Record<string, string>) => {
    const response = await fetch(`${api.origin}/api/v1/things`, {
      method: 'POST',
      headers: { cookie: 'yilan_session=operator', 'content-type': 'application/json', ...headers },
      body: '{"name":"x"}',
    });
    expect(response.status).toBe(403);
  });

  it('takes a changing request with the cookie from its own pages', async () => {
    const response = await fetch(`${api.origin}/api/v1/things`, {
      method: 'POST',
      headers: { cookie: 'yilan_session=operator', 'content-type': 'application/json', origin: api.origin },
      body: '{"name":"x"}',
    });
    expect(response.status).toBe(201);
  });
});

describe('validation', () => {
  it('names every field that does not fit', async () => {
    const answer = await api.call('operator', 'POST', '/things', { name: 5, tags: [{ text: 'a', more: 1 }], extra: true });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ type: 'urn:yilan:problem:validation-failed', code: 'validation-failed' });
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toEqual(['body.name', 'body.tags[0].more', 'body.extra']);
  });

  it.each([
    ['an unknown query parameter', 'GET', `/things/${id}?nope=1`, undefined, 400, 'validation-failed'],
    ['an unknown query parameter without a value', 'GET', `/things/${id}?nope=`, undefined, 400, 'validation-failed'],
    ['an inherited name as a query parameter', 'GET', `/things/${id}?toString=`, undefined, 400, 'validation-failed'],
    ['a limit out of bounds', 'GET', `/things/${id}?limit=501`, undefined, 400, 'validation-failed'],
    ['an id that is none', 'GET', '/things/..%2f..%2fetc', undefined, 400, 'validation-failed'],
    ['a path that is not text', 'GET', '/things/%E0%A4%A', undefined, 400, 'validation-failed'],
    ['a body that is not JSON', 'POST', '/things', '{"name":', 400, 'malformed-json'],
    ['no body', 'POST', '/things', undefined, 400, 'validation-failed'],
    ['a list for an object', 'POST', '/things', [], 400, 'validation-failed'],
    ['a body of 1 MB and more', 'POST', '/things', { name: 'x'.repeat(1_000_001) }, 413, 'payload-too-large'],
    ['a NUL character', 'POST', '/things', { name: 'a\0b' }, 400, 'validation-failed'],
    ['half of a surrogate pair', 'POST', '/things', '{"name":"\\ud800"}', 400, 'validation-failed'],
    ['a hundred thousand levels', 'POST', '/things', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400, 'validation-failed'],
    [
      'bytes that are no UTF-8',
      'POST',
      '/things',
      new Uint8Array([...Buffer.from('{"name":"'), 0xc3, 0x28, ...Buffer.from('"}')]),
      400,
      'malformed-json',
    ],
    ['a prototype', 'POST', '/things', '{"name":"a","__proto__":{"isAdmin":true}}', 400, 'validation-failed'],
    ['an unknown path', 'GET', '/nothing', undefined, 404, 'not-found'],
    ['an unknown method', 'PUT', '/things', {}, 405, 'method-not-allowed'],
  ])('refuses %s', async (_name, method, path, body, status, code) => {
    const answer = await api.call('operator', method, path, body);
    expect({ status: answer.status, code: answer.body.code }).toEqual({ status, code });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
  });
});

describe('answers', () => {
  it('sends nothing with 204, text as its own type, and never a stack', async () => {
    expect(await api.call('operator', 'DELETE', `/things/${id}`)).toMatchObject({ status: 204, body: '' });
    const csv = await api.call(null, 'GET', '/things.csv');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.body).toBe('名称\r\n一\r\n');
    const broken = await api.call(null, 'GET', '/broken');
    expect(broken.status).toBe(500);
    expect(JSON.stringify(broken.body)).not.toContain('secret');
    const locked = await api.call(null, 'GET', '/locked');
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([423, '60']);
    expect((await api.call('operator', 'PUT', '/things')).headers.get('allow')).toBe('POST');
  });
});
