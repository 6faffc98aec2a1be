/** Checks a part of a request against its schema and says, per field, what does not fit. */
import type { z } from 'zod';
import { DomainError } from './problem.ts';

export type RequestPart = 'params' | 'query' | 'body';

/** Paths listed in one refusal; a body with thousands of faults needs no longer answer. */
const maxErrors = 50;

/**
 * The checked value.
 *
 * @throws {DomainError} `validation-failed` with paths such as `body.streams[0].url`.
 */
export function validate<Schema extends z.ZodType>(schema: Schema, value: unknown, part: RequestPart): z.output<Schema> {
  const unfit = findUnstorable(value, part);
  if (unfit !== null) throw new DomainError('validation-failed', { errors: [unfit] });
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ path: formatPath(part, [...issue.path, key]), message: 'Unknown field' }))
      : [{ path: formatPath(part, issue.path), message: issue.message }],
  );
  throw new DomainError('validation-failed', { errors: errors.slice(0, maxErrors) });
}

function formatPath(part: RequestPart, path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => (typeof key === 'number' ? `${text}[${key}]` : `${text}.${String(key)}`), part);
}

/** The deepest body of ours, a compound's boundary, has five levels; a hundred thousand would end the stack of whoever walks them. */
const maxLevels = 20;

/**
 * What no schema would catch and the database refuses: PostgreSQL's text cannot hold U+0000, nor its JSON half of a surrogate pair.
 * Without this check either would be an internal error far from its cause.
 */
function findUnstorable(value: unknown, path: string, level = 0): { readonly path: string; readonly message: string } | null {
  if (typeof value === 'string') {
    const fault = textFault(value);
    return fault === null ? null : { path, message: fault };
  }
  if (typeof value !== 'object' || value === null) return null;
  if (level === maxLevels) return { path, message: 'Nested too deeply' };
  for (const [key, member] of Object.entries(value)) {
    const fault = textFault(key);
    if (fault !== null) return { path, message: fault };
    const found = findUnstorable(member, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, level + 1);
    if (found !== null) return found;
  }
  return null;
}

function textFault(text: string): string | null {
  if (text.includes('\0')) return 'Text with a NUL character';
  return text.isWellFormed() ? null : 'Text with half of a surrogate pair';
}
