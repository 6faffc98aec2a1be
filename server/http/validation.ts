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
  const nulPath = findNul(value, part);
  if (nulPath !== null) throw new DomainError('validation-failed', { errors: [{ path: nulPath, message: 'Text with a NUL character' }] });
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

/** PostgreSQL's text cannot hold U+0000; without this check it would be an internal error far from its cause. */
function findNul(value: unknown, path: string): string | null {
  if (typeof value === 'string') return value.includes('\0') ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, member] of Object.entries(value)) {
    if (key.includes('\0')) return path;
    const found = findNul(member, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
