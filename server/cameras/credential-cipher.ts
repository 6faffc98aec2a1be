/**
 * Camera passwords at rest: AES-256-GCM with a key that lives in a file beside the data, not in the database, so that a
 * database dump gives no passwords away.
 *
 * Text form: `v1.` base64url(12 bytes nonce ‖ ciphertext ‖ 16 bytes tag) of the JSON `{"username","password"}`. The owner (camera and
 * stream role) is authenticated with it: a row copied to another camera does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { StreamCredentials } from './stream-address.ts';

export interface CredentialCipher {
  seal(credentials: StreamCredentials, owner: string): string;
  /** @throws when the text was changed, belongs to another owner, or was sealed with another key. */
  open(sealed: string, owner: string): StreamCredentials;
}

/** @param key 32 bytes. */
export function createCredentialCipher(key: Uint8Array): CredentialCipher {
  if (key.length !== KEY_BYTES) throw new RangeError(`the credentials key has ${key.length} bytes, not ${KEY_BYTES}`);
  return {
    seal(credentials, owner) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(owner));
      const text = JSON.stringify({ username: credentials.username, password: credentials.password });
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return PREFIX + sealed.toString('base64url');
    },
    open(sealed, owner) {
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
      if (!sealed.startsWith(PREFIX) || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('sealed credentials have an unknown form');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(owner)).setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
      // Written by seal() and authenticated, so its shape is known.
      return JSON.parse(text) as StreamCredentials;
    },
  };
}

/** Reads the key file, or makes it (mode 0600) at the first start. @throws when the file has another length: it was not written by us. */
export async function loadOrCreateCredentialKey(path: string): Promise<Uint8Array> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    // Exclusive: of two servers that start together one writes, the other reads.
    const file = await open(path, 'wx', 0o600);
    try {
      const key = randomBytes(KEY_BYTES);
      await file.writeFile(key);
      await file.sync();
      return key;
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const key = await readFile(path);
    if (key.length !== KEY_BYTES) throw new Error(`key file ${path} has ${key.length} bytes, not ${KEY_BYTES}`, { cause: error });
    return key;
  }
}

const KEY_BYTES = 32;
/** The nonce length GCM is specified for (NIST SP 800-38D §8.2). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const PREFIX = 'v1.';
