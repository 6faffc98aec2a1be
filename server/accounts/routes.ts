/** Setup, sessions, passwords and accounts over HTTP. */
import { stringifySetCookie } from 'cookie';
import { z } from 'zod';
import type { Right, Role } from '../contract/accounts.ts';
import { sessionCookie } from '../http/authentication.ts';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { DomainError } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import type { RequestFacts, Route } from '../http/route.ts';
import type { AccountService } from './account-service.ts';
import type { LoginLimits } from './login-limits.ts';
import { rightsOf } from './rights.ts';
import type { Session, SessionService } from './session-service.ts';

const role = z.enum(['administrator', 'operator', 'officer', 'auditor'] satisfies Role[]);
/** Letters and digits of any script; compared in lower case. */
const username = z
  .string()
  .trim()
  .toLowerCase()
  .min(1)
  .max(64)
  .regex(/^[\p{L}\p{N}._-]+$/u);
const password = z.string().min(1).max(200);
const displayName = z.string().trim().min(1).max(60);
const unit = z.string().trim().max(100);

const userSchema = z
  .strictObject({
    id: z.uuid(),
    username: z.string(),
    displayName: z.string(),
    unit: z.string(),
    role,
    rights: z.array(z.enum(rightsOf.administrator as readonly [Right, ...Right[]])),
    mustChangePassword: z.boolean(),
  })
  .meta({ id: 'SessionUser' });

const sessionSchema = z.strictObject({
  token: z.string().optional().describe('Only when the session begins'),
  user: userSchema,
  expiresAt: z.iso.datetime().describe('Moves on with use'),
});

const accountSchema = z
  .strictObject({
    id: z.uuid(),
    username: z.string(),
    displayName: z.string(),
    unit: z.string(),
    role,
    isDisabled: z.boolean(),
    mustChangePassword: z.boolean(),
    lastLoginAt: z.iso.datetime().nullable(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Account' });

export interface AccountRoutesOptions {
  readonly accounts: AccountService;
  readonly sessions: SessionService;
  readonly limits: LoginLimits;
  readonly isCookieSecure: boolean;
}

export function accountRoutes(options: AccountRoutesOptions): readonly Route[] {
  const { accounts, sessions, limits } = options;
  const cookie = (token: string): string =>
    stringifySetCookie(sessionCookie, token, {
      httpOnly: true,
      sameSite: 'strict',
      secure: options.isCookieSecure,
      path: '/',
      ...(token === '' ? { maxAge: 0 } : {}),
    });
  const currentSession = async (request: RequestFacts): Promise<Session> => {
    const session = request.sessionToken === null ? null : await sessions.find(request.sessionToken);
    if (session === null) throw new DomainError('unauthenticated');
    return session;
  };

  return [
    defineRoute({
      method: 'post',
      path: '/setup',
      right: 'public',
      summary: 'Make the first administrator with the one-time token of the log',
      status: 201,
      body: z.strictObject({ token: z.string().min(1).max(200), username, password, displayName }),
      answer: sessionSchema,
      async handler({ body, request, setHeader }) {
        await limits.check(request.address, body.username);
        const answer = await accounts.setUp(body, request);
        setHeader('Set-Cookie', cookie(answer.token));
        return answer;
      },
    }),
    defineRoute({
      method: 'post',
      path: '/session',
      right: 'public',
      summary: 'Log in',
      // A name nobody can have is answered like a wrong password, not like a fault of the form.
      body: z.strictObject({ username: z.string().trim().toLowerCase().min(1).max(200), password }),
      answer: sessionSchema,
      async handler({ body, request, setHeader }) {
        const answer = await sessions.logIn(body.username, body.password, request);
        setHeader('Set-Cookie', cookie(answer.token));
        return answer;
      },
    }),
    defineRoute({
      method: 'get',
      path: '/session',
      right: 'session',
      summary: 'Who is logged in',
      answer: sessionSchema,
      async handler({ request }) {
        const { user, expiresAt } = await currentSession(request);
        return { user, expiresAt: expiresAt.toISOString() };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/session',
      right: 'session',
      summary: 'Log out',
      async handler({ request, setHeader }) {
        if (request.sessionToken !== null) await sessions.logOut(request.sessionToken, request);
        setHeader('Set-Cookie', cookie(''));
      },
    }),
    defineRoute({
      method: 'post',
      path: '/session/password',
      right: 'session',
      summary: 'Change one’s own password; other sessions of the account end',
      body: z.strictObject({ currentPassword: password, newPassword: password }),
      async handler({ body, request, actor, person }) {
        await limits.check(request.address, person.username);
        await accounts.changePassword(actor, await currentSession(request), { current: body.currentPassword, next: body.newPassword });
      },
    }),
    defineRoute({
      method: 'get',
      path: '/accounts',
      right: 'accounts.manage',
      summary: 'Accounts by user name',
      query: z.strictObject(pageQuery),
      answer: pageOf(accountSchema),
      async handler({ query }) {
        const after = parseCursor(query.cursor, z.tuple([z.string()]))?.[0] ?? null;
        const rows = await accounts.list({ after, limit: query.limit + 1 });
        return toPage(
          rows,
          query.limit,
          (row) => [row.username],
          (row) => row,
        );
      },
    }),
    defineRoute({
      method: 'post',
      path: '/accounts',
      right: 'accounts.manage',
      summary: 'Make an account; its owner changes the password at the first login',
      status: 201,
      body: z.strictObject({ username, displayName, unit: unit.default(''), role, password }),
      answer: accountSchema,
      handler: ({ body, actor }) => accounts.create(actor, body),
    }),
    defineRoute({
      method: 'patch',
      path: '/accounts/{id}',
      right: 'accounts.manage',
      summary: 'Change, disable or give a new password; a new role or password ends the account’s sessions',
      params: z.strictObject({ id: z.uuid() }),
      body: z.strictObject({ displayName, unit, role, password, isDisabled: z.boolean() }).partial(),
      answer: accountSchema,
      handler: ({ params, body, actor }) => accounts.update(actor, params.id, body),
    }),
  ];
}
