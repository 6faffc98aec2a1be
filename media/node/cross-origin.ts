/**
 * What every answer says to pages of another origin (Fetch, "CORS protocol"): pages come from the server, video from the node, so
 * every answer, refusals too, must be readable across.
 */
import type { MediaResponse } from './admitted-request.ts';

/** Names and values in turn, numbers as text, as `writeHead` takes them. */
export type HeaderList = string[];

/** Headers beyond the few that pages may always read. */
const exposedHeaders = 'Location, Date, ETag, Last-Modified, Accept-Ranges, Content-Encoding, Content-Length, Content-Range, Retry-After';

/** Writes the head. One flat list: an object, or headers set one by one, cost a tenth more CPU per part. Keeps `headers`. */
export function writeHead(response: MediaResponse, status: number, headers: HeaderList): void {
  headers.push('Access-Control-Allow-Origin', '*', 'Access-Control-Expose-Headers', exposedHeaders, 'X-Content-Type-Options', 'nosniff');
  headers.push('Timing-Allow-Origin', '*');
  response.writeHead(status, headers);
}

/** Answers a preflight, or an `OPTIONS` of whoever wants to know. `accepted`: headers about the bodies that the route takes. */
export function answerOptions(response: MediaResponse, allowedMethods: readonly string[], accepted: HeaderList): void {
  const methods = allowedMethods.join(', ');
  writeHead(response, 204, [
    'Allow',
    methods,
    'Access-Control-Allow-Methods',
    methods,
    'Access-Control-Allow-Headers',
    'Content-Type, Range, If-Range, If-None-Match, If-Modified-Since, If-Match, Authorization',
    'Access-Control-Max-Age',
    '86400',
    ...accepted,
  ]);
  response.end();
}
