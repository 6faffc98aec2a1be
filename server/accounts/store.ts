/** Queries of accounts, sessions and the setup token. */
import { and, asc, count, eq, gt, lt, ne } from 'drizzle-orm';
import type { Queryable } from '../database/connect.ts';
import { accounts, sessions, setupTokens } from './schema.ts';

export type AccountRow = typeof accounts.$inferSelect;
export type SessionRow = typeof sessions.$inferSelect;

export async function hasAccounts(db: Queryable): Promise<boolean> {
  const rows = await db.select({ id: accounts.id }).from(accounts).limit(1);
  return rows.length > 0;
}

export async function findAccountByUsername(db: Queryable, username: string): Promise<AccountRow | null> {
  const [row] = await db.select().from(accounts).where(eq(accounts.username, username));
  return row ?? null;
}

/** Locked until the end of the transaction. */
export async function lockAccount(tx: Queryable, accountId: string): Promise<AccountRow | null> {
  const [row] = await tx.select().from(accounts).where(eq(accounts.id, accountId)).for('update');
  return row ?? null;
}

/** By user name, above `after`. */
export async function loadAccounts(
  db: Queryable,
  options: { readonly after: string | null; readonly limit: number },
): Promise<readonly AccountRow[]> {
  return db
    .select()
    .from(accounts)
    .where(options.after === null ? undefined : gt(accounts.username, options.after))
    .orderBy(asc(accounts.username))
    .limit(options.limit);
}

/** Saves a new account; false when the user name is taken. */
export async function insertAccount(tx: Queryable, account: typeof accounts.$inferInsert): Promise<boolean> {
  const rows = await tx.insert(accounts).values(account).onConflictDoNothing({ target: accounts.username }).returning({ id: accounts.id });
  return rows.length === 1;
}

export async function updateAccount(tx: Queryable, accountId: string, values: Partial<typeof accounts.$inferInsert>): Promise<void> {
  await tx.update(accounts).set(values).where(eq(accounts.id, accountId));
}

/** Administrators who may log in, locked until the end of the transaction so that two changes cannot each spare the other. */
export async function lockActiveAdministrators(tx: Queryable): Promise<readonly string[]> {
  const rows = await tx
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(eq(accounts.role, 'administrator'), eq(accounts.isDisabled, false)))
    .orderBy(asc(accounts.id))
    .for('update');
  return rows.map((row) => row.id);
}

export async function insertSession(tx: Queryable, session: typeof sessions.$inferInsert): Promise<void> {
  await tx.insert(sessions).values(session);
}

/** Session and account of a token, whether over or not. */
export async function findSession(db: Queryable, tokenHash: string): Promise<{ readonly session: SessionRow; readonly account: AccountRow } | null> {
  const [row] = await db
    .select({ session: sessions, account: accounts })
    .from(sessions)
    .innerJoin(accounts, eq(accounts.id, sessions.accountId))
    .where(eq(sessions.tokenHash, tokenHash));
  return row ?? null;
}

export async function extendSession(db: Queryable, sessionId: string, expiresAt: Date): Promise<void> {
  await db.update(sessions).set({ expiresAt }).where(eq(sessions.id, sessionId));
}

export async function deleteSession(tx: Queryable, sessionId: string): Promise<void> {
  await tx.delete(sessions).where(eq(sessions.id, sessionId));
}

/** Ends the sessions of an account, all but `keptSessionId`. */
export async function deleteSessionsOf(tx: Queryable, accountId: string, keptSessionId: string | null): Promise<void> {
  const mine = eq(sessions.accountId, accountId);
  await tx.delete(sessions).where(keptSessionId === null ? mine : and(mine, ne(sessions.id, keptSessionId)));
}

export async function deleteExpiredSessions(tx: Queryable, at: Date): Promise<void> {
  await tx.delete(sessions).where(lt(sessions.expiresAt, at));
}

/** Replaces the setup token; null removes it. */
export async function saveSetupToken(tx: Queryable, tokenHash: string | null, at: Date): Promise<void> {
  await tx.delete(setupTokens);
  if (tokenHash !== null) await tx.insert(setupTokens).values({ tokenHash, createdAt: at });
}

export async function isSetupToken(tx: Queryable, tokenHash: string): Promise<boolean> {
  const [row] = await tx.select({ matches: count() }).from(setupTokens).where(eq(setupTokens.tokenHash, tokenHash));
  return (row?.matches ?? 0) > 0;
}

/** Takes the setup token away; false when somebody else has used it. Of two at once one waits for the other, and finds none. */
export async function takeSetupToken(tx: Queryable, tokenHash: string): Promise<boolean> {
  const rows = await tx.delete(setupTokens).where(eq(setupTokens.tokenHash, tokenHash)).returning({ tokenHash: setupTokens.tokenHash });
  return rows.length === 1;
}
