import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeApi } from '../../../server/http/api-document.ts';
import { pageOf, pageQuery } from '../../../server/http/pagination.ts';
import { defineRoute, defineTextRoute } from '../../../server/http/route.ts';

const thing = z.strictObject({ id: z.uuid(), name: z.string().max(60) }).meta({ id: 'Thing' });
const routes = [
  defineRoute({
    method: 'get',
    path: '/things',
    right: 'cameras.read',
    summary: 'Things',
    query: z.strictObject({ ...pageQuery, q: z.string().optional() }),
    answer: pageOf(thing),
    handler: async () => ({ items: [], nextCursor: null }),
  }),
  defineRoute({
    method: 'patch',
    path: '/things/{id}',
    right: 'cameras.edit',
    summary: 'Change a thing',
    params: z.strictObject({ id: z.uuid() }),
    body: z.strictObject({ name: z.string() }).partial(),
    answer: thing,
    handler: async () => ({ id: '', name: '' }),
  }),
  defineRoute({
    method: 'delete',
    path: '/things/{id}',
    right: 'session',
    summary: 'Remove',
    params: z.strictObject({ id: z.uuid() }),
    handler: async () => {},
  }),
  defineTextRoute({
    method: 'get',
    path: '/things.csv',
    right: 'public',
    summary: 'CSV',
    textType: 'text/csv; charset=utf-8',
    handler: async () => '',
  }),
];

// oxlint-disable-next-line typescript/no-explicit-any -- a document is looked into by path
const document = describeApi(routes, '1.2.3') as any;

describe('the API document', () => {
  it('has every method of every path and nothing else', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method} ${path}`),
    );
    expect(operations.sort((a, b) => a.localeCompare(b))).toEqual(['delete /things/{id}', 'get /things', 'get /things.csv', 'patch /things/{id}']);
    expect(document.openapi).toBe('3.1.0');
  });

  it('says who may call, with what, and what comes back', () => {
    const list = document.paths['/things'].get;
    expect(list.description).toBe('Right: cameras.read.');
    expect(list.parameters.map((parameter: { name: string; in: string }) => `${parameter.in} ${parameter.name}`)).toEqual([
      'query limit',
      'query cursor',
      'query q',
    ]);
    const change = document.paths['/things/{id}'].patch;
    expect(change.parameters).toMatchObject([{ in: 'path', name: 'id', required: true, schema: { type: 'string', format: 'uuid' } }]);
    expect(change.requestBody.content['application/json'].schema).toMatchObject({ type: 'object', additionalProperties: false });
    expect(change.responses['200'].content['application/json'].schema).toEqual({ $ref: '#/components/schemas/Thing' });
    expect(change.responses.default.content['application/problem+json'].schema).toEqual({ $ref: '#/components/schemas/Problem' });
    expect(document.paths['/things/{id}'].delete.responses['204']).toEqual({ description: 'Done' });
    expect(document.paths['/things.csv'].get).toMatchObject({ security: [], responses: { '200': { content: { 'text/csv': {} } } } });
  });

  it('is read by a page that fetches nothing from elsewhere', () => {
    const require = createRequire(import.meta.url);
    expect(require.resolve('swagger-ui-dist/swagger-ui-bundle.js')).toContain('node_modules');
  });
});
