/** Refusals: the error that services throw, the HTTP status of each code, and the body that is sent (RFC 9457). */
import type { PersonRef, Problem, ProblemCode } from '../contract/problems.ts';
import { isDatabaseUnavailable } from '../database/fault.ts';

/** Members of a problem that depend on its code. */
export interface ProblemDetails {
  /** For whoever reads the log or the API; screens show the text for the code. */
  readonly detail?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly acknowledgedBy?: PersonRef;
  readonly retryAfterSeconds?: number;
}

/** A refused request. Everything else that is thrown is a bug and becomes `internal`. */
export class DomainError extends Error {
  readonly code: ProblemCode;
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? titleOf[code]);
    this.name = 'DomainError';
    this.code = code;
    this.details = details;
  }
}

/** The one place where codes meet HTTP. */
export const statusOf: { readonly [Code in ProblemCode]: number } = {
  'validation-failed': 400,
  'malformed-json': 400,
  'payload-too-large': 413,
  unauthenticated: 401,
  'invalid-credentials': 401,
  'account-locked': 423,
  'too-many-requests': 429,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  conflict: 409,
  'already-acknowledged': 409,
  'already-closed': 409,
  'setup-not-needed': 409,
  'setup-token-wrong': 403,
  'setup-required': 409,
  'register-entry-required': 403,
  'register-entry-does-not-cover': 403,
  'camera-has-no-such-stream': 404,
  'no-media-node': 503,
  'area-has-children': 409,
  'area-cycle': 409,
  'in-use': 409,
  unavailable: 503,
  internal: 500,
};

const titleOf: { readonly [Code in ProblemCode]: string } = {
  'validation-failed': 'The request does not fit its description',
  'malformed-json': 'The body is not valid JSON',
  'payload-too-large': 'The body is larger than allowed',
  unauthenticated: 'Log in first',
  'invalid-credentials': 'User name or password is wrong',
  'account-locked': 'The account is locked after too many failed logins',
  'too-many-requests': 'Too many attempts',
  forbidden: 'This account may not do that',
  'not-found': 'There is no such thing',
  'method-not-allowed': 'This address does not answer this method',
  conflict: 'That contradicts what is stored',
  'already-acknowledged': 'Somebody else has acknowledged this alarm',
  'already-closed': 'This alarm is closed',
  'setup-not-needed': 'The installation is already set up',
  'setup-token-wrong': 'The setup token is wrong',
  'setup-required': 'The installation has no administrator yet',
  'register-entry-required': 'Recordings are shown after an entry in the access register',
  'register-entry-does-not-cover': 'The entry of the access register does not cover this',
  'camera-has-no-such-stream': 'The camera has no such stream',
  'no-media-node': 'No media node serves this camera',
  'area-has-children': 'The area has areas or compounds below it',
  'area-cycle': 'An area cannot be below itself',
  'in-use': 'Something else still refers to it',
  unavailable: 'The service cannot answer at the moment',
  internal: 'Something went wrong on our side',
};

/** The body for a code. */
export function toProblem(code: ProblemCode, details: ProblemDetails = {}): Problem {
  return { type: `urn:yilan:problem:${code}`, title: titleOf[code], status: statusOf[code], code, ...details };
}

/**
 * Translates whatever a request threw. Errors of Express and its parsers carry a `status` and a `type`; the message of
 * anything unknown stays in the log.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof DomainError) return toProblem(error.code, error.details);
  if (isDatabaseUnavailable(error)) return toProblem('unavailable', { retryAfterSeconds: 2 });
  const { status, type } = parserError(error);
  if (type === 'entity.parse.failed') return toProblem('malformed-json');
  if (status === 413) return toProblem('payload-too-large');
  if (status !== null && status >= 400 && status < 500) return toProblem('validation-failed');
  return toProblem('internal');
}

function parserError(error: unknown): { readonly status: number | null; readonly type: string | null } {
  if (!(error instanceof Error)) return { status: null, type: null };
  const status = 'status' in error && typeof error.status === 'number' ? error.status : null;
  const type = 'type' in error && typeof error.type === 'string' ? error.type : null;
  return { status, type };
}
