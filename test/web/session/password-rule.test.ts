import { expect, it } from 'vitest';
import { checkNewPassword, passwordMinLength } from '../../../web/session/password-rule.ts';
import { chooseTheme } from '../../../web/session/theme.ts';

it.each([
  ['short', 'short', false, 'too-short'],
  ['short', 'short', true, null],
  ['long enough 1', 'long enough 2', false, 'differ'],
  ['long enough 1', 'long enough 1', false, null],
])('%s, %s, demo %s: %s', (password, repeated, isDemo, fault) => {
  expect(checkNewPassword(password, repeated, passwordMinLength(isDemo))).toBe(fault);
});

it('lets the person’s theme win over the page’s', () => {
  expect(chooseTheme('auto', 'dark')).toBe('dark');
  expect(chooseTheme('light', 'dark')).toBe('light');
});
