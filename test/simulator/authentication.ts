/**
 * How a simulated camera checks who asks: Basic (RFC 7617) and Digest with MD5 (RFC 2617 §3, with and without `qop`).
 */
import { createHash, randomBytes } from 'node:crypto';

import type { AuthenticationConfig } from './camera-config.ts';

const REALM = 'IP Camera';
/** Nonces a camera remembers; a client with an older one is told that it is stale. */
const NONCES_KEPT = 200;

/** Checks the `Authorization` of requests to one camera. */
export class Authenticator {
  readonly #config: AuthenticationConfig;
  readonly #nonces: string[] = [];

  constructor(config: AuthenticationConfig) {
    this.#config = config;
  }

  /** True if the request may pass. */
  admits(method: string, authorization: string | undefined): boolean {
    const config = this.#config;
    switch (config.kind) {
      case 'none':
        return true;
      case 'basic': {
        const expected = Buffer.from(`${config.username}:${config.password}`).toString('base64');
        return authorization === `Basic ${expected}`;
      }
      case 'digest': {
        if (authorization === undefined || !authorization.startsWith('Digest ')) return false;
        return this.#admitsDigest(method, parseDigestParameters(authorization.slice('Digest '.length)));
      }
    }
  }

  /** A `WWW-Authenticate` value with a fresh nonce; also for a camera that asks nobody but is told to refuse. */
  challenge(): string {
    if (this.#config.kind === 'basic') return `Basic realm="${REALM}"`;
    const nonce = randomBytes(16).toString('hex');
    this.#nonces.push(nonce);
    if (this.#nonces.length > NONCES_KEPT) this.#nonces.shift();
    const qop = this.#config.kind === 'digest' && this.#config.qop ? ', qop="auth", algorithm=MD5' : '';
    return `Digest realm="${REALM}", nonce="${nonce}"${qop}`;
  }

  #admitsDigest(method: string, given: ReadonlyMap<string, string>): boolean {
    const config = this.#config;
    const nonce = given.get('nonce') ?? '';
    if (config.kind !== 'digest' || !this.#nonces.includes(nonce)) return false;
    if (given.get('username') !== config.username || given.get('realm') !== REALM) return false;
    const secret = md5(`${config.username}:${REALM}:${config.password}`);
    const request = md5(`${method}:${given.get('uri') ?? ''}`);
    const qop = given.get('qop');
    if (config.qop !== (qop === 'auth')) return false;
    const middle = config.qop ? `${nonce}:${given.get('nc') ?? ''}:${given.get('cnonce') ?? ''}:auth` : nonce;
    return given.get('response') === md5(`${secret}:${middle}:${request}`);
  }
}

/** `name=value` and `name="value"`, comma separated (RFC 2617 §1.2). */
function parseDigestParameters(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const [, name = '', quoted, plain] of text.matchAll(/(\w+)\s*=\s*(?:"([^"]*)"|([^\s,]+))/g)) {
    parameters.set(name.toLowerCase(), quoted ?? plain ?? '');
  }
  return parameters;
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
