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
  ['i', false, { kind: 'details' }],
  ['M', true, { kind: 'sound' }],
  ['+', true, { kind: 'zoom', command: 'in' }],
  ['-', false, { kind: 'zoom', command: 'out' }],
  ['0', false, { kind: 'zoom', command: 'reset' }],
  ['Escape', false, { kind: 'leave' }],
])('%s (shift %s)', (key, shiftKey, command) => {
  expect(wallCommandOf({ key, shiftKey }, false)).toEqual(command);
});

it.each([
  ['ArrowLeft', false, { kind: 'zoom', command: 'left' }],
  ['ArrowDown', true, { kind: 'carry', direction: 'down' }],
  // What lies over the picture is closed first; the page then shows all of the picture.
  ['Escape', false, { kind: 'leave' }],
  ['4', false, { kind: 'layout', layout: 16 }],
])('%s (shift %s) while the selected tile is zoomed', (key, shiftKey, command) => {
  expect(wallCommandOf({ key, shiftKey }, true)).toEqual(command);
});

it('has a word for every line of the help', () => {
  for (const { name } of keyHelp) expect(wallMessages.zh.keys).toHaveProperty(name);
});
