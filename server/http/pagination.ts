/**
 * Lists by cursor: `?limit=1…500&cursor=` → `{items, nextCursor}`.
 *
 * A cursor is the sort key of the last item, as base64url JSON. Clients pass it back and never look inside. Stores read
 * `limit + 1` rows after the key; the extra one says that there is more.
 */
import { z } from 'zod';
import type { Page } from '../contract/system.ts';
import { DomainError } from './problem.ts';

/** Query fields of every list; spread them into the route's own: `z.strictObject({ ...pageQuery, area: … })`. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Items per page'),
  cursor: z.string().min(1).max(500).optional().describe('nextCursor of the page before'),
};

/** Answer schema of a list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** Text of a sort key. */
export function formatCursor(key: readonly (string | number | null)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/**
 * Sort key of a cursor, or null for the first page.
 *
 * @throws {DomainError} `validation-failed` when it is not one of ours for this list.
 */
export function parseCursor<Key extends z.ZodType>(cursor: string | undefined, key: Key): z.output<Key> | null {
  if (cursor === undefined) return null;
  const parsed = key.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success) throw new DomainError('validation-failed', { errors: [{ path: 'query.cursor', message: 'Not a cursor of this list' }] });
  return parsed.data;
}

/** Page of rows read with `limit + 1`; `keyOf` gives the sort key of a row. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  keyOf: (row: Row) => readonly (string | number | null)[],
  itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(itemOf),
    nextCursor: rows.length > limit && last !== undefined ? formatCursor(keyOf(last)) : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
