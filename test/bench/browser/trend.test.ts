import { describe, expect, it } from 'vitest';
import { trendPerSecond } from './trend.ts';

const every10Seconds = (values: readonly number[]) => values.map((value, index) => ({ atSeconds: index * 10, value }));

describe('the trend of a series', () => {
  it('is the slope of a line', () => {
    expect(trendPerSecond(every10Seconds([100, 120, 140, 160]))).toBeCloseTo(2);
  });

  it('sees a slow growth below a noise that is larger', () => {
    const noisy = Array.from({ length: 60 }, (_, index) => 1000 + index * 10 + (index % 2) * 50);
    expect(trendPerSecond(every10Seconds(noisy))).toBeCloseTo(1, 1);
  });

  it('is not bent by single peaks', () => {
    expect(trendPerSecond(every10Seconds([5, 5, 5, 5000, 5, 5, 5]))).toBe(0);
  });

  it('is 0 for less than two samples', () => {
    expect(trendPerSecond([])).toBe(0);
    expect(trendPerSecond([{ atSeconds: 3, value: 7 }])).toBe(0);
  });
});
