import { expect, it } from 'vitest';
import { createNameMatcher } from '../../../web/search/name-match.ts';

it.each([
  ['文庙', '文庙小区', true],
  ['wmxq', '文庙小区', true],
  ['wenmiao', '文庙小区', true],
  ['wenmiao', '滨江苑', false],
  ['NVR', 'nvr-3 东门', true],
  ['3号', '3号楼', true],
])('%s in %s: %s', async (query, name, expected) => {
  const isMatch = await createNameMatcher(query);
  expect(isMatch(name)).toBe(expected);
});
