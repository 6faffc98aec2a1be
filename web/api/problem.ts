/** A request that was refused or did not get through, as the screens meet it. */
import type { Problem, ProblemCode } from '../../server/contract/problems.ts';
import type { ClientProblemCode } from '../i18n/problem-messages.ts';

/** Thrown by the API client. `code` chooses the text; `problem` is the server's body where there was one. */
export class ApiProblem extends Error {
  readonly code: ProblemCode | ClientProblemCode;
  readonly problem: Problem | null;

  constructor(code: ProblemCode | ClientProblemCode, problem: Problem | null = null) {
    super(code);
    this.name = 'ApiProblem';
    this.code = code;
    this.problem = problem;
  }

  /** Messages of a failed validation by path, such as `streams.0.url`; empty for other problems. */
  fieldErrors(): ReadonlyMap<string, string> {
    // `body.streams[0].url` of the server is `streams.0.url` of the form.
    const pathOf = (path: string) => path.replace(/^body\.?/, '').replaceAll(/\[(\d+)\]/g, '.$1');
    return new Map((this.problem?.errors ?? []).map((error) => [pathOf(error.path), error.message]));
  }
}

/** Code of whatever was thrown; a bug in the page is reported as `internal`. */
export function problemCodeOf(error: unknown): ProblemCode | ClientProblemCode {
  return error instanceof ApiProblem ? error.code : 'internal';
}
