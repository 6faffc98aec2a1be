import { expect, it } from 'vitest';
import { messagesOf } from '../../../web/i18n/messages.ts';

/** Every text with its path, such as `wall.keys.layout`. */
function textsOf(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, child]) => textsOf(child, path === '' ? key : `${path}.${key}`));
}

const zh = new Map(textsOf(messagesOf('zh')));
const en = new Map(textsOf(messagesOf('en')));

it('says everything in both languages', () => {
  expect([...zh.keys()].toSorted()).toEqual([...en.keys()].toSorted());
  expect([...zh, ...en].filter(([, text]) => text === '')).toEqual([]);
});

it('fills the same values into both', () => {
  const slots = (text: string | undefined) => [...new Set((text ?? '').match(/\{(\w+)\}/g))].toSorted();
  for (const [path, text] of zh) expect([path, slots(en.get(path))]).toEqual([path, slots(text)]);
});

it('leaves no Chinese in the English texts', () => {
  expect([...en].filter(([, text]) => /\p{Script=Han}/u.test(text))).toEqual([]);
});

it('can be compiled: marks that the translator reads as its own are quoted', () => {
  for (const [path, text] of [...zh, ...en]) {
    const bare = text.replaceAll(/\{'[^']*'\}/g, '');
    expect([path, /[@{}$](?!\w)|@/.test(bare.replaceAll(/\{\w+\}/g, ''))]).toEqual([path, false]);
  }
});
