import { expect, it } from 'vitest';
import { HlsBudget } from '../../../web/player/hls-budget.ts';

it('gives low latency to two players, and to a third only when one has gone', () => {
  const budget = new HlsBudget();
  const first = budget.take();
  const second = budget.take();
  expect(first).not.toBeNull();
  expect(second).not.toBeNull();
  expect(budget.take()).toBeNull();
  first?.();
  first?.();
  expect(budget.take()).not.toBeNull();
  expect(budget.take()).toBeNull();
});
