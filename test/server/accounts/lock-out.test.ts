import { expect, it } from 'vitest';
import { nextAfterFailure, secondsLocked } from '../../../server/accounts/lock-out.ts';

const rules = { maxFailedLogins: 3, lockMinutes: 10 };
const at = new Date('2026-11-21T08:00:00Z');

it('locks with the last failure that is allowed, and counts anew afterwards', () => {
  let state = { failedLogins: 0, lockedUntil: null as Date | null };
  const seen = [1, 2, 3, 4].map(() => (state = { ...nextAfterFailure(state, rules, at) }));
  expect(seen).toEqual([
    { failedLogins: 1, lockedUntil: null },
    { failedLogins: 2, lockedUntil: null },
    { failedLogins: 0, lockedUntil: new Date('2026-11-21T08:10:00Z') },
    { failedLogins: 1, lockedUntil: null },
  ]);
});

it('says how long, and is over at the very end', () => {
  const state = { failedLogins: 0, lockedUntil: new Date('2026-11-21T08:00:00.500Z') };
  expect(secondsLocked(state, at)).toBe(1);
  expect(secondsLocked(state, new Date('2026-11-21T08:00:00.500Z'))).toBeNull();
  expect(secondsLocked({ failedLogins: 2, lockedUntil: null }, at)).toBeNull();
});
