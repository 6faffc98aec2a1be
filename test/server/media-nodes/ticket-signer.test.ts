import { createPublicKey, verify } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadTicketSigner } from '../../../server/media-nodes/ticket-signer.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const payload = { right: 'live', cameraId: 'c', role: null, personId: 'p', expiresAtS: 4_000_000_000, playback: null } as const;

it('signs tickets that its published key verifies, and no other text', async () => {
  const signer = await loadTicketSigner(await temporaryFolder());
  const [key] = signer.keys;
  const [text = '', signature = ''] = signer.sign(payload).split('.');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: key?.publicKeyX ?? '' }, format: 'jwk' });
  const isSigned = (signed: string) => verify(null, Buffer.from(signed), publicKey, Buffer.from(signature, 'base64url'));
  expect(isSigned(text)).toBe(true);
  expect(isSigned(`${text}x`)).toBe(false);
  expect(JSON.parse(Buffer.from(text, 'base64url').toString())).toEqual({ keyId: key?.keyId, ...payload });
});

it('keeps its key for the next start, readable by nobody else', async () => {
  const folder = await temporaryFolder();
  const first = await loadTicketSigner(folder);
  expect((await loadTicketSigner(folder)).keys).toEqual(first.keys);
  const file = join(folder, 'keys', 'ticket-ed25519.pem');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain('PRIVATE KEY');
});
