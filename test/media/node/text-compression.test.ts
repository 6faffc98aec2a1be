import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { acceptsGzip, compressText } from '../../../media/node/text-compression.ts';

describe('text compression', () => {
  it.each<[string | undefined, boolean]>([
    [undefined, false],
    ['', false],
    ['identity', false],
    ['gzip', true],
    ['gzip, deflate, br', true],
    ['br;q=1.0, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000', false],
    ['*', true],
    ['*;q=0', false],
    ['gzip;q=0, *', false],
  ])('of %j', (header, expected) => {
    expect(acceptsGzip(header)).toBe(expected);
  });

  it('shrinks what repeats a ticket, and leaves short texts as they are', () => {
    const text = `part-1.m4s?ticket=${'abc'.repeat(100)}\n`.repeat(30);
    const { body, isCompressed } = compressText(text, 'gzip');
    expect([isCompressed, gunzipSync(body).toString()]).toEqual([true, text]);
    expect(body.length).toBeLessThan(text.length / 10);
    expect(compressText('#EXTM3U\n', 'gzip')).toEqual({ body: Buffer.from('#EXTM3U\n'), isCompressed: false });
    expect(compressText(text, undefined).isCompressed).toBe(false);
  });
});
