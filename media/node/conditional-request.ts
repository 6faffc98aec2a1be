/**
 * What a GET or HEAD of bytes is answered with: preconditions (RFC 9110 §13.2.2) and a single range (§14.2). Pure.
 *
 *     If-Match, If-Unmodified-Since fails      412
 *     If-None-Match, If-Modified-Since holds   304
 *     Range, and If-Range holds if present     206, 416
 *     otherwise                                200
 */
import type { IncomingHttpHeaders } from 'node:http';
import { parseByteRange } from './byte-range.ts';

/** The bytes as they are at the moment. */
export interface Representation {
  readonly sizeBytes: number;
  /** Strong: the same tag means the same bytes. With its quotes. */
  readonly etag: string | null;
  /** Wall clock, ms since 1970; HTTP knows whole seconds. */
  readonly lastModifiedMs: number | null;
}

export type AnswerPlan =
  | { readonly status: 200 }
  /** `end` is exclusive. */
  | { readonly status: 206; readonly start: number; readonly end: number }
  | { readonly status: 304 | 412 | 416 };

const whole: AnswerPlan = { status: 200 };

/** Decides about a request with these headers. */
export function planAnswer(headers: IncomingHttpHeaders, representation: Representation): AnswerPlan {
  const { etag, lastModifiedMs, sizeBytes } = representation;
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!listsTag(ifMatch, etag, false)) return { status: 412 };
  } else if (headers['if-unmodified-since'] !== undefined && isModifiedSince(headers['if-unmodified-since'], lastModifiedMs) === true) {
    return { status: 412 };
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    if (listsTag(ifNoneMatch, etag, true)) return { status: 304 };
  } else if (headers['if-modified-since'] !== undefined && isModifiedSince(headers['if-modified-since'], lastModifiedMs) === false) {
    return { status: 304 };
  }
  if (headers.range === undefined) return whole;
  const ifRange = headers['if-range'];
  if (typeof ifRange === 'string' && !isUnchanged(ifRange, etag, lastModifiedMs)) return whole;
  const range = parseByteRange(headers.range, sizeBytes);
  switch (range.kind) {
    case 'whole':
      return whole;
    case 'unsatisfiable':
      return { status: 416 };
    case 'part':
      return { status: 206, start: range.start, end: range.end };
  }
}

/** Whether a list of entity tags has ours. `isWeak`: `W/` makes no difference (§8.8.3.2). */
function listsTag(list: string, etag: string | null, isWeak: boolean): boolean {
  if (list.trim() === '*') return true;
  if (etag === null) return false;
  for (const [, weak, tag] of list.matchAll(/(W\/)?("[^"]*")/g)) if (tag === etag && (isWeak || weak === undefined)) return true;
  return false;
}

/** Null when the date says nothing. */
function isModifiedSince(date: string, lastModifiedMs: number | null): boolean | null {
  const sinceMs = Date.parse(date);
  return lastModifiedMs === null || Number.isNaN(sinceMs) ? null : Math.floor(lastModifiedMs / 1000) * 1000 > sinceMs;
}

/** A date only counts when it is exactly ours (§13.1.5). */
function isUnchanged(ifRange: string, etag: string | null, lastModifiedMs: number | null): boolean {
  if (ifRange.startsWith('"')) return ifRange === etag;
  return lastModifiedMs !== null && Date.parse(ifRange) === Math.floor(lastModifiedMs / 1000) * 1000;
}
