/**
 * Who may read `/metrics`. They tell which cameras there are and which are dark at the moment: not for everybody who reaches the port,
 * which on a node is everybody with a browser.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MediaRequest } from './admitted-request.ts';

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
/** Set by reverse proxies; with one of them the peer's address says nothing about who asks. */
const FORWARDING_HEADERS = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'];

/** True for programs on this machine, and for whoever shows `token` as `Authorization: Bearer` (RFC 6750 §2.1). Null: nobody can. */
export function mayReadMetrics(request: Pick<MediaRequest, 'headers' | 'socket'>, token: string | null): boolean {
  const shown = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== null && shown !== undefined && isSame(shown, token)) return true;
  const isForwarded = FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined);
  return !isForwarded && LOOPBACK.test(request.socket.remoteAddress ?? '');
}

/** Digests, so that neither content nor length can be measured. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
}
