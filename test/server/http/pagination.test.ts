import { expect, it } from 'vitest';
import { z } from 'zod';
import { formatCursor, parseCursor, toPage } from '../../../server/http/pagination.ts';

const key = z.tuple([z.string(), z.number()]);

it('gives keys back as they were', () => {
  expect(parseCursor(formatCursor(['资中', 7]), key)).toEqual(['资中', 7]);
  expect(parseCursor(undefined, key)).toBeNull();
});

it.each(['x', formatCursor(['only one']), formatCursor([1, 'swapped']), Buffer.from('{"a":1}').toString('base64url')])(
  'refuses the cursor %s',
  (cursor) => {
    expect(() => parseCursor(cursor, key)).toThrow(expect.objectContaining({ code: 'validation-failed' }));
  },
);

it.each([
  [[1, 2, 3], 2, [1, 2], formatCursor([2])],
  [[1, 2], 2, [1, 2], null],
  [[], 2, [], null],
])('of rows %j with limit %i shows %j', (rows, limit, items, nextCursor) => {
  expect(
    toPage(
      rows,
      limit,
      (row) => [row],
      (row) => row,
    ),
  ).toEqual({ items, nextCursor });
});
