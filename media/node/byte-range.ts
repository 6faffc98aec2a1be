/** `Range` of a request (RFC 9110 §14.2): pure. */

export type ByteRange =
  | { readonly kind: 'whole' }
  /** `end` is exclusive. */
  | { readonly kind: 'part'; readonly start: number; readonly end: number }
  | { readonly kind: 'unsatisfiable' };

/** Reads a single range; what is malformed or has several parts is answered whole, as the RFC allows. */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '');
  const [, first, last] = match ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return { kind: 'whole' };
  if (first === '') {
    const suffixBytes = Math.min(Number(last), sizeBytes);
    return suffixBytes === 0 ? { kind: 'unsatisfiable' } : { kind: 'part', start: sizeBytes - suffixBytes, end: sizeBytes };
  }
  const start = Number(first);
  if (start >= sizeBytes) return { kind: 'unsatisfiable' };
  if (last === '') return { kind: 'part', start, end: sizeBytes };
  return Number(last) < start ? { kind: 'whole' } : { kind: 'part', start, end: Math.min(Number(last) + 1, sizeBytes) };
}
