import { expect, it } from 'vitest';
import { TicketKeeper } from '../../../web/player/ticket-keeper.ts';

function setUp() {
  const world = { nowMs: 0, fetched: 0, isDown: false };
  const keeper = new TicketKeeper({
    nowMs: () => world.nowMs,
    fetchTicket: () => {
      if (world.isDown) return Promise.reject(new Error('down'));
      world.fetched += 1;
      return Promise.resolve({ name: `ticket-${world.fetched}`, expiresAt: new Date(world.nowMs + 300_000).toISOString() });
    },
  });
  return { world, keeper };
}

it('asks once for many requests at the same time', async () => {
  const { world, keeper } = setUp();
  await Promise.all([keeper.current(), keeper.current(), keeper.current()]);
  expect(world.fetched).toBe(1);
});

it('keeps a ticket for the first part of its life and renews it long before its end', async () => {
  const { world, keeper } = setUp();
  await keeper.current();
  world.nowMs = 179_000;
  expect((await keeper.current()).name).toBe('ticket-1');
  world.nowMs = 181_000;
  expect((await keeper.current()).name).toBe('ticket-2');
});

it('lives on with the old ticket while the server is down, but not beyond its end', async () => {
  const { world, keeper } = setUp();
  await keeper.current();
  world.isDown = true;
  world.nowMs = 200_000;
  expect((await keeper.current()).name).toBe('ticket-1');
  world.nowMs = 300_000;
  await expect(keeper.current()).rejects.toThrow('down');
});

it('fetches anew after a refusal', async () => {
  const { keeper } = setUp();
  await keeper.current();
  keeper.discard();
  expect((await keeper.current()).name).toBe('ticket-2');
});
