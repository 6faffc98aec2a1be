/** Passwords: what is accepted, and how they are kept. */
import { hash, verify } from '@node-rs/argon2';

/** argon2id (the library's default) with the OWASP cheat sheet's 19 MiB and two passes: about 30 ms on one core. */
const argon2Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export type PasswordFault = 'too-short' | 'same-as-username' | 'one-character-repeated';

/** Shortest password, in UTF-16 units. A demonstration uses one short password for all its accounts. */
const minLength = 10;
const minLengthInDemo = 4;

/** Why a password is refused, or null when it is accepted. */
export function findPasswordFault(password: string, context: { readonly username: string; readonly isDemo: boolean }): PasswordFault | null {
  if (password.length < (context.isDemo ? minLengthInDemo : minLength)) return 'too-short';
  if (context.isDemo) return null;
  if (password.toLowerCase() === context.username.toLowerCase()) return 'same-as-username';
  return new Set(password).size === 1 ? 'one-character-repeated' : null;
}

/** argon2id in PHC text form, with a salt of its own. Runs on the thread pool. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, argon2Options);
}

/** Whether the password belongs to the hash. A hash that is none belongs to no password. */
export async function isPasswordOf(passwordHash: string, password: string): Promise<boolean> {
  return verify(passwordHash, password).catch(() => false);
}

/** Hash of nothing anybody knows: checked when there is no such account, so that both answers take as long. */
export const unknownAccountHash = '$argon2id$v=19$m=19456,t=2,p=1$JhIjiJA47u9VyMnf/SOJ9Q$4YNiM3MIyWu0683wYET1pPiTwmz7KuVsR4SniSnZq0I';
