import { describe, expect, it } from 'vitest';
import { decidePause, ReadPause } from '../../../../media/node/ingest/read-pause.ts';
import { FakeClock } from '../../../support/fake-clock.ts';

function setUp(periodMs = 10) {
  const clock = new FakeClock();
  const sleeps: number[] = [];
  const due: (() => void)[] = [];
  let turns = 0;
  const sleep = (ms: number): void => {
    sleeps.push(ms);
    clock.advance(ms);
  };
  const pause = new ReadPause({ atTurnsEnd: (fn) => void due.push(fn), sleep, clock }, periodMs, () => (turns += 1));
  /** A turn of the loop with so much work. */
  const turn = (workMs: number): void => {
    clock.advance(workMs);
    for (const fn of due.splice(0)) fn();
  };
  return { pause, sleeps, turn, due, turns: () => turns };
}

describe('the pause of a worker', () => {
  it.each([
    [false, 249, false],
    [false, 250, true],
    [true, 249, true],
    [true, 150, true],
    [true, 149, false],
  ])('pausing %s at %d frames a second: %s', (isPausing, framesPerSecond, expected) => {
    expect(decidePause(isPausing, framesPerSecond)).toBe(expected);
  });

  it('is not made while there is little to do', () => {
    const { pause, due } = setUp();
    pause.observeLoad(100);
    expect([pause.isPausing, due.length]).toEqual([false, 0]);
  });

  it('fills up each turn to its period, and leaves out what the work took already', () => {
    const { pause, sleeps, turn, turns } = setUp();
    pause.observeLoad(1000);
    turn(2);
    turn(0);
    turn(9.8);
    turn(30);
    turn(4);
    expect(sleeps.map((ms) => Math.round(ms * 10) / 10)).toEqual([8, 10, 6]);
    expect(turns()).toBe(5);
  });

  it('ends when the load goes, and begins once only', () => {
    const { pause, turn, due, sleeps } = setUp();
    pause.observeLoad(1000);
    pause.observeLoad(0);
    pause.observeLoad(1000);
    expect(due).toHaveLength(1);
    turn(1);
    pause.observeLoad(0);
    turn(1);
    expect([due.length, sleeps.length]).toEqual([0, 1]);
  });

  it('can be switched off', () => {
    const { pause } = setUp(0);
    pause.observeLoad(5000);
    expect(pause.isPausing).toBe(false);
  });
});
