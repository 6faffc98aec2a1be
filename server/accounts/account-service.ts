/** Making and changing accounts: by setup, by an administrator, and one's own password. */
import { randomBytes } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import type { Actor, Change, Changes } from '../audit/change.ts';
import type { Clock } from '../clock/clock.ts';
import type { Account, Role, SessionAnswer } from '../contract/accounts.ts';
import type { Database } from '../database/connect.ts';
import { DomainError } from '../http/problem.ts';
import type { RequestFacts } from '../http/route.ts';
import { findPasswordFault, hashPassword, isPasswordOf } from './password.ts';
import { hashToken } from './session-service.ts';
import type { Session, SessionService } from './session-service.ts';
import {
  deleteSessionsOf,
  hasAccounts,
  insertAccount,
  isSetupToken,
  loadAccounts,
  lockAccount,
  lockActiveAdministrators,
  saveSetupToken,
  takeSetupToken,
  updateAccount,
} from './store.ts';
import type { AccountRow } from './store.ts';

export interface AccountDraft {
  readonly username: string;
  readonly displayName: string;
  readonly unit: string;
  readonly role: Role;
  readonly password: string;
}

/** Members that are absent or undefined stay as they are. */
export interface AccountPatch {
  readonly displayName?: string | undefined;
  readonly unit?: string | undefined;
  readonly role?: Role | undefined;
  readonly password?: string | undefined;
  readonly isDisabled?: boolean | undefined;
}

export interface AccountService {
  /** Prepares the setup of an empty installation and returns the one-time token; null when there is an account. */
  prepareSetup(givenToken: string | null): Promise<string | null>;
  isSetUp(): Promise<boolean>;
  /** Makes the first administrator and logs him in. */
  setUp(draft: Omit<AccountDraft, 'unit' | 'role'> & { readonly token: string }, request: RequestFacts): Promise<Required<SessionAnswer>>;
  list(options: { readonly after: string | null; readonly limit: number }): Promise<readonly Account[]>;
  create(actor: Actor, draft: AccountDraft): Promise<Account>;
  update(actor: Actor, accountId: string, patch: AccountPatch): Promise<Account>;
  changePassword(actor: Actor, session: Session, passwords: { readonly current: string; readonly next: string }): Promise<void>;
}

export interface AccountServiceOptions {
  readonly db: Database;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly sessions: SessionService;
  readonly isDemo: boolean;
}

export function createAccountService(options: AccountServiceOptions): AccountService {
  const { db, changes, clock, sessions, isDemo } = options;

  const acceptPassword = async (password: string, username: string, path: string): Promise<string> => {
    const fault = findPasswordFault(password, { username, isDemo });
    if (fault !== null) throw new DomainError('validation-failed', { errors: [{ path, message: fault }] });
    return hashPassword(password);
  };

  const insert = async (change: Change, row: AccountRow): Promise<void> => {
    if (!(await insertAccount(change.tx, row))) throw new DomainError('conflict', { detail: 'The user name is taken' });
    const { username, displayName, unit, role } = row;
    change.audit({ action: 'account.created', subjectKind: 'account', subjectId: row.id, detail: { username, displayName, unit, role } });
  };

  return {
    async prepareSetup(givenToken) {
      if (await hasAccounts(db)) {
        await saveSetupToken(db, null, new Date(clock.wallClockMs()));
        return null;
      }
      const token = givenToken ?? randomBytes(18).toString('base64url');
      await db.transaction((tx) => saveSetupToken(tx, hashToken(token), new Date(clock.wallClockMs())));
      return token;
    },

    isSetUp: () => hasAccounts(db),

    async setUp({ token, username, password, displayName }, request) {
      if (await hasAccounts(db)) throw new DomainError('setup-not-needed');
      if (!(await isSetupToken(db, hashToken(token)))) throw new DomainError('setup-token-wrong');
      const passwordHash = await acceptPassword(password, username, 'body.password');
      return changes.make({ person: null, address: request.address }, async (change) => {
        const row = newRow({ username, displayName, unit: '', role: 'administrator' }, passwordHash, false, change.at);
        if (!(await takeSetupToken(change.tx, hashToken(token)))) throw new DomainError('setup-not-needed');
        await insert(change, row);
        return sessions.open(change.tx, row, request, change.at);
      });
    },

    async list(range) {
      return (await loadAccounts(db, range)).map(describeAccount);
    },

    async create(actor, draft) {
      const passwordHash = await acceptPassword(draft.password, draft.username, 'body.password');
      return changes.make(actor, async (change) => {
        const row = newRow(draft, passwordHash, !isDemo, change.at);
        await insert(change, row);
        return describeAccount(row);
      });
    },

    async update(actor, accountId, { password, ...patch }) {
      const passwordHash = password === undefined ? null : await acceptPassword(password, '', 'body.password');
      return changes.make(actor, async (change) => {
        const administrators = await lockActiveAdministrators(change.tx);
        const row = await lockAccount(change.tx, accountId);
        if (row === null) throw new DomainError('not-found');
        const next = {
          ...row,
          ...definedOnly(patch),
          ...(passwordHash === null ? {} : { passwordHash, mustChangePassword: !isDemo, failedLogins: 0, lockedUntil: null }),
        };
        const staysAdministrator = next.role === 'administrator' && !next.isDisabled;
        if (!staysAdministrator && administrators.length === 1 && administrators[0] === accountId) {
          throw new DomainError('conflict', { detail: 'The last administrator must remain' });
        }
        await updateAccount(change.tx, accountId, next);
        if (next.isDisabled || passwordHash !== null || next.role !== row.role) await deleteSessionsOf(change.tx, accountId, null);
        change.audit({
          action: 'account.changed',
          subjectKind: 'account',
          subjectId: accountId,
          detail: { ...patch, ...(passwordHash === null ? {} : { isPasswordReset: true }) },
        });
        return describeAccount(next);
      });
    },

    async changePassword(actor, session, passwords) {
      const passwordHash = await acceptPassword(passwords.next, session.user.username, 'body.newPassword');
      await changes.make(actor, async (change) => {
        const account = await lockAccount(change.tx, session.user.id);
        if (account === null || !(await isPasswordOf(account.passwordHash, passwords.current))) throw new DomainError('invalid-credentials');
        await updateAccount(change.tx, account.id, { passwordHash, mustChangePassword: false });
        await deleteSessionsOf(change.tx, account.id, session.id);
        change.audit({ action: 'account.password-changed', subjectKind: 'account', subjectId: account.id });
      });
    },
  };
}

function describeAccount(row: AccountRow): Account {
  const { id, username, displayName, unit, role, isDisabled, mustChangePassword } = row;
  return {
    id,
    username,
    displayName,
    unit,
    role,
    isDisabled,
    mustChangePassword,
    lastLoginAt: row.lastLoginAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}

function newRow(
  draft: Pick<AccountDraft, 'username' | 'displayName' | 'unit' | 'role'>,
  passwordHash: string,
  mustChangePassword: boolean,
  at: Date,
): AccountRow {
  const { username, displayName, unit, role } = draft;
  return {
    id: uuidv7(),
    username,
    displayName,
    unit,
    role,
    passwordHash,
    mustChangePassword,
    isDisabled: false,
    failedLogins: 0,
    lockedUntil: null,
    lastLoginAt: null,
    createdAt: at,
  };
}

/** A patch without the members that were left out. */
function definedOnly(patch: Omit<AccountPatch, 'password'>): Partial<AccountRow> {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
}
