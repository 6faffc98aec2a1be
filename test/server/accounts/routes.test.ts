import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from 'drizzle-orm';
import { createAccountService } from '../../../server/accounts/account-service.ts';
import type { AccountService } from '../../../server/accounts/account-service.ts';
import { createLoginLimits } from '../../../server/accounts/login-limits.ts';
import { accountRoutes } from '../../../server/accounts/routes.ts';
import { createSessionService } from '../../../server/accounts/session-service.ts';
import { createChanges } from '../../../server/audit/change.ts';
import { auditRoutes } from '../../../server/audit/routes.ts';
import { createRealtimeOutbox } from '../../../server/realtime/outbox.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { silentLog } from '../../support/silent-log.ts';
import { createTestApi } from '../../support/test-api.ts';
import type { TestApi } from '../../support/test-api.ts';
import { createTestDatabase } from '../../support/test-database.ts';
import type { TestDatabase } from '../../support/test-database.ts';

const rules = { idleMinutes: 480, maxFailedLogins: 3, lockMinutes: 10, loginsPerMinute: 50 };
const clock = new FakeClock();
let database: TestDatabase;
let api: TestApi;
let accounts: AccountService;
let administrator: string;

beforeAll(async () => {
  database = await createTestDatabase();
  const { db } = database;
  const changes = createChanges({ db, outbox: createRealtimeOutbox({ db, clock, log: silentLog }), clock });
  const limits = createLoginLimits(rules);
  const sessions = createSessionService({ db, changes, clock, limits, rules });
  accounts = createAccountService({ db, changes, clock, sessions, isDemo: false });
  api = await createTestApi([...accountRoutes({ accounts, sessions, limits, isCookieSecure: true }), ...auditRoutes(db)], sessions);
});
afterAll(async () => {
  await api.close();
  await database.close();
});

const logIn = (username: string, password: string) => api.call(null, 'POST', '/session', { username, password });
const draft = { displayName: '王小明', unit: '区技防监控中心', role: 'operator', password: 'first-password' };

async function createAccount(username: string, values: object = {}): Promise<{ id: string }> {
  const answer = await api.call(administrator, 'POST', '/accounts', { ...draft, username, ...values });
  expect(answer.status).toBe(201);
  return answer.body;
}

describe('setup', () => {
  it('makes one administrator with the one-time token, and then never again', async () => {
    const token = await accounts.prepareSetup(null);
    const person = { username: 'Admin', password: 'a-good-password', displayName: '管理员' };
    expect(await api.call(null, 'POST', '/setup', { ...person, token: 'wrong' })).toMatchObject({ status: 403, body: { code: 'setup-token-wrong' } });
    expect(await api.call(null, 'POST', '/setup', { ...person, token, password: 'short' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'body.password', message: 'too-short' }] },
    });
    const made = await api.call(null, 'POST', '/setup', { ...person, token });
    expect(made).toMatchObject({ status: 201, body: { user: { username: 'admin', role: 'administrator', mustChangePassword: false } } });
    expect(made.headers.get('set-cookie')).toMatch(/^yilan_session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    administrator = made.body.token;
    expect(await api.call(null, 'POST', '/setup', { ...person, token })).toMatchObject({ status: 409, body: { code: 'setup-not-needed' } });
    expect(await accounts.prepareSetup('again')).toBeNull();
  });
});

it('setup gives its token to one of several who use it at once', async () => {
  const fresh = await createTestDatabase();
  const { db } = fresh;
  const changes = createChanges({ db, outbox: createRealtimeOutbox({ db, clock, log: silentLog }), clock });
  const sessions = createSessionService({ db, changes, clock, limits: createLoginLimits(rules), rules });
  const service = createAccountService({ db, changes, clock, sessions, isDemo: false });
  const token = (await service.prepareSetup(null)) ?? '';
  const request = { address: null, protocol: 'http', hostname: 'x', userAgent: null, sessionToken: null };
  const attempts = await Promise.allSettled(
    ['a', 'b', 'c'].map((username) => service.setUp({ token, username, password: 'a-good-password', displayName: username }, request)),
  );
  expect(attempts.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await service.list({ after: null, limit: 10 })).toHaveLength(1);
  await fresh.close();
});

describe('sessions', () => {
  it('begin with name and password, answer by token or cookie, and end', async () => {
    const begun = await logIn('ADMIN', 'a-good-password');
    expect(begun).toMatchObject({ status: 200, body: { user: { username: 'admin' } } });
    const { token } = begun.body;
    expect((await api.call(token, 'GET', '/session')).body).toMatchObject({ user: { username: 'admin' } });
    const cookie = begun.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect((await fetch(`${api.origin}/api/v1/session`, { headers: { cookie } })).status).toBe(200);
    expect((await api.call(token, 'DELETE', '/session')).status).toBe(204);
    expect((await api.call(token, 'GET', '/session')).status).toBe(401);
  });

  it('keep only the hash of a token', async () => {
    const { token } = (await logIn('admin', 'a-good-password')).body;
    const rows = await database.db.execute<{ row: string }>(sql`select sessions::text as row from sessions`);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => row.row.includes(token))).toEqual([]);
  });

  it('end after idleness, and move on with use', async () => {
    const { token } = (await logIn('admin', 'a-good-password')).body;
    clock.advance(479 * 60_000);
    expect((await api.call(token, 'GET', '/session')).status).toBe(200);
    clock.advance(479 * 60_000);
    expect((await api.call(token, 'GET', '/session')).status).toBe(200);
    clock.advance(480 * 60_000);
    expect((await api.call(token, 'GET', '/session')).status).toBe(401);
    administrator = (await logIn('admin', 'a-good-password')).body.token;
  });
});

describe('failed logins', () => {
  it('lock an account after the third, for ten minutes, also for the right password', async () => {
    await createAccount('locked');
    const answers = [];
    for (let attempt = 0; attempt < 4; attempt++) answers.push((await logIn('locked', 'wrong-password')).body.code);
    expect(answers).toEqual(['invalid-credentials', 'invalid-credentials', 'invalid-credentials', 'account-locked']);
    expect(await logIn('locked', draft.password)).toMatchObject({ status: 423, body: { code: 'account-locked', retryAfterSeconds: 600 } });
    clock.advance(600_000);
    expect((await logIn('locked', draft.password)).status).toBe(200);
  });

  it('answer for a name nobody has as for one that exists', async () => {
    const answers = [];
    for (let attempt = 0; attempt < 4; attempt++) answers.push((await logIn('nobody', 'wrong-password')).body.code);
    expect(answers).toEqual(['invalid-credentials', 'invalid-credentials', 'invalid-credentials', 'account-locked']);
  });

  it('are braked per address and name', async () => {
    const limits = createLoginLimits({ ...rules, loginsPerMinute: 2 });
    await limits.check('10.0.0.1', 'a');
    await limits.check('10.0.0.1', 'a');
    await expect(limits.check('10.0.0.1', 'a')).rejects.toMatchObject({ code: 'too-many-requests' });
    await limits.check('10.0.0.2', 'a');
    await limits.check('10.0.0.1', 'b');
  });

  it('are kept in the audit trail, without passwords', async () => {
    const trail = await api.call(administrator, 'GET', '/audit?limit=500');
    const actions = trail.body.items.map((entry: { action: string }) => entry.action);
    expect(actions).toEqual(expect.arrayContaining(['account.created', 'session.opened', 'session.closed', 'session.refused', 'account.locked']));
    expect(JSON.stringify(trail.body)).not.toMatch(/password"|wrong-password|argon2/);
  });
});

describe('accounts', () => {
  it('must change the password an administrator gave, before anything else', async () => {
    await createAccount('fresh', { role: 'administrator' });
    const { token, user } = (await logIn('fresh', draft.password)).body;
    expect(user.mustChangePassword).toBe(true);
    expect(await api.call(token, 'GET', '/accounts')).toMatchObject({ status: 403, body: { detail: expect.stringContaining('password') } });
    const other = (await logIn('fresh', draft.password)).body.token;
    const change = (currentPassword: string) => api.call(token, 'POST', '/session/password', { currentPassword, newPassword: 'second-password' });
    expect(await change('not-the-first')).toMatchObject({ status: 401, body: { code: 'invalid-credentials' } });
    expect((await change(draft.password)).status).toBe(204);
    expect((await api.call(token, 'GET', '/accounts')).status).toBe(200);
    expect((await api.call(other, 'GET', '/session')).status).toBe(401);
    expect((await logIn('fresh', 'second-password')).status).toBe(200);
    await api.call(administrator, 'PATCH', `/accounts/${user.id}`, { isDisabled: true });
  });

  it('are listed in pages, each once, with the shape they were made in', async () => {
    const made = await createAccount('zhang');
    const items = [];
    let cursor = '';
    do {
      const page = (await api.call(administrator, 'GET', `/accounts?limit=2${cursor}`)).body;
      items.push(...page.items);
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`;
    } while (cursor !== '');
    const names = items.map((item) => item.username);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(['admin', 'fresh', 'locked', 'zhang']));
    expect(items.find((item) => item.id === made.id)).toEqual(made);
    expect(await api.call(administrator, 'GET', '/accounts?cursor=bm9uc2Vuc2U')).toMatchObject({ status: 400, body: { code: 'validation-failed' } });
  });

  it('refuse a name that is taken and one that is none', async () => {
    expect(await api.call(administrator, 'POST', '/accounts', { ...draft, username: 'ZHANG' })).toMatchObject({
      status: 409,
      body: { code: 'conflict' },
    });
    expect((await api.call(administrator, 'POST', '/accounts', { ...draft, username: 'a b' })).status).toBe(400);
  });

  it('end their sessions when they are disabled or get another role', async () => {
    const { id } = await createAccount('moving');
    const before = (await logIn('moving', draft.password)).body.token;
    expect((await api.call(administrator, 'PATCH', `/accounts/${id}`, { role: 'auditor' })).body.role).toBe('auditor');
    expect((await api.call(before, 'GET', '/session')).status).toBe(401);
    const after = (await logIn('moving', draft.password)).body.token;
    expect((await api.call(administrator, 'PATCH', `/accounts/${id}`, { isDisabled: true })).body.isDisabled).toBe(true);
    expect((await api.call(after, 'GET', '/session')).status).toBe(401);
    expect((await logIn('moving', draft.password)).body.code).toBe('invalid-credentials');
  });

  it('always leave one administrator who can log in', async () => {
    const { id } = (await api.call(administrator, 'GET', '/session')).body.user;
    for (const patch of [{ isDisabled: true }, { role: 'operator' }]) {
      expect(await api.call(administrator, 'PATCH', `/accounts/${id}`, patch)).toMatchObject({ status: 409, body: { code: 'conflict' } });
    }
    const second = await createAccount('second', { role: 'administrator' });
    expect((await api.call(administrator, 'PATCH', `/accounts/${second.id}`, { role: 'operator' })).status).toBe(200);
  });
});
