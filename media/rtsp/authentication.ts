/** Answers authentication challenges: Digest (RFC 7616, and RFC 2069 as old cameras speak it) and Basic (RFC 7617). */
import { createHash } from 'node:crypto';
import type { Credentials } from './rtsp-url.ts';

export interface BasicChallenge {
  readonly scheme: 'basic';
}

export interface DigestChallenge {
  readonly scheme: 'digest';
  readonly realm: string;
  readonly nonce: string;
  readonly opaque: string | null;
  readonly hash: 'md5' | 'sha256';
  /** `-sess` variant: the first hash also covers nonce and client nonce. */
  readonly isSession: boolean;
  /** False: RFC 2069 without quality of protection. */
  readonly hasQop: boolean;
  readonly isStale: boolean;
}

export type Challenge = BasicChallenge | DigestChallenge;

/** The strongest challenge we can answer among the `WWW-Authenticate` values, or null. */
export function chooseChallenge(headerValues: readonly string[]): Challenge | null {
  const challenges = headerValues
    .flatMap(splitChallenges)
    .map(parseChallenge)
    .filter((challenge) => challenge !== null);
  return challenges.sort((a, b) => strength(b) - strength(a))[0] ?? null;
}

function strength(challenge: Challenge): number {
  if (challenge.scheme === 'basic') return 0;
  return challenge.hash === 'sha256' ? 2 : 1;
}

/** One header value may hold several challenges; each begins with a scheme name and a space. */
function splitChallenges(value: string): string[] {
  return value.split(/,\s*(?=(?:basic|digest)\s)/i);
}

function parseChallenge(text: string): Challenge | null {
  const match = /^\s*(\w+)\s*(.*)$/s.exec(text);
  const scheme = match?.[1]?.toLowerCase();
  if (scheme === 'basic') return { scheme };
  if (scheme !== 'digest') return null;
  const parameters = parseParameters(match?.[2] ?? '');
  const algorithm = (parameters.get('algorithm') ?? 'MD5').toUpperCase();
  const hash = /^MD5(-SESS)?$/.test(algorithm) ? 'md5' : /^SHA-?256(-SESS)?$/.test(algorithm) ? 'sha256' : null;
  const nonce = parameters.get('nonce');
  const qop = parameters.get('qop') ?? null;
  const offersAuth = qop !== null && qop.split(',').some((option) => option.trim().toLowerCase() === 'auth');
  if (hash === null || nonce === undefined || (qop !== null && qop.trim() !== '' && !offersAuth)) return null;
  return {
    scheme,
    realm: parameters.get('realm') ?? '',
    nonce,
    opaque: parameters.get('opaque') ?? null,
    hash,
    isSession: algorithm.endsWith('-SESS'),
    hasQop: offersAuth,
    isStale: parameters.get('stale')?.toLowerCase() === 'true',
  };
}

function parseParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const match of text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)) {
    const [, name = '', quoted, token = ''] = match;
    parameters.set(name.toLowerCase(), quoted === undefined ? token : quoted.replace(/\\(.)/g, '$1'));
  }
  return parameters;
}

/** What an answer is computed over. */
export interface AuthorizedRequest {
  readonly method: string;
  /** As in the request line. */
  readonly uri: string;
  /** How often this nonce was used, from 1. */
  readonly nonceCount: number;
  /** Fresh random text of ours. */
  readonly clientNonce: string;
}

/** Value of the `Authorization` header. Secret with Basic. */
export function formatAuthorization(challenge: Challenge, credentials: Credentials, request: AuthorizedRequest): string {
  if (challenge.scheme === 'basic') {
    return `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`, 'utf8').toString('base64')}`;
  }
  const { realm, nonce, opaque, hash, isSession, hasQop } = challenge;
  const digest = (text: string): string => createHash(hash).update(text, 'utf8').digest('hex');
  const nonceCount = request.nonceCount.toString(16).padStart(8, '0');
  const secret = digest(`${credentials.username}:${realm}:${credentials.password}`);
  const ha1 = isSession ? digest(`${secret}:${nonce}:${request.clientNonce}`) : secret;
  const ha2 = digest(`${request.method}:${request.uri}`);
  const response = digest(hasQop ? `${ha1}:${nonce}:${nonceCount}:${request.clientNonce}:auth:${ha2}` : `${ha1}:${nonce}:${ha2}`);
  const fields = [
    `username=${quote(credentials.username)}`,
    `realm=${quote(realm)}`,
    `nonce=${quote(nonce)}`,
    `uri=${quote(request.uri)}`,
    `response="${response}"`,
  ];
  if (hash === 'sha256' || isSession) fields.push(`algorithm=${hash === 'md5' ? 'MD5' : 'SHA-256'}${isSession ? '-sess' : ''}`);
  if (opaque !== null) fields.push(`opaque=${quote(opaque)}`);
  if (hasQop) fields.push('qop=auth', `nc=${nonceCount}`);
  if (hasQop || isSession) fields.push(`cnonce=${quote(request.clientNonce)}`);
  return `Digest ${fields.join(', ')}`;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
