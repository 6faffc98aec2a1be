/** Signs tickets as the server does, with keys of its own. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { TicketKey } from '../../media/contract/streams.ts';
import type { TicketPayload } from '../../media/contract/ticket.ts';

export interface TicketIssuer {
  readonly key: TicketKey;
  /** A live ticket for `cameraId` that is valid for a minute, unless told otherwise. */
  issue(cameraId: string, changes?: Partial<TicketPayload>): string;
}

export function createTicketIssuer(keyId = 'key-1'): TicketIssuer {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const { x } = publicKey.export({ format: 'jwk' });
  return {
    key: { keyId, publicKeyX: x ?? '' },
    issue(cameraId, changes = {}) {
      const payload: TicketPayload = {
        keyId,
        right: 'live',
        cameraId,
        role: null,
        personId: 'person-1',
        expiresAtS: Math.floor(Date.now() / 1000) + 60,
        playback: null,
        ...changes,
      };
      const first = Buffer.from(JSON.stringify(payload)).toString('base64url');
      return `${first}.${sign(null, Buffer.from(first), privateKey).toString('base64url')}`;
    },
  };
}
