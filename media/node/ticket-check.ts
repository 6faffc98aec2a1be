/**
 * Whether a request may have the bytes it asks for. The node decides alone, from the ticket and the public keys of its
 * desired state; it knows no person and asks nobody.
 *
 *     ticket = base64url(JSON payload) "." base64url(Ed25519 signature over the first part's text)      RFC 8032 §5.1
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { MediaProblemCode } from '../contract/media-api.ts';
import type { StreamRole, TicketKey } from '../contract/streams.ts';
import type { TicketPayload, TicketRight } from '../contract/ticket.ts';

/** What a request wants; `role` is null where no single stream is asked for. */
export interface TicketDemand {
  readonly right: TicketRight;
  readonly cameraId: string;
  readonly role: StreamRole | null;
}

export type TicketRefusal = Extract<
  MediaProblemCode,
  'ticket-missing' | 'ticket-invalid' | 'ticket-expired' | 'ticket-for-another-camera' | 'ticket-right-missing'
>;

export type TicketDecision = { readonly ok: true; readonly ticket: TicketPayload } | { readonly ok: false; readonly refusal: TicketRefusal };

/** A ticket is about 350 characters; longer ones are not ours. */
const maxTicketCharacters = 2048;
/** Verified tickets remembered: ten viewers with hundreds of tiles each. An Ed25519 check costs 0.1 ms, a look-up nothing. */
const rememberedTickets = 5000;

const payloadSchema = z.object({
  keyId: z.string(),
  right: z.enum(['live', 'playback']),
  cameraId: z.string().min(1),
  role: z.enum(['main', 'sub']).nullable(),
  personId: z.string(),
  expiresAtS: z.number().finite(),
  playback: z.object({ fromMs: z.number().finite(), toMs: z.number().finite(), registerEntryId: z.string().min(1) }).nullable(),
});

/** Decides about a ticket whose signature is good: pure. Expiry counts before everything else. */
export function decideTicket(ticket: TicketPayload, demand: TicketDemand, nowMs: number): TicketDecision {
  if (nowMs >= ticket.expiresAtS * 1000) return { ok: false, refusal: 'ticket-expired' };
  if (ticket.cameraId !== demand.cameraId) return { ok: false, refusal: 'ticket-for-another-camera' };
  if (ticket.right !== demand.right) return { ok: false, refusal: 'ticket-right-missing' };
  if (ticket.role !== null && demand.role !== null && ticket.role !== demand.role) return { ok: false, refusal: 'ticket-right-missing' };
  if (demand.right === 'playback' && ticket.playback === null) return { ok: false, refusal: 'ticket-right-missing' };
  return { ok: true, ticket };
}

/** Checks tickets against the keys it was given last. */
export class TicketChecker {
  #keys: ReadonlyMap<string, KeyObject> = new Map();
  #keysText = '[]';
  readonly #verified = new LRUCache<string, TicketPayload>({ max: rememberedTickets });

  /** Replaces the keys; what was verified by others is forgotten. A key that does not parse is left out. */
  setKeys(keys: readonly TicketKey[]): void {
    const text = JSON.stringify(keys);
    if (text === this.#keysText) return;
    this.#keysText = text;
    this.#verified.clear();
    const loaded = new Map<string, KeyObject>();
    for (const { keyId, publicKeyX } of keys) {
      const key = loadKey(publicKeyX);
      if (key !== null) loaded.set(keyId, key);
    }
    this.#keys = loaded;
  }

  /** Decides about a request. `text` is the `ticket` parameter, null when it is absent. */
  check(text: string | null, demand: TicketDemand, nowMs: number): TicketDecision {
    if (text === null || text === '') return { ok: false, refusal: 'ticket-missing' };
    const ticket = this.#verified.get(text) ?? this.#verify(text);
    if (ticket === null) return { ok: false, refusal: 'ticket-invalid' };
    return decideTicket(ticket, demand, nowMs);
  }

  #verify(text: string): TicketPayload | null {
    if (text.length > maxTicketCharacters) return null;
    const match = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)$/.exec(text);
    const [, payloadText, signatureText] = match ?? [];
    if (payloadText === undefined || signatureText === undefined) return null;
    const payload = parsePayload(Buffer.from(payloadText, 'base64url').toString('utf8'));
    const key = payload === null ? undefined : this.#keys.get(payload.keyId);
    if (payload === null || key === undefined) return null;
    const signature = Buffer.from(signatureText, 'base64url');
    if (signature.length !== 64 || !verify(null, Buffer.from(payloadText), key, signature)) return null;
    this.#verified.set(text, payload);
    return payload;
  }
}

function parsePayload(text: string): TicketPayload | null {
  try {
    const parsed = payloadSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    // Not JSON: an invalid ticket, which is an expected answer.
    return null;
  }
}

function loadKey(publicKeyX: string): KeyObject | null {
  try {
    return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKeyX }, format: 'jwk' });
  } catch {
    return null;
  }
}
