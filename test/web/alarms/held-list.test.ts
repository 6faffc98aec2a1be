import { expect, it } from 'vitest';
import { holdIds } from '../../../web/alarms/held-list.ts';

it('moves freely while nobody points at it', () => {
  expect(holdIds(['b', 'a'], ['c', 'b'], false)).toEqual({ shownIds: ['c', 'b'], waitingCount: 0 });
});

it('stands still under the pointer: new ones wait and are counted, gone ones stay', () => {
  expect(holdIds(['b', 'a'], ['d', 'c', 'b'], true)).toEqual({ shownIds: ['b', 'a'], waitingCount: 2 });
});

it('shows the first ones at once even under the pointer', () => {
  expect(holdIds([], ['a'], true)).toEqual({ shownIds: ['a'], waitingCount: 0 });
});
