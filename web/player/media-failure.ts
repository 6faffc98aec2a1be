/** What a refusal of a media node means for playing on. */
import type { PlayFailure, PlayFailureCode } from './live-machine.ts';

/** Carries a failure through a promise. */
export class PlayError extends Error {
  readonly failure: PlayFailure;

  constructor(failure: PlayFailure) {
    super(failure.code);
    this.name = 'PlayError';
    this.failure = failure;
  }
}

/** The failure in whatever was thrown on the way to a picture. */
export function failureOfError(error: unknown): PlayFailure {
  return error instanceof PlayError ? error.failure : failure('connection-lost');
}

/** What a refused or failed request for a ticket means. `code` is the problem code of the API client. */
export function failureOfTicketProblem(code: string): PlayFailure {
  switch (code) {
    case 'no-media-node':
    case 'unavailable':
      return { kind: 'source', code: 'no-media-node' };
    case 'camera-has-no-such-stream':
      return { kind: 'candidate', code: 'stream-unavailable' };
    case 'forbidden':
    case 'not-found':
      return { kind: 'source', code: 'not-allowed' };
    default:
      return { kind: 'source', code: 'server-unreachable' };
  }
}

const byProblemCode: Readonly<Record<string, PlayFailure>> = {
  'codec-not-offered': { kind: 'candidate', code: 'codec-not-offered' },
  'reordering-not-supported': { kind: 'candidate', code: 'reordering-not-supported' },
  'offer-invalid': { kind: 'candidate', code: 'codec-not-offered' },
  'stream-unknown': { kind: 'source', code: 'stream-unavailable' },
  'stream-unavailable': { kind: 'source', code: 'stream-unavailable' },
  // Another way of playing would need the same transcode: wait for it. A node may also learn to transcode, with a new ffmpeg.
  'transcoding-limit-reached': { kind: 'source', code: 'transcoding-limit-reached' },
  'transcoding-failed': { kind: 'source', code: 'transcoding-failed' },
  'transcoding-unavailable': { kind: 'source', code: 'transcoding-unavailable' },
  'too-many-viewers': { kind: 'transport', code: 'too-many-viewers' },
};

/** From status and problem code of the node's answer; `problemCode` null when the body was none. */
export function failureOfAnswer(status: number, problemCode: string | null): PlayFailure {
  const known = problemCode === null ? undefined : byProblemCode[problemCode];
  if (known) return known;
  if (status === 401 || status === 403) return failure('ticket-refused');
  if (status === 404 || status === 503) return { kind: 'source', code: 'stream-unavailable' };
  return failure('connection-lost');
}

/** From the problem code with which a node ended a channel of the page's WebSocket. */
export function failureOfEndedChannel(problemCode: string): PlayFailure {
  return byProblemCode[problemCode] ?? failure(problemCode.startsWith('ticket-') ? 'ticket-refused' : 'connection-lost');
}

/** The problem code in a refused answer of a node, or null. */
export async function readProblemCode(response: Response): Promise<string | null> {
  try {
    return problemCodeIn(await response.text());
  } catch {
    return null;
  }
}

/** As {@link readProblemCode}, of a request that was made by other means, such as those of hls.js. */
export function problemCodeOfRequest(request: unknown): string | null {
  if (!(request instanceof XMLHttpRequest)) return null;
  const body: unknown = request.response;
  return typeof body === 'string' ? problemCodeIn(body) : body instanceof ArrayBuffer ? problemCodeIn(new TextDecoder().decode(body)) : null;
}

/** The problem code in a body, or null when that is no problem (RFC 9457). */
export function problemCodeIn(text: string): string | null {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string' ? body.code : null;
  } catch {
    return null;
  }
}

function failure(code: PlayFailureCode): PlayFailure {
  return { kind: 'transport', code };
}
