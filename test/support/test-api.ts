/** Routes on a real Express application and port, with sessions whose token is the name of a role. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../server/http/app.ts';
import type { SessionReader } from '../../server/http/authentication.ts';
import { createLog } from '../../server/http/log.ts';
import type { Route } from '../../server/http/route.ts';
import type { Role } from '../../server/contract/accounts.ts';
import { testRoles, testUser } from './test-accounts.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, or the text of another type. */
  // eslint-disable-next-line typescript/no-explicit-any -- tests compare whole values
  readonly body: any;
}

export interface TestApi {
  readonly origin: string;
  /** `path` below `/api/v1`; `token` is the name of a role unless other sessions were given, null sends none. */
  call(token: Role | (string & {}) | null, method: string, path: string, body?: unknown): Promise<ApiAnswer>;
  close(): Promise<void>;
}

const roleSessions: SessionReader = {
  findUser: async (token) => {
    const role = testRoles.find((known) => known === token);
    return role === undefined ? null : testUser(role);
  },
};

/** Answers are checked against the routes' schemas too: one that does not fit is status 500. */
export async function createTestApi(routes: readonly Route[], sessions: SessionReader = roleSessions): Promise<TestApi> {
  const log = createLog({ level: process.env['YILAN_TEST_LOG'] === undefined ? 'silent' : 'debug', name: 'test' });
  const app = createApp({ routes, sessions, log, trustProxy: false, isAnswerChecked: true, headers: [], extras: [], pages: [] });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async call(token, method, path, body) {
      const response = await fetch(`${origin}/api/v1${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: bodyOf(body) }),
      });
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') === true;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Text and bytes as they are, so that a test can send what is no JSON. */
function bodyOf(body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body === 'string') return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body);
}
