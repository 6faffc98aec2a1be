import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredentialCipher, loadOrCreateCredentialKey } from '../../../server/cameras/credential-cipher.ts';

const credentials = { username: 'admin', password: 'пароль 密码 "quoted"' };
const cipher = createCredentialCipher(randomBytes(32));

describe('createCredentialCipher', () => {
  it('opens what it sealed, and seals the same text differently each time', () => {
    const sealed = cipher.seal(credentials, 'camera/main');
    expect(cipher.open(sealed, 'camera/main')).toEqual(credentials);
    expect(cipher.seal(credentials, 'camera/main')).not.toBe(sealed);
    expect(Buffer.from(sealed.slice(3), 'base64url').includes('admin')).toBe(false);
  });

  it('does not open for another owner, with another key, or after a change', () => {
    const sealed = cipher.seal(credentials, 'camera/main');
    expect(() => cipher.open(sealed, 'camera/sub')).toThrow();
    expect(() => createCredentialCipher(randomBytes(32)).open(sealed, 'camera/main')).toThrow();
    const bytes = Buffer.from(sealed.slice(3), 'base64url');
    for (const index of [0, 12, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => cipher.open(`v1.${changed.toString('base64url')}`, 'camera/main')).toThrow();
    }
    expect(() => cipher.open('v1.', 'camera/main')).toThrow('unknown form');
    expect(() => cipher.open('v2.xxxx', 'camera/main')).toThrow('unknown form');
  });

  it('refuses a key of the wrong length', () => {
    expect(() => createCredentialCipher(randomBytes(16))).toThrow(RangeError);
  });
});

describe('loadOrCreateCredentialKey', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'yilan-keys-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('makes a key once, for everybody who starts together, readable by nobody else', async () => {
    const path = join(folder, 'keys', 'credentials.key');
    const keys = [await loadOrCreateCredentialKey(path), await loadOrCreateCredentialKey(path)];
    expect(keys[0]).toHaveLength(32);
    expect(Buffer.from(keys[0] ?? [])).toEqual(Buffer.from(keys[1] ?? []));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('refuses a file that is no key', async () => {
    const path = join(folder, 'other');
    await writeFile(path, 'short');
    await expect(loadOrCreateCredentialKey(path)).rejects.toThrow('5 bytes');
  });
});
