/** Every route of the running server against every role: what the contract's table grants, and nothing else. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rightsOf } from '../../server/accounts/rights.ts';
import type { Right, Role } from '../../server/contract/accounts.ts';
import { startServerProcess } from '../support/server-process.ts';
import type { ServerProcess } from '../support/server-process.ts';

/** The table of `server/contract/api.md`. A route that is missing here, or here alone, fails. */
const expected: Readonly<Record<string, Right | 'session' | 'public'>> = {
  'GET /system': 'public',
  'POST /setup': 'public',
  'POST /session': 'public',
  'GET /session': 'session',
  'DELETE /session': 'session',
  'POST /session/password': 'session',
  'GET /accounts': 'accounts.manage',
  'POST /accounts': 'accounts.manage',
  'PATCH /accounts/{id}': 'accounts.manage',
  'GET /areas': 'district.read',
  'POST /areas': 'district.edit',
  'PATCH /areas/{id}': 'district.edit',
  'DELETE /areas/{id}': 'district.edit',
  'GET /compounds': 'district.read',
  'POST /compounds': 'district.edit',
  'GET /compounds/{id}': 'district.read',
  'PATCH /compounds/{id}': 'district.edit',
  'DELETE /compounds/{id}': 'district.edit',
  'GET /compound-summaries': 'district.read',
  'GET /buildings': 'district.read',
  'POST /buildings': 'district.edit',
  'PATCH /buildings/{id}': 'district.edit',
  'DELETE /buildings/{id}': 'district.edit',
  'GET /monitoring-points': 'district.read',
  'POST /monitoring-points': 'district.edit',
  'PATCH /monitoring-points/{id}': 'district.edit',
  'DELETE /monitoring-points/{id}': 'district.edit',
  'PUT /monitoring-points/{id}/cameras': 'district.edit',
  'GET /site-links': 'district.read',
  'POST /site-links': 'district.edit',
  'GET /devices': 'cameras.read',
  'POST /devices': 'cameras.edit',
  'PATCH /devices/{id}': 'cameras.edit',
  'GET /cameras': 'cameras.read',
  'POST /cameras': 'cameras.edit',
  'GET /cameras/{id}': 'cameras.read',
  'PATCH /cameras/{id}': 'cameras.edit',
  'DELETE /cameras/{id}': 'cameras.edit',
  'PUT /cameras/{id}/acceptance': 'cameras.edit',
  'GET /cameras/{id}/status-history': 'cameras.read',
  'GET /cameras/{id}/recordings': 'recordings.read',
  'POST /access-register': 'recordings.watch',
  'GET /access-register': 'access-register.read',
  'GET /media-nodes': 'system.read',
  'GET /alarms': 'alarms.read',
  'GET /alarms/{id}': 'alarms.read',
  'POST /alarms/{id}/acknowledgement': 'alarms.handle',
  'POST /alarms/{id}/close': 'alarms.handle',
  'GET /coverage': 'coverage.read',
  'GET /coverage/by-area': 'coverage.read',
  'GET /coverage.csv': 'coverage.read',
  'PUT /coverage-targets': 'coverage.edit-target',
  'GET /wall-views': 'live.watch',
  'POST /wall-views': 'wall-views.edit',
  'PUT /wall-views/{id}': 'wall-views.edit',
  'DELETE /wall-views/{id}': 'wall-views.edit',
  'GET /audit': 'audit.read',
};

/** Its right depends on the body: `live.watch` or `recordings.watch`. The domain's tests speak for it. */
const decidedInside = 'POST /cameras/{id}/tickets';

interface OpenApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly description: string }>>>>;
}

const roles = ['administrator', 'operator', 'officer', 'auditor'] as const satisfies readonly Role[];
const password = 'one-password-for-all';
let folder: string;
let server: ServerProcess;
const tokens = new Map<Role, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yilan-rights-'));
  const configuration = join(folder, 'settings.yaml');
  await writeFile(configuration, 'installation: {demo: true}\nmedia: {embeddedNode: false}\nsessions: {loginsPerMinute: 10000}\n');
  server = await startServerProcess({ dataDir: join(folder, 'data'), env: { YILAN_CONFIG: configuration } });
  await server.healthy();
  const setup = await call(null, 'POST', '/setup', { token: 'test-setup-token', username: 'administrator', password, displayName: '管理员' });
  const administrator = setup.body as { token: string };
  for (const role of roles) {
    if (role !== 'administrator') await call(administrator.token, 'POST', '/accounts', { username: role, displayName: role, role, password });
    tokens.set(role, ((await call(null, 'POST', '/session', { username: role, password })).body as { token: string }).token);
  }
});
afterAll(async () => {
  await server.remove();
  await rm(folder, { recursive: true, force: true });
});

async function call(token: string | null, method: string, path: string, body?: object): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: response.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text };
}

/** A request that gets past the rights and no further: its body fits nothing, its id belongs to nothing. */
function harmless(route: string): [method: string, path: string, body?: object] {
  const [method = '', path = ''] = route.split(' ');
  const filled = path.replaceAll(/\{\w+\}/g, '0190a0a0-0000-7000-8000-00000000ffff');
  return method === 'GET' || method === 'DELETE' ? [method, filled] : [method, filled, { noSuchField: 1 }];
}

it('describes exactly the routes of the contract, each with its right', async () => {
  const document = (await call(null, 'GET', '/openapi.json')).body as OpenApiDocument;
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, accessOf(operation.description)] as const),
  );
  const { [decidedInside]: inside, ...rest } = Object.fromEntries(described);
  expect(rest).toEqual(expected);
  expect(inside).toBeDefined();
});

function accessOf(description: string): string {
  if (description === 'No login needed.') return 'public';
  return description === 'Anybody who is logged in.' ? 'session' : (/^Right: (.+)\.$/.exec(description)?.[1] ?? description);
}

describe.each(Object.entries(expected).filter(([route]) => route !== 'DELETE /session'))('%s (%s)', (route, access) => {
  it('answers those who may call it and refuses everybody else', async () => {
    const request = harmless(route);
    const anonymous = (await call(null, ...request)).status;
    if (access === 'public') expect(anonymous).not.toBe(403);
    else expect(anonymous).toBe(401);
    for (const role of roles) {
      const { status } = await call(tokens.get(role) ?? null, ...request);
      const isGranted = access === 'public' || access === 'session' || rightsOf[role].includes(access);
      if (isGranted) expect([401, 403, 405, 500], `${role}: ${status}`).not.toContain(status);
      else expect(status, role).toBe(403);
    }
  });
});

it('refuses a token that nobody was given', async () => {
  expect((await call('A'.repeat(43), 'GET', '/cameras')).status).toBe(401);
});
