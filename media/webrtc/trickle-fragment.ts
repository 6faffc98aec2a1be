/**
 * What a viewer tells of its addresses after the offer: an SDP fragment (RFC 8840 §9, `application/trickle-ice-sdpfrag`).
 *
 *     a=ice-ufrag, a=ice-pwd           of the ICE session that the candidates belong to
 *     m=<kind> 9 <protocol> 0, a=mid   the section; with BUNDLE the first
 *     a=candidate … a=end-of-candidates
 */
import { isUsableCandidate } from './whep-offer.ts';

export interface TrickleFragment {
  readonly iceUfrag: string | null;
  readonly icePwd: string | null;
  /** Each begins with `candidate:`; only those with a literal address. */
  readonly candidates: readonly string[];
}

/** A fragment with twenty candidates has about 3 KB. */
export const maxFragmentBytes = 16 * 1024;
const maxCandidates = 24;

/** Reads a fragment; null when it is none. */
export function parseTrickleFragment(text: string): TrickleFragment | null {
  if (text.length > maxFragmentBytes) return null;
  let iceUfrag: string | null = null;
  let icePwd: string | null = null;
  let isFragment = false;
  const candidates: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    if (line === '') continue;
    if (!/^[a-z]=/.test(line)) return null;
    if (line.startsWith('a=ice-ufrag:')) iceUfrag ??= line.slice(12);
    else if (line.startsWith('a=ice-pwd:')) icePwd ??= line.slice(10);
    else if (line.startsWith('a=candidate:')) {
      const value = line.slice(12);
      if (candidates.length < maxCandidates && isUsableCandidate(value)) candidates.push(`candidate:${value}`);
    } else if (line !== 'a=end-of-candidates') continue;
    isFragment = true;
  }
  return isFragment ? { iceUfrag, icePwd, candidates } : null;
}
