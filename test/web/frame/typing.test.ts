// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { isTyping } from '../../../web/frame/typing.ts';

function press(html: string, selector: string, init: KeyboardEventInit = {}): boolean {
  document.body.innerHTML = html;
  let answer: boolean | null = null;
  document.body.addEventListener('keydown', (event) => (answer = isTyping(event)), { once: true });
  document.querySelector(selector)?.dispatchEvent(new KeyboardEvent('keydown', { key: 's', bubbles: true, ...init }));
  if (answer === null) throw new Error('the key did not arrive');
  return answer;
}

it.each([
  ['<input id="x">', true],
  ['<textarea id="x"></textarea>', true],
  ['<div role="dialog"><button id="x"></button></div>', true],
  ['<button id="x"></button>', false],
  ['<div id="x"></div>', false],
])('a key in %s belongs to the field: %s', (html, expected) => {
  expect(press(html, '#x')).toBe(expected);
});

it("leaves the browser's own shortcuts alone", () => {
  expect(press('<div id="x"></div>', '#x', { ctrlKey: true })).toBe(true);
});
