/**
 * Who may read `/metrics`. They tell which cameras there are and which are dark at the moment: not for everybody who reaches the port,
 * which on a node is everybody with a browser.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MediaRequest } from './admitted-request.ts';

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
/** What browsers add to a page's requests, and pages can neither leave out nor change (Fetch, "forbidden request-header"). */
const BROWSER_HEADERS = ['origin', 'sec-fetch-site'];
/** Set by reverse proxies; with one of them the peer's address says nothing about who asks. */
const FORWARDING_HEADERS = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'];

/**
 * With a `token`: true for whoever shows it as `Authorization: Bearer` (RFC 6750 §2.1), this machine's programs included. Null: true for
 * programs on this machine; a proxy that adds no header of its own is one of them.
 */
export function mayReadMetrics(request: Pick<MediaRequest, 'headers' | 'socket'>, token: string | null): boolean {
  const shown = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (token !== null) return shown !== undefined && isSame(shown, token);
  // A page that a browser on this machine shows, whatever name it reached the node by.
  if (BROWSER_HEADERS.some((name) => request.headers[name] !== undefined)) return false;
  const isForwarded = FORWARDING_HEADERS.some((name) => request.headers[name] !== undefined);
  return !isForwarded && LOOPBACK.test(request.socket.remoteAddress ?? '');
}

/** Digests, so that neither content nor length can be measured. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());
}
