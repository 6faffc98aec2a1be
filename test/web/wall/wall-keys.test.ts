import { expect, it } from 'vitest';
import { keyHelp, wallCommandOf } from '../../../web/wall/wall-keys.ts';
import { wallMessages } from '../../../web/wall/messages.ts';

it.each([
  ['1', false, { kind: 'layout', layout: 1 }],
  ['5', false, { kind: 'layout', layout: 25 }],
  ['6', false, null],
  ['ArrowLeft', false, { kind: 'move', direction: 'left' }],
  ['ArrowLeft', true, { kind: 'carry', direction: 'left' }],
  ['Enter', false, { kind: 'solo' }],
  ['Delete', false, { kind: 'clear' }],
  ['S', true, { kind: 'snapshot' }],
  ['p', false, { kind: 'patrol' }],
  ['a', false, { kind: 'acknowledge' }],
  ['?', true, { kind: 'help' }],
  ['PageDown', false, { kind: 'page', step: 1 }],
  ['x', false, null],
])('%s (shift %s)', (key, shiftKey, command) => {
  expect(wallCommandOf({ key, shiftKey })).toEqual(command);
});

it('has a word for every line of the help', () => {
  for (const { name } of keyHelp) expect(wallMessages.zh.keys).toHaveProperty(name);
});
