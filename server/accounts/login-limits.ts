/** Brakes before the password check: attempts per address, per address and name, and names that do not exist. */
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { DomainError } from '../http/problem.ts';
import type { LockOutRules } from './lock-out.ts';

export interface LoginLimits {
  /** @throws {DomainError} `too-many-requests`. */
  check(address: string | null, username: string): Promise<void>;
  /**
   * Counts a failure for a name without account, and answers what a real account would: so nobody learns which names
   * exist.
   *
   * @throws {DomainError} `account-locked` once it would be locked.
   */
  countUnknown(username: string): Promise<void>;
}

/** A control room shares one address; ten people who mistype are no attack. */
const attemptsPerAddressFactor = 10;

export function createLoginLimits(rules: LockOutRules & { readonly loginsPerMinute: number }): LoginLimits {
  const perAddress = new RateLimiterMemory({ points: rules.loginsPerMinute * attemptsPerAddressFactor, duration: 60 });
  const perName = new RateLimiterMemory({ points: rules.loginsPerMinute, duration: 60 });
  const unknownNames = new RateLimiterMemory({ points: rules.maxFailedLogins, duration: rules.lockMinutes * 60 });
  return {
    async check(address, username) {
      await consume(perAddress, address ?? '', 'too-many-requests');
      await consume(perName, `${address ?? ''} ${username}`, 'too-many-requests');
    },
    async countUnknown(username) {
      await consume(unknownNames, username, 'account-locked');
    },
  };
}

async function consume(limiter: RateLimiterMemory, key: string, code: 'too-many-requests' | 'account-locked'): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw new DomainError(code, { retryAfterSeconds: Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)) });
    throw refusal;
  }
}
