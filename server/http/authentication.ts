/** Who sends a request: token from header or cookie, and whether a browser was made to send it by another site. */
import type { Request } from 'express';
import { parseCookie } from 'cookie';
import type { SessionUser } from '../contract/accounts.ts';
import { DomainError } from './problem.ts';

/** Finds the person of a session token; null when the session is unknown, over, or its account disabled. */
export interface SessionReader {
  findUser(token: string): Promise<SessionUser | null>;
}

export interface Credentials {
  readonly token: string;
  readonly source: 'bearer' | 'cookie';
}

/** Name of the session cookie. */
export const sessionCookie = 'yilan_session';

/** Session token of a request; the header wins, so that scripts are never mixed up with a browser's cookie. */
export function readCredentials(headers: { readonly authorization?: string | undefined; readonly cookie?: string | undefined }): Credentials | null {
  const bearer = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer, source: 'bearer' };
  const cookie = parseCookie(headers.cookie ?? '')[sessionCookie];
  return cookie === undefined || cookie === '' ? null : { token: cookie, source: 'cookie' };
}

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses a changing request that another site made a browser send. `SameSite=Strict` already keeps the cookie away from
 * such requests; this holds for sites that share our registrable domain too. Programs send neither header and pass.
 *
 * @throws {DomainError} `forbidden`.
 */
export function refuseCrossSite(request: Request, credentials: Credentials | null): void {
  if (safeMethods.has(request.method) || credentials?.source === 'bearer') return;
  const origin = request.get('origin');
  if (origin !== undefined) {
    if (hostOf(origin) !== request.host) throw new DomainError('forbidden', { detail: 'The request comes from another site' });
    return;
  }
  const site = request.get('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') {
    throw new DomainError('forbidden', { detail: 'The request comes from another site' });
  }
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
