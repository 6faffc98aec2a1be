import { expect, it } from 'vitest';
import { formatSearchPattern, formatSearchText } from '../../../server/compounds/search-text.ts';

it.each([
  ['后西社区', ['后西', 'houxishequ', 'hxsq']],
  ['Gate 3 东门', ['gate 3', 'dongmen', 'dm']],
  ['NVR-02', ['nvr-02']],
])('finds %s by %j', (name, queries) => {
  const text = formatSearchText(name);
  for (const query of queries) expect(text).toContain(query);
});

it('takes wildcards literally', () => {
  expect(formatSearchPattern(' 50%_A\\ ')).toBe(String.raw`%50\%\_a\\%`);
});
