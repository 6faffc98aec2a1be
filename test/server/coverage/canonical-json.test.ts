import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatCanonicalJson, hashFacts } from '../../../server/coverage/canonical-json.ts';

it('sorts members and writes no white space', () => {
  expect(formatCanonicalJson({ b: [1, null, true], a: { d: '小区', c: -0 } })).toBe('{"a":{"c":0,"d":"小区"},"b":[1,null,true]}');
});

it('has the hash that anybody can compute from the text', () => {
  // printf '{}' | sha256sum
  expect(hashFacts({})).toBe('44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
});

it.each([[Number.NaN], [Number.POSITIVE_INFINITY], [undefined], [{ a: undefined }], [1n]])('refuses %s', (value) => {
  expect(() => formatCanonicalJson(value)).toThrow(TypeError);
});

it('reads back as what it was, independent of the order of members', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const text = formatCanonicalJson(value);
      expect(formatCanonicalJson(JSON.parse(text))).toBe(text);
      expect(formatCanonicalJson(Object.fromEntries(Object.entries(value).reverse()))).toBe(text);
    }),
  );
});
