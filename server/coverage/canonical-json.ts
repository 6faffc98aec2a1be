/** Canonical JSON and its hash: members sorted by UTF-16 code units, no white space (RFC 8785 §3.2), for values of strings, booleans, finite numbers, null, arrays and plain objects. */
import { createHash } from 'node:crypto';

/** Throws on a value JSON does not have: two inputs that differ must never print alike. */
export function formatCanonicalJson(value: unknown): string {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError('canonical JSON has no such number');
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(formatCanonicalJson).join(',')}]`;
  if (typeof value === 'object') {
    const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${formatCanonicalJson(member)}`).join(',')}}`;
  }
  throw new TypeError(`canonical JSON has no ${typeof value}`);
}

/** SHA-256 in hex of the canonical JSON in UTF-8. */
export function hashFacts(facts: unknown): string {
  return createHash('sha256').update(formatCanonicalJson(facts), 'utf8').digest('hex');
}
