/** Tickets as viewers show them. The key is fixed, so that the genuine ticket in the corpus stays genuine. */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { TicketPayload } from '../../../media/contract/ticket.ts';
import { TicketChecker } from '../../../media/node/ticket-check.ts';
import { mustHold } from '../fuzz-target.ts';
import type { FuzzTarget } from '../fuzz-target.ts';

/** PKCS #8 of an Ed25519 key (RFC 8410 §7) whose secret is 32 bytes of 7: it protects nothing. */
const privateKey = createPrivateKey({
  key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]),
  format: 'der',
  type: 'pkcs8',
});
const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
const payload: TicketPayload = {
  keyId: 'key-1',
  right: 'live',
  cameraId: 'camera-1',
  role: 'main',
  personId: 'person-1',
  expiresAtS: 4_000_000_000,
  playback: null,
};
const demand = { right: 'live', cameraId: 'camera-1', role: 'main' } as const;

/** The only ticket that anybody was given. */
export function genuineTicket(): string {
  const first = Buffer.from(JSON.stringify(payload)).toString('base64url');
  return `${first}.${sign(null, Buffer.from(first), privateKey).toString('base64url')}`;
}

/** Nothing passes but the genuine ticket: what differs in spelling alone says the very same. */
export const ticket: FuzzTarget = {
  name: 'ticket',
  run(input) {
    const checker = new TicketChecker();
    checker.setKeys([{ keyId: 'key-1', publicKeyX: x }]);
    const decision = checker.check(input.toString('utf8'), demand, 1_800_000_000_000);
    if (decision.ok) mustHold(JSON.stringify(decision.ticket) === JSON.stringify(payload), 'a ticket that nobody signed');
  },
};
