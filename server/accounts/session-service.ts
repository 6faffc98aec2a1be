/** Logging in and out, and who a token belongs to. */
import { createHash, randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Settings } from '../../config/settings.ts';
import type { Changes } from '../audit/change.ts';
import type { Clock } from '../clock/clock.ts';
import type { SessionAnswer, SessionUser } from '../contract/accounts.ts';
import type { Database, Queryable } from '../database/connect.ts';
import type { SessionReader } from '../http/authentication.ts';
import { DomainError } from '../http/problem.ts';
import type { RequestFacts } from '../http/route.ts';
import { nextAfterFailure, secondsLocked } from './lock-out.ts';
import type { LoginLimits } from './login-limits.ts';
import { isPasswordOf, unknownAccountHash } from './password.ts';
import { rightsOf } from './rights.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  extendSession,
  findAccountByUsername,
  findSession,
  insertSession,
  lockAccount,
  updateAccount,
} from './store.ts';
import type { AccountRow } from './store.ts';

export interface Session {
  readonly id: string;
  readonly user: SessionUser;
  readonly expiresAt: Date;
}

export interface SessionService extends SessionReader {
  find(token: string): Promise<Session | null>;
  /** @throws {DomainError} `invalid-credentials`, `account-locked` or `too-many-requests`. */
  logIn(username: string, password: string, request: RequestFacts): Promise<Required<SessionAnswer>>;
  logOut(token: string, request: RequestFacts): Promise<void>;
  /** Starts a session for somebody who has proved who he is; part of a change. */
  open(tx: Queryable, account: AccountRow, request: RequestFacts, at: Date): Promise<Required<SessionAnswer>>;
}

export interface SessionServiceOptions {
  readonly db: Database;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly limits: LoginLimits;
  readonly rules: Settings['sessions'];
}

/** The end of a session is moved at most once in this time, so that most requests only read. */
const extendAfterMs = 60_000;

/** What is stored of a token. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/** An account as its owner sees it. */
export function describeUser(account: AccountRow): SessionUser {
  const { id, username, displayName, unit, role, mustChangePassword } = account;
  return { id, username, displayName, unit, role, rights: rightsOf[role], mustChangePassword };
}

export function createSessionService(options: SessionServiceOptions): SessionService {
  const { db, changes, clock, limits, rules } = options;
  const idleMs = rules.idleMinutes * 60_000;

  const find = async (token: string): Promise<Session | null> => {
    const found = await findSession(db, hashToken(token));
    const nowMs = clock.wallClockMs();
    if (found === null || found.session.expiresAt.getTime() <= nowMs || found.account.isDisabled) return null;
    let { expiresAt } = found.session;
    if (expiresAt.getTime() < nowMs + idleMs - extendAfterMs) {
      expiresAt = new Date(nowMs + idleMs);
      await extendSession(db, found.session.id, expiresAt);
    }
    return { id: found.session.id, user: describeUser(found.account), expiresAt };
  };

  const open: SessionService['open'] = async (tx, account, request, at) => {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = new Date(at.getTime() + idleMs);
    await insertSession(tx, {
      id: uuidv7(),
      accountId: account.id,
      tokenHash: hashToken(token),
      createdAt: at,
      expiresAt,
      address: request.address,
      userAgent: request.userAgent,
    });
    return { token, user: describeUser(account), expiresAt: expiresAt.toISOString() };
  };

  /** Stores a wrong password and answers with the refusal to throw. */
  const refuse = async (account: AccountRow, address: string | null): Promise<DomainError> =>
    changes.make({ person: null, address }, async (change) => {
      const current = (await lockAccount(change.tx, account.id)) ?? account;
      const next = nextAfterFailure(current, rules, change.at);
      await updateAccount(change.tx, account.id, next);
      const subject = { subjectKind: 'account', subjectId: account.id };
      change.audit({ action: 'session.refused', ...subject, detail: { username: account.username } });
      if (next.lockedUntil !== null) change.audit({ action: 'account.locked', ...subject, detail: { until: next.lockedUntil.toISOString() } });
      return new DomainError('invalid-credentials');
    });

  return {
    find,
    open,
    async findUser(token) {
      return (await find(token))?.user ?? null;
    },
    async logIn(username, password, request) {
      await limits.check(request.address, username);
      const account = await findAccountByUsername(db, username);
      const isRight = await isPasswordOf(account?.passwordHash ?? unknownAccountHash, password);
      if (account === null) {
        await limits.countUnknown(username);
        throw new DomainError('invalid-credentials');
      }
      const retryAfterSeconds = secondsLocked(account, new Date(clock.wallClockMs()));
      if (retryAfterSeconds !== null) throw new DomainError('account-locked', { retryAfterSeconds });
      if (!isRight || account.isDisabled) throw await refuse(account, request.address);
      const { id, displayName } = account;
      return changes.make({ person: { id, username, displayName }, address: request.address }, async (change) => {
        await deleteExpiredSessions(change.tx, change.at);
        await updateAccount(change.tx, id, { failedLogins: 0, lockedUntil: null, lastLoginAt: change.at });
        const answer = await open(change.tx, account, request, change.at);
        change.audit({ action: 'session.opened', subjectKind: 'account', subjectId: id, detail: { userAgent: request.userAgent } });
        return answer;
      });
    },
    async logOut(token, request) {
      const session = await find(token);
      if (session === null) return;
      const { id, username, displayName } = session.user;
      await changes.make({ person: { id, username, displayName }, address: request.address }, async (change) => {
        await deleteSession(change.tx, session.id);
        change.audit({ action: 'session.closed', subjectKind: 'account', subjectId: id });
      });
    },
  };
}
