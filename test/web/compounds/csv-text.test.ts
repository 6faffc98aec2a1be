import { describe, expect, it } from 'vitest';
import { formatCsv } from '../../../web/compounds/csv-text.ts';

describe('CSV for Excel', () => {
  it('begins with a byte order mark and ends lines as Excel expects', () => {
    expect(
      formatCsv([
        ['小区', '点位'],
        ['文庙苑', 8],
      ]),
    ).toBe('\uFEFF小区,点位\r\n文庙苑,8\r\n');
  });

  it('quotes commas, quotes and line ends', () => {
    expect(formatCsv([['a,b', 'say "x"', 'one\ntwo']])).toBe('\uFEFF"a,b","say ""x""","one\ntwo"\r\n');
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx'])('lets Excel run no formula from %j', (text) => {
    expect(formatCsv([[text]])).toBe(`\uFEFF'${text}\r\n`);
  });
});
