import { expect, it } from 'vitest';
import { findPasswordFault, hashPassword, isPasswordOf, unknownAccountHash } from '../../../server/accounts/password.ts';

it.each([
  ['short', 'wang', false, 'too-short'],
  ['123456789', 'wang', false, 'too-short'],
  ['a-good-one', 'wang', false, null],
  ['Wang-Xiaoming', 'wang-xiaoming', false, 'same-as-username'],
  ['aaaaaaaaaaaa', 'wang', false, 'one-character-repeated'],
  ['demo', 'admin', true, null],
  ['abc', 'admin', true, 'too-short'],
])('judges %j for %s (demo: %s) as %s', (password, username, isDemo, fault) => {
  expect(findPasswordFault(password, { username, isDemo })).toBe(fault);
});

it('keeps passwords as argon2id with a salt of their own', async () => {
  const [first, second] = await Promise.all([hashPassword('a-good-one'), hashPassword('a-good-one')]);
  expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(first).not.toBe(second);
  expect(await isPasswordOf(first, 'a-good-one')).toBe(true);
  expect(await isPasswordOf(first, 'another-one')).toBe(false);
  expect(await isPasswordOf('!', 'a-good-one')).toBe(false);
});

it('checks unknown accounts against a hash of the same cost', () => {
  expect(unknownAccountHash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
});
