import { expect, it } from 'vitest';
import { zoomCommandOf } from '../../../web/zoom/zoom-keys.ts';

it.each([
  ['+', false, 'in'],
  ['=', false, 'in'],
  ['-', false, 'out'],
  ['0', false, 'reset'],
  ['ArrowLeft', false, null],
  ['Escape', false, null],
  ['ArrowLeft', true, 'left'],
  ['ArrowUp', true, 'up'],
  ['Escape', true, 'reset'],
  ['1', true, null],
  ['toString', true, null],
])('%s, zoomed %s: %s', (key, isZoomed, command) => {
  expect(zoomCommandOf({ key, shiftKey: false }, isZoomed)).toBe(command);
});

it('leaves Shift with an arrow to others', () => {
  expect(zoomCommandOf({ key: 'ArrowLeft', shiftKey: true }, true)).toBeNull();
});
