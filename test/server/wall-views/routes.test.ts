import { afterAll, beforeAll, expect, it } from 'vitest';
import { DomainWorld } from '../../support/domain-world.ts';

let world: DomainWorld;
beforeAll(async () => {
  world = await DomainWorld.open();
});
afterAll(() => world.close());

const tiles = [crypto.randomUUID(), null, crypto.randomUUID(), null];
const listed = async (role: 'operator' | 'officer') =>
  (await world.call(role, 'GET', '/wall-views')).items.map((view: { name: string }) => view.name);

it('are saved, replaced and deleted by their owner', async () => {
  const view = await world.call('operator', 'POST', '/wall-views', { name: '早班', layout: 4, tiles });
  expect(view).toMatchObject({ name: '早班', isShared: false, layout: 4, tiles, patrolSeconds: null });
  const replaced = await world.call('operator', 'PUT', `/wall-views/${view.id}`, { name: '晚班', layout: 9, tiles: [], patrolSeconds: 10 });
  expect(replaced).toEqual({ ...view, name: '晚班', layout: 9, tiles: [], patrolSeconds: 10 });
  expect(await listed('operator')).toEqual(['晚班']);
  await world.call('operator', 'DELETE', `/wall-views/${view.id}`);
  expect(await listed('operator')).toEqual([]);
});

it('of others are seen only when shared, and changed by an administrator alone', async () => {
  const own = await world.call('operator', 'POST', '/wall-views', { name: '自用', layout: 1, tiles: [] });
  const shared = await world.call('operator', 'POST', '/wall-views', { name: '共享', layout: 1, tiles: [], isShared: true });
  expect(await listed('officer')).toEqual(['共享']);
  const change = { name: 'x', layout: 1, tiles: [] };
  expect((await world.answer('officer', 'PUT', `/wall-views/${own.id}`, change)).status).toBe(404);
  expect((await world.answer('officer', 'PUT', `/wall-views/${shared.id}`, change)).status).toBe(403);
  expect((await world.answer('administrator', 'DELETE', `/wall-views/${own.id}`)).status).toBe(404);
  expect((await world.answer('administrator', 'DELETE', `/wall-views/${shared.id}`)).status).toBe(204);
});

it.each([
  ['a layout of two', { layout: 2 }],
  ['a patrol of one second', { patrolSeconds: 1 }],
  ['tiles that are no ids', { tiles: ['../../etc'] }],
])('refuse %s', async (_, over) => {
  expect((await world.answer('operator', 'POST', '/wall-views', { name: 'x', layout: 1, tiles: [], ...over })).status).toBe(400);
});

it('are not for those who do not watch', async () => {
  expect((await world.answer('auditor', 'GET', '/wall-views')).status).toBe(403);
});
