import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { Authenticator } from './authentication.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
const nonceOf = (challenge: string): string => /nonce="([^"]+)"/.exec(challenge)?.[1] ?? '';
const uri = 'rtsp://camera/1/main';

function digest(nonce: string, password: string, qop: boolean, method = 'DESCRIBE'): string {
  const secret = md5(`admin:IP Camera:${password}`);
  const request = md5(`${method}:${uri}`);
  const middle = qop ? `${nonce}:00000001:abc:auth` : nonce;
  const extra = qop ? ', qop=auth, nc=00000001, cnonce="abc"' : '';
  return `Digest username="admin", realm="IP Camera", nonce="${nonce}", uri="${uri}", response="${md5(`${secret}:${middle}:${request}`)}"${extra}`;
}

describe('Basic authentication', () => {
  const camera = new Authenticator({ kind: 'basic', username: 'admin', password: 'p:w' });

  it('admits the right name and password only', () => {
    expect(camera.admits('DESCRIBE', `Basic ${btoa('admin:p:w')}`)).toBe(true);
    expect(camera.admits('DESCRIBE', `Basic ${btoa('admin:x')}`)).toBe(false);
    expect(camera.admits('DESCRIBE', undefined)).toBe(false);
    expect(camera.challenge()).toBe('Basic realm="IP Camera"');
  });
});

describe.each([false, true])('Digest authentication, qop %s', (qop) => {
  const camera = new Authenticator({ kind: 'digest', username: 'admin', password: 'secret', qop });

  it('admits an answer to its challenge', () => {
    const challenge = camera.challenge();
    expect(challenge.includes('qop="auth"')).toBe(qop);
    expect(camera.admits('DESCRIBE', digest(nonceOf(challenge), 'secret', qop))).toBe(true);
  });

  it('refuses a wrong password, another method, a nonce of its own making, and the other form', () => {
    const nonce = nonceOf(camera.challenge());
    expect(camera.admits('DESCRIBE', digest(nonce, 'wrong', qop))).toBe(false);
    expect(camera.admits('PLAY', digest(nonce, 'secret', qop))).toBe(false);
    expect(camera.admits('DESCRIBE', digest('invented', 'secret', qop))).toBe(false);
    expect(camera.admits('DESCRIBE', digest(nonce, 'secret', !qop))).toBe(false);
  });
});
