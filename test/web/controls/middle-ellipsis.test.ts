import { expect, it } from 'vitest';
import { splitForMiddleEllipsis } from '../../../web/controls/middle-ellipsis.ts';

it('keeps the end of a long name, which tells cameras of one compound apart', () => {
  expect(splitForMiddleEllipsis('东城丽景花园北门人行及车行出入口', 5)).toEqual({ head: '东城丽景花园北门人行及', tail: '车行出入口' });
});

it('leaves short names whole and never cuts a character in two', () => {
  expect(splitForMiddleEllipsis('东门', 5)).toEqual({ head: '东门', tail: '' });
  expect(splitForMiddleEllipsis('𠮷𠮷𠮷𠮷𠮷', 2)).toEqual({ head: '𠮷𠮷𠮷', tail: '𠮷𠮷' });
});
