/** Error codes of the HTTP API, closed list. Bodies are `application/problem+json` (RFC 9457); screens show the text for the code. */
export type ProblemCode =
  | 'validation-failed'
  | 'malformed-json'
  | 'payload-too-large'
  | 'unauthenticated'
  | 'invalid-credentials'
  | 'account-locked'
  | 'too-many-requests'
  | 'forbidden'
  | 'not-found'
  | 'method-not-allowed'
  | 'conflict'
  | 'already-acknowledged'
  | 'already-closed'
  | 'setup-not-needed'
  | 'setup-token-wrong'
  | 'setup-required'
  | 'register-entry-required'
  | 'register-entry-does-not-cover'
  | 'camera-has-no-such-stream'
  | 'no-media-node'
  | 'area-has-children'
  | 'area-cycle'
  | 'in-use'
  | 'unavailable'
  | 'internal';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail?: string;
  /** With `validation-failed`: where and what. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  /** With `already-acknowledged`. */
  readonly acknowledgedBy?: PersonRef;
  /** With `account-locked` and `too-many-requests`. */
  readonly retryAfterSeconds?: number;
}

/** A person as shown beside what he did. */
export interface PersonRef {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
}
