/** The demo's four people, one per role, all with one password. */
import type { Account, Role, SessionAnswer } from '../../server/contract/accounts.ts';
import type { SystemInfo } from '../../server/contract/system.ts';
import { ApiError } from './api-client.ts';
import type { ApiClient } from './api-client.ts';

interface DemoAccount {
  readonly username: string;
  readonly displayName: string;
  readonly unit: string;
  readonly role: Role;
}

const administrator: DemoAccount = { username: 'admin', displayName: '系统管理员', unit: '区技防监控中心', role: 'administrator' };

const others: readonly DemoAccount[] = [
  { username: 'operator', displayName: '值班操作员', unit: '区技防监控中心', role: 'operator' },
  { username: 'officer', displayName: '值班民警', unit: '重龙派出所', role: 'officer' },
  { username: 'auditor', displayName: '考评督导员', unit: '区综治办', role: 'auditor' },
];

export const demoUsernames: readonly string[] = [administrator, ...others].map((account) => account.username);

/**
 * Makes the accounts, or gives them the present password, and returns the administrator's client.
 *
 * @param previousPassword of the last start, when that was another one; null at the first.
 */
export async function ensureDemoAccounts(api: ApiClient, setupToken: string, password: string, previousPassword: string | null): Promise<ApiClient> {
  const { isSetUp } = await api.get<SystemInfo>('/system');
  const session = isSetUp ? await logIn(api, password, previousPassword) : await setUp(api, setupToken, password);
  const client = api.withToken(session.token ?? '');
  const existing = await client.list<Account>('/accounts');
  for (const account of others) {
    const known = existing.find((candidate) => candidate.username === account.username);
    if (known === undefined) await client.send('POST', '/accounts', { ...account, password });
    else if (previousPassword !== null && previousPassword !== password) await client.send('PATCH', `/accounts/${known.id}`, { password });
  }
  return client;
}

function setUp(api: ApiClient, token: string, password: string): Promise<SessionAnswer> {
  const { username, displayName } = administrator;
  return api.send<SessionAnswer>('POST', '/setup', { token, username, password, displayName });
}

async function logIn(api: ApiClient, password: string, previousPassword: string | null): Promise<SessionAnswer> {
  const { username } = administrator;
  try {
    return await api.send<SessionAnswer>('POST', '/session', { username, password });
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'invalid-credentials' || previousPassword === null) throw error;
  }
  const session = await api.send<SessionAnswer>('POST', '/session', { username, password: previousPassword });
  await api.withToken(session.token ?? '').send('POST', '/session/password', { currentPassword: previousPassword, newPassword: password });
  return await api.send<SessionAnswer>('POST', '/session', { username, password });
}
