/**
 * Answers with bytes, the same way wherever they come from: status, validators, range, HEAD. The first 200 of a part that nobody
 * asks conditions of is the hot path of the HTTP face.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { AdmittedRequest } from './admitted-request.ts';
import { planAnswer, type Representation } from './conditional-request.ts';

/** Bytes and what is said about them. */
export interface ByteAnswer extends Representation {
  readonly contentType: string;
  readonly cacheControl: string;
}

/** Bytes to be sent; `end` is exclusive. */
export interface ByteSpan {
  readonly start: number;
  readonly end: number;
}

/** Writes the head, and ends the response where no bytes follow. Returns the bytes the caller has to send, or null. */
export function beginAnswer(admitted: AdmittedRequest, answer: ByteAnswer): ByteSpan | null {
  const { request, response } = admitted;
  const plan = planAnswer(request.headers, answer);
  const headers: OutgoingHttpHeaders = { 'Cache-Control': answer.cacheControl };
  if (answer.etag !== null) headers['ETag'] = answer.etag;
  if (answer.lastModifiedMs !== null) headers['Last-Modified'] = new Date(answer.lastModifiedMs).toUTCString();
  if (plan.status !== 200 && plan.status !== 206) {
    if (plan.status === 416) headers['Content-Range'] = `bytes */${answer.sizeBytes}`;
    if (plan.status !== 304) headers['Content-Length'] = 0;
    response.writeHead(plan.status, headers);
    response.end();
    return null;
  }
  const span = plan.status === 206 ? plan : { start: 0, end: answer.sizeBytes };
  headers['Accept-Ranges'] = 'bytes';
  headers['Content-Type'] = answer.contentType;
  headers['Content-Length'] = span.end - span.start;
  if (plan.status === 206) headers['Content-Range'] = `bytes ${span.start}-${span.end - 1}/${answer.sizeBytes}`;
  response.writeHead(plan.status, headers);
  if (request.method !== 'HEAD') return span;
  response.end();
  return null;
}

/** The whole answer from one buffer. */
export function answerWithBuffer(admitted: AdmittedRequest, body: Uint8Array, answer: Omit<ByteAnswer, 'sizeBytes'>): void {
  const span = beginAnswer(admitted, { ...answer, sizeBytes: body.length });
  if (span !== null) admitted.response.end(span.end - span.start === body.length ? body : body.subarray(span.start, span.end));
}

/** The same from several, which must stay as they are until the response is closed. */
export function answerWithBuffers(admitted: AdmittedRequest, buffers: readonly Uint8Array[], answer: ByteAnswer): void {
  const span = beginAnswer(admitted, answer);
  if (span === null) return;
  const { response } = admitted;
  response.cork();
  let offset = 0;
  for (const buffer of buffers) {
    const from = Math.max(0, span.start - offset);
    const to = Math.min(buffer.length, span.end - offset);
    if (from < to) response.write(to - from === buffer.length ? buffer : buffer.subarray(from, to));
    offset += buffer.length;
    if (offset >= span.end) break;
  }
  response.end();
  response.uncork();
}
