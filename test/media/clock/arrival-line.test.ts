import { describe, expect, it } from 'vitest';
import { ArrivalLine } from '../../../media/clock/arrival-line.ts';

const wallAtZeroMs = 1_700_000_000_000;

describe('ArrivalLine', () => {
  it('does not move with pictures that take long to arrive', () => {
    const line = new ArrivalLine();
    const told: number[] = [];
    for (let index = 0; index < 500; index += 1) {
      const lateMs = index % 50 === 0 ? 180 : (index * 7) % 13;
      const arrivedMs = 1000 + index * 40 + lateMs;
      line.observe(index * 40, arrivedMs, wallAtZeroMs + arrivedMs);
      if (index > 0 && index % 50 === 0) told.push(line.wallClockMsAt(index * 40) - (wallAtZeroMs + 1000 + index * 40));
    }
    expect(Math.min(...told)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...told)).toBeLessThanOrEqual(1);
  });

  it('takes a late beginning back at once, and follows a crystal', () => {
    const line = new ArrivalLine();
    line.observe(0, 1200, wallAtZeroMs + 1200);
    line.observe(40, 1041, wallAtZeroMs + 1041);
    expect(line.wallClockMsAt(80)).toBe(wallAtZeroMs + 1081);
    for (let seconds = 1; seconds <= 3600; seconds += 1) {
      const arrivedMs = 1001 + seconds * 1000.1;
      line.observe(seconds * 1000, arrivedMs, wallAtZeroMs + arrivedMs);
    }
    expect(line.wallClockMsAt(3_600_000) - wallAtZeroMs - 1001 - 3_600_360).toBe(0);
  });

  it('follows a node clock that is set, and passes over its rounding', () => {
    const line = new ArrivalLine();
    line.observe(0, 1000.4, wallAtZeroMs + 1000);
    line.observe(1000, 2000.4, wallAtZeroMs + 2003);
    expect(line.wallClockMsAt(1000)).toBe(wallAtZeroMs + 2000);
    line.observe(2000, 3000.4, wallAtZeroMs + 3000 + 60_000);
    expect(line.wallClockMsAt(2000)).toBe(wallAtZeroMs + 63_000);
  });
});
