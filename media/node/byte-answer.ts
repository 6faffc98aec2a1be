/**
 * Answers with bytes, the same way wherever they come from: status, validators, range, HEAD. The first 200 of a part that nobody
 * asks conditions of is the hot path of the HTTP face.
 */
import type { AdmittedRequest } from './admitted-request.ts';
import { planAnswer, type Representation } from './conditional-request.ts';
import { writeHead, type HeaderList } from './cross-origin.ts';

/** Bytes and what is said about them. */
export interface ByteAnswer extends Representation {
  readonly contentType: string;
  readonly cacheControl: string;
  /** Of a text, which varies with what the peer accepts. */
  readonly coding?: 'gzip' | 'none';
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
  const headers: HeaderList = ['Cache-Control', answer.cacheControl];
  if (answer.etag !== null) headers.push('ETag', answer.etag);
  if (answer.lastModifiedMs !== null) headers.push('Last-Modified', new Date(answer.lastModifiedMs).toUTCString());
  if (answer.coding !== undefined) headers.push('Vary', 'Accept-Encoding');
  if (plan.status !== 200 && plan.status !== 206) {
    if (plan.status === 416) headers.push('Content-Range', `bytes */${answer.sizeBytes}`);
    if (plan.status !== 304) headers.push('Content-Length', '0');
    writeHead(response, plan.status, headers);
    response.end();
    return null;
  }
  const span = plan.status === 206 ? plan : { start: 0, end: answer.sizeBytes };
  headers.push('Accept-Ranges', 'bytes', 'Content-Type', answer.contentType, 'Content-Length', String(span.end - span.start));
  if (answer.coding === 'gzip') headers.push('Content-Encoding', 'gzip');
  if (plan.status === 206) headers.push('Content-Range', `bytes ${span.start}-${span.end - 1}/${answer.sizeBytes}`);
  writeHead(response, plan.status, headers);
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
