/**
 * Signs tickets with an Ed25519 key that is made at the first start and kept under `{dataDir}/keys`.
 * Text form: `media/contract/ticket.ts`.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TicketKey } from '../../media/contract/streams.ts';
import type { TicketPayload } from '../../media/contract/ticket.ts';

export interface TicketSigner {
  /** Public keys for the nodes, newest first. */
  readonly keys: readonly TicketKey[];
  sign(payload: Omit<TicketPayload, 'keyId'>): string;
}

const keyFileName = 'ticket-ed25519.pem';

/** Loads the key of this installation, or makes one that only the server's user can read. */
export async function loadTicketSigner(dataDir: string): Promise<TicketSigner> {
  const folder = join(dataDir, 'keys');
  const file = join(folder, keyFileName);
  const pem = await readFile(file, 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  });
  if (pem !== null) return createTicketSigner(createPrivateKey(pem));
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  return createTicketSigner(privateKey);
}

/** Signs with a given key. The key's id follows from the key, so that a node recognises it after any restart. */
export function createTicketSigner(privateKey: KeyObject): TicketSigner {
  const publicKeyX = createPublicKey(privateKey).export({ format: 'jwk' }).x;
  if (publicKeyX === undefined) throw new Error('The ticket key is not an Ed25519 key');
  const keyId = createHash('sha256').update(publicKeyX).digest('base64url').slice(0, 12);
  return {
    keys: [{ keyId, publicKeyX }],
    sign(payload) {
      const text = Buffer.from(JSON.stringify({ keyId, ...payload } satisfies TicketPayload)).toString('base64url');
      return `${text}.${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
    },
  };
}
