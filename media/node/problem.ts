/** Refusals of the HTTP face: code to status and words, and the one place that writes them (RFC 9457). */
import type { MediaProblem, MediaProblemCode } from '../contract/media-api.ts';
import type { MediaResponse } from './admitted-request.ts';
import { writeHead, type HeaderList } from './cross-origin.ts';

const problems: Readonly<Record<MediaProblemCode, { readonly status: number; readonly title: string }>> = {
  'ticket-missing': { status: 401, title: 'A ticket is needed' },
  'ticket-invalid': { status: 401, title: 'The ticket is not genuine' },
  'ticket-expired': { status: 401, title: 'The ticket has expired' },
  'ticket-for-another-camera': { status: 403, title: 'The ticket is for another camera' },
  'ticket-right-missing': { status: 403, title: 'The ticket does not allow this' },
  'stream-unknown': { status: 404, title: 'This node does not serve that stream' },
  'stream-unavailable': { status: 503, title: 'There is no picture at the moment' },
  'recording-not-found': { status: 404, title: 'Nothing was recorded there' },
  'offer-invalid': { status: 400, title: 'The offer cannot be answered' },
  'codec-not-offered': { status: 406, title: 'The browser does not play the codec of this stream over WebRTC' },
  'reordering-not-supported': { status: 406, title: 'The stream has B-frames, which WebRTC does not carry' },
  'ice-restart-not-supported': { status: 422, title: 'Sessions are not restarted; make a new offer' },
  'precondition-failed': { status: 412, title: 'The session has another entity tag' },
  'precondition-required': { status: 428, title: 'If-Match must name the entity tag of the session' },
  'media-type-not-supported': { status: 415, title: 'The body has the wrong media type' },
  'snapshot-unavailable': { status: 501, title: 'Snapshots need ffmpeg, which this node does not find' },
  'too-many-viewers': { status: 503, title: 'The node serves as many viewers as it may' },
  'transcoding-limit-reached': { status: 503, title: 'The node transcodes as many streams as it may' },
  'transcoding-unavailable': { status: 501, title: 'This node does not transcode' },
  'transcoding-failed': { status: 503, title: 'Transcoding this stream failed' },
  'not-found': { status: 404, title: 'There is nothing here' },
  'method-not-allowed': { status: 405, title: 'This method is not possible here' },
  'bad-request': { status: 400, title: 'The request is malformed' },
  'payload-too-large': { status: 413, title: 'The body is too large' },
  internal: { status: 500, title: 'The node failed to answer' },
};

/** A refusal as a value: handlers return it, one place writes it. */
export interface Refusal {
  readonly code: MediaProblemCode;
  /** Measured reason, with `stream-unavailable`. */
  readonly reason?: string;
  /** Replaces the general title where more is known. */
  readonly detail?: string;
  readonly retryAfterSeconds?: number;
  /** Methods that are possible, with `method-not-allowed`. */
  readonly allow?: string;
}

/** What a handler comes to: a refusal to be written, or null when it has answered itself. */
export type Answer = Refusal | null | Promise<Refusal | null>;

/** Status that `code` travels with. */
export function statusOf(code: MediaProblemCode): number {
  return problems[code].status;
}

/**
 * Writes the refusal, if the response has not begun; else the connection is cut, for a body cannot be taken back.
 * `endsConnection`: of an HTTP/1.1 connection, the last answer.
 */
export function writeProblem(response: MediaResponse, refusal: Refusal, hasBody: boolean, endsConnection = false): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { status, title } = problems[refusal.code];
  const problem: MediaProblem = {
    type: `urn:yilan:media:${refusal.code}`,
    title: refusal.detail ?? title,
    status,
    code: refusal.code,
    ...(refusal.reason === undefined ? {} : { reason: refusal.reason }),
  };
  const body = Buffer.from(JSON.stringify(problem));
  const headers: HeaderList = ['Content-Type', 'application/problem+json', 'Content-Length', String(body.length), 'Cache-Control', 'no-store'];
  if (refusal.retryAfterSeconds !== undefined) headers.push('Retry-After', String(refusal.retryAfterSeconds));
  if (refusal.allow !== undefined) headers.push('Allow', refusal.allow);
  if (endsConnection) headers.push('Connection', 'close');
  writeHead(response, status, headers);
  if (hasBody) response.end(body);
  else response.end();
}
