import { expect, it } from 'vitest';
import { holdPatrol, secondsToNext, startPatrol, tickPatrol } from '../../../web/wall/patrol.ts';

it('changes the page when its time is over, and not before', () => {
  const patrol = startPatrol(10, 0);
  expect(tickPatrol(patrol, 9999).isDue).toBe(false);
  expect(tickPatrol(patrol, 10_000)).toEqual({ patrol: startPatrol(10, 10_000), isDue: true });
});

it('stands still while somebody points at a tile, and goes on with the time that was left', () => {
  const held = holdPatrol(startPatrol(10, 0), true, 4000);
  expect(tickPatrol(held, 60_000).isDue).toBe(false);
  expect(secondsToNext(held, 60_000)).toBe(6);
  expect(holdPatrol(held, false, 60_000)).toEqual({ kind: 'running', seconds: 10, nextAtMs: 66_000 });
});

it('does not jump away the moment the pointer leaves', () => {
  const held = holdPatrol(startPatrol(10, 0), true, 9900);
  expect(holdPatrol(held, false, 20_000)).toMatchObject({ nextAtMs: 22_000 });
});

it('has nothing to count when it is off', () => {
  expect(secondsToNext({ kind: 'off' }, 0)).toBeNull();
  expect(holdPatrol({ kind: 'off' }, true, 0)).toEqual({ kind: 'off' });
});
