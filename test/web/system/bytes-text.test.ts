import { expect, it } from 'vitest';
import { formatBytes } from '../../../web/system/bytes-text.ts';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [1_700_000_000, '1.7 GB'],
  [999_999, '1.0 MB'],
  [512_000_000_000, '512 GB'],
])('%d', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
