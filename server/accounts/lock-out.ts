/** When an account is locked: pure. */

export interface LockOutRules {
  /** Failures in a row that lock. */
  readonly maxFailedLogins: number;
  readonly lockMinutes: number;
}

export interface LockOutState {
  readonly failedLogins: number;
  readonly lockedUntil: Date | null;
}

/** Seconds until a login may be tried again, at least 1; null when the account is not locked. */
export function secondsLocked(state: LockOutState, at: Date): number | null {
  if (state.lockedUntil === null || state.lockedUntil <= at) return null;
  return Math.max(1, Math.ceil((state.lockedUntil.getTime() - at.getTime()) / 1000));
}

/** The state after one more wrong password. A lock starts the count anew. */
export function nextAfterFailure(state: LockOutState, rules: LockOutRules, at: Date): LockOutState {
  const failedLogins = state.failedLogins + 1;
  if (failedLogins < rules.maxFailedLogins) return { failedLogins, lockedUntil: null };
  return { failedLogins: 0, lockedUntil: new Date(at.getTime() + rules.lockMinutes * 60_000) };
}
