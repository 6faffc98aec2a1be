import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseChallenge, formatAuthorization } from '../../../media/rtsp/authentication.ts';
import type { Challenge } from '../../../media/rtsp/authentication.ts';

const mufasa = { username: 'Mufasa', password: 'Circle of Life' };
const nonce = '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v';
const clientNonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';

function challengeOf(text: string): Challenge {
  const challenge = chooseChallenge([text]);
  if (challenge === null) throw new Error('no challenge');
  return challenge;
}

function responseOf(text: string, uri: string, method = 'GET'): string | undefined {
  const header = formatAuthorization(challengeOf(text), mufasa, { method, uri, nonceCount: 1, clientNonce });
  return /response="([^"]+)"/.exec(header)?.[1];
}

describe('formatAuthorization', () => {
  it('gives the answers of RFC 7616 §3.9.1', () => {
    const rest = `realm="http-auth@example.org", qop="auth, auth-int", nonce="${nonce}", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`;
    expect(responseOf(`Digest ${rest}, algorithm=MD5`, '/dir/index.html')).toBe('8ca523f5e9506fed4657c9700eebdbec');
    expect(responseOf(`Digest ${rest}, algorithm=SHA-256`, '/dir/index.html')).toBe(
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    );
  });

  it('speaks RFC 2069 to a camera without quality of protection', () => {
    const header = formatAuthorization(
      challengeOf('Digest realm="IP Camera(12345)", nonce="abc"'),
      { username: 'admin', password: '12345' },
      {
        method: 'DESCRIBE',
        uri: 'rtsp://10.0.0.64/h264',
        nonceCount: 1,
        clientNonce,
      },
    );
    // MD5(MD5("admin:IP Camera(12345):12345"):abc:MD5("DESCRIBE:rtsp://10.0.0.64/h264")), computed with md5sum.
    expect(header).toBe(
      'Digest username="admin", realm="IP Camera(12345)", nonce="abc", uri="rtsp://10.0.0.64/h264", response="e61c61da8bfa9be3ba2c1dd30a674d8b"',
    );
  });

  it('quotes what needs quoting, and counts in hexadecimal', () => {
    const challenge = challengeOf('Digest realm="a \\"b\\" \\\\", nonce="n", qop="auth"');
    const header = formatAuthorization(
      challenge,
      { username: 'x"y', password: '' },
      { method: 'PLAY', uri: 'rtsp://h', nonceCount: 26, clientNonce: 'c' },
    );
    expect(header).toContain('username="x\\"y", realm="a \\"b\\" \\\\"');
    expect(header).toContain('qop=auth, nc=0000001a, cnonce="c"');
  });

  it('gives Basic in UTF-8', () => {
    const header = formatAuthorization(
      { scheme: 'basic' },
      { username: '管理员', password: 'é' },
      { method: 'PLAY', uri: '', nonceCount: 1, clientNonce: '' },
    );
    expect(Buffer.from(header.slice(6), 'base64').toString('utf8')).toBe('管理员:é');
  });
});

describe('chooseChallenge', () => {
  it.each([
    ['the strongest', ['Basic realm="a"', 'Digest realm="a", nonce="1"', 'Digest realm="a", nonce="2", algorithm=SHA-256'], 'sha256'],
    ['the strongest in one line', ['Basic realm="a", Digest realm="a", nonce="1", Digest realm="a", nonce="2", algorithm="SHA-256"'], 'sha256'],
    ['Digest before Basic', ['Basic realm="a, Digest of all"', 'digest realm="x", nonce="1", stale=TRUE'], 'md5'],
    ['Basic alone', ['Basic'], 'basic'],
    [
      'nothing known',
      ['Bearer realm="a"', 'Digest realm="a"', 'Digest realm="a", nonce="b", algorithm=SHA-512-256', 'Digest nonce="b", qop="auth-int"'],
      null,
    ],
    ['no header', [], null],
  ])('%s', (_, values, expected) => {
    const challenge = chooseChallenge(values);
    expect(challenge === null ? null : challenge.scheme === 'basic' ? 'basic' : challenge.hash).toBe(expected);
  });

  it('sees a stale nonce', () => {
    expect(chooseChallenge(['Digest realm="a", nonce="1", stale=true'])).toMatchObject({ isStale: true });
  });

  it('survives any text', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string(),
            fc.string().map((text) => `Digest ${text}`),
          ),
        ),
        (values) => void chooseChallenge(values),
      ),
    );
  });
});
