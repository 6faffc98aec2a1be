/** One account per role, for tests that need somebody to act. */
import { rightsOf } from '../../server/accounts/rights.ts';
import { accounts } from '../../server/accounts/schema.ts';
import type { Actor } from '../../server/audit/change.ts';
import type { Role, SessionUser } from '../../server/contract/accounts.ts';
import type { Queryable } from '../../server/database/connect.ts';

export const testRoles = ['administrator', 'operator', 'officer', 'auditor'] as const satisfies readonly Role[];

/** The person of a role, as a session shows him. */
export function testUser(role: Role): SessionUser {
  return {
    id: `00000000-0000-7000-8000-00000000000${testRoles.indexOf(role) + 1}`,
    username: `test-${role}`,
    displayName: `测试 ${role}`,
    unit: '测试单位',
    role,
    rights: rightsOf[role],
    mustChangePassword: false,
  };
}

/** The same person as the actor of a change. */
export function testActor(role: Role): Actor {
  const { id, username, displayName } = testUser(role);
  return { person: { id, username, displayName }, address: '127.0.0.1' };
}

/** Stores the four accounts, so that rows can refer to them. Nobody can log in as them: they have no password. */
export async function saveTestAccounts(db: Queryable): Promise<void> {
  await db.insert(accounts).values(
    testRoles.map((role) => {
      const { id, username, displayName, unit } = testUser(role);
      return { id, username, displayName, unit, role, passwordHash: '!', createdAt: new Date(0) };
    }),
  );
}
