import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TicketPayload } from '../../../media/contract/ticket.ts';
import { decideTicket, TicketChecker, type TicketDemand } from '../../../media/node/ticket-check.ts';
import { createTicketIssuer } from '../../support/ticket-issuer.ts';

const nowMs = 1_800_000_000_000;
const live: TicketPayload = {
  keyId: 'key-1',
  right: 'live',
  cameraId: 'camera-1',
  role: null,
  personId: 'person-1',
  expiresAtS: nowMs / 1000 + 60,
  playback: null,
};
const playback: TicketPayload = { ...live, right: 'playback', playback: { fromMs: 0, toMs: 1000, registerEntryId: 'entry-1' } };
const wantsLive: TicketDemand = { right: 'live', cameraId: 'camera-1', role: 'main' };
const wantsPlayback: TicketDemand = { right: 'playback', cameraId: 'camera-1', role: null };

describe('decideTicket', () => {
  it.each<[string, TicketPayload, TicketDemand, string]>([
    ['the camera and right it was made for', live, wantsLive, 'ok'],
    ['the very stream it was made for', { ...live, role: 'main' }, wantsLive, 'ok'],
    ['the other stream of the camera', { ...live, role: 'sub' }, wantsLive, 'ticket-right-missing'],
    ['another camera', live, { ...wantsLive, cameraId: 'camera-2' }, 'ticket-for-another-camera'],
    ['the second of its expiry', { ...live, expiresAtS: nowMs / 1000 }, wantsLive, 'ticket-expired'],
    ['the last moment before its expiry', { ...live, expiresAtS: nowMs / 1000 + 0.001 }, wantsLive, 'ok'],
    ['expired and for another camera', { ...live, expiresAtS: 1 }, { ...wantsLive, cameraId: 'camera-2' }, 'ticket-expired'],
    ['playback with a live ticket', live, wantsPlayback, 'ticket-right-missing'],
    ['live with a playback ticket', playback, wantsLive, 'ticket-right-missing'],
    ['playback with its span', playback, wantsPlayback, 'ok'],
    ['playback without a span', { ...playback, playback: null }, wantsPlayback, 'ticket-right-missing'],
  ])('%s', (_case, ticket, demand, expected) => {
    const decision = decideTicket(ticket, demand, nowMs);
    expect(decision.ok ? 'ok' : decision.refusal).toBe(expected);
  });
});

describe('TicketChecker', () => {
  const issuer = createTicketIssuer();
  const demand: TicketDemand = { right: 'live', cameraId: 'camera-1', role: 'main' };
  function checker(): TicketChecker {
    const made = new TicketChecker();
    made.setKeys([issuer.key]);
    return made;
  }
  function answer(made: TicketChecker, text: string | null): string {
    const decision = made.check(text, demand, Date.now());
    return decision.ok ? 'ok' : decision.refusal;
  }

  it('admits a ticket of a known key, the second time from memory', () => {
    const made = checker();
    const ticket = issuer.issue('camera-1');
    expect([answer(made, ticket), answer(made, ticket)]).toEqual(['ok', 'ok']);
  });

  it('refuses none, an empty one, one of an unknown key and one with a forged payload', () => {
    const made = checker();
    const [, signature] = issuer.issue('camera-2').split('.');
    const [payload] = issuer.issue('camera-1').split('.');
    expect(answer(made, null)).toBe('ticket-missing');
    expect(answer(made, '')).toBe('ticket-missing');
    expect(answer(made, createTicketIssuer('key-2').issue('camera-1'))).toBe('ticket-invalid');
    expect(answer(made, createTicketIssuer('key-1').issue('camera-1'))).toBe('ticket-invalid');
    expect(answer(made, `${payload}.${signature}`)).toBe('ticket-invalid');
  });

  it('forgets verified tickets when their key is withdrawn', () => {
    const made = checker();
    const ticket = issuer.issue('camera-1');
    expect(answer(made, ticket)).toBe('ok');
    made.setKeys([createTicketIssuer('key-2').key]);
    expect(answer(made, ticket)).toBe('ticket-invalid');
  });

  it('expires a ticket it remembers', () => {
    const made = checker();
    const ticket = issuer.issue('camera-1');
    expect(made.check(ticket, demand, Date.now()).ok).toBe(true);
    expect(made.check(ticket, demand, Date.now() + 120_000)).toEqual({ ok: false, refusal: 'ticket-expired' });
  });

  it('survives keys that do not parse', () => {
    const made = new TicketChecker();
    made.setKeys([{ keyId: 'bad', publicKeyX: 'not a key' }, issuer.key]);
    expect(answer(made, issuer.issue('camera-1'))).toBe('ok');
  });

  it('never admits a ticket that was changed anywhere', () => {
    const made = checker();
    const ticket = issuer.issue('camera-1');
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.'.split('');
    fc.assert(
      fc.property(fc.nat(ticket.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        const changed = ticket.slice(0, at) + character + ticket.slice(at + 1);
        // The last character of a part may carry bits that decode to nothing.
        const isSameBytes = changed.split('.').every((part, index) => {
          const original = ticket.split('.')[index] ?? '';
          return index === 1 ? Buffer.from(part, 'base64url').equals(Buffer.from(original, 'base64url')) : part === original;
        });
        return isSameBytes || answer(made, changed) === 'ticket-invalid';
      }),
      { numRuns: 300 },
    );
  });

  it('answers any text', () => {
    const made = checker();
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary', maxLength: 5000 }),
          fc.base64String().map((text) => `${text}.${text}`),
        ),
        (text) => {
          const result = answer(made, text);
          return result === 'ticket-invalid' || result === 'ticket-missing';
        },
      ),
      { numRuns: 300 },
    );
  });
});
