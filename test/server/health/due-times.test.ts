import { expect, it } from 'vitest';
import { createDueTimes } from '../../../server/health/due-times.ts';
import { FakeClock } from '../../support/fake-clock.ts';

it('tells each key at its moment, on one timer', () => {
  const clock = new FakeClock();
  const told: [number, readonly string[]][] = [];
  const startMs = clock.wallClockMs();
  const due = createDueTimes(clock, (keys) => told.push([clock.wallClockMs() - startMs, keys]));
  due.set('late', startMs + 500);
  due.set('early', startMs + 100);
  due.set('also early', startMs + 100);
  due.set('forgotten', startMs + 50);
  due.set('forgotten', null);
  expect(clock.timerCount).toBe(1);
  clock.advance(1000);
  expect(told).toEqual([
    [100, ['early', 'also early']],
    [500, ['late']],
  ]);
  expect(clock.timerCount).toBe(0);
});

it('lets the receiver set the next moment, moves a moment, and stops', () => {
  const clock = new FakeClock();
  let calls = 0;
  const due = createDueTimes(clock, () => {
    calls += 1;
    due.set('again', clock.wallClockMs() + 100);
  });
  due.set('again', clock.wallClockMs() + 1000);
  due.set('again', clock.wallClockMs() + 100);
  clock.advance(350);
  expect(calls).toBe(3);
  due.stop();
  clock.advance(1000);
  expect(calls).toBe(3);
});

it('waits for moments further away than a timer reaches', () => {
  const clock = new FakeClock();
  let calls = 0;
  const due = createDueTimes(clock, () => (calls += 1));
  due.set('in a month', clock.wallClockMs() + 30 * 86_400_000);
  clock.advance(29 * 86_400_000);
  expect(calls).toBe(0);
  clock.advance(86_400_000);
  expect(calls).toBe(1);
});
