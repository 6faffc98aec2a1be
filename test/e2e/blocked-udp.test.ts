/** The wall on a network that lets no UDP through: all tiles play over one WebSocket. */
import type { WebSocket } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Camera } from '../../server/contract/cameras.ts';
import { countMovingPictures, eventually, sitDown } from '../support/demo-pages.ts';
import type { PersonAtBrowser } from '../support/demo-pages.ts';
import { logIn } from '../support/demo-process.ts';

const demo = inject('demo');

describe('a wall of 16 tiles where UDP is blocked', () => {
  let operator: PersonAtBrowser;
  const openSockets = new Set<WebSocket>();

  beforeAll(async () => {
    // Chromium's own switch for it: WebRTC may use a proxy, or nothing.
    operator = await sitDown(demo, 'operator', { args: ['--webrtc-ip-handling-policy=disable_non_proxied_udp'] });
    operator.page.on('websocket', (socket) => {
      if (!socket.url().endsWith('/ws')) return;
      openSockets.add(socket);
      socket.on('close', () => openSockets.delete(socket));
    });
  });
  afterAll(async () => {
    await operator.close();
  });

  it('moves them all over one WebSocket, each younger than 3 s, and says so', async () => {
    const { page } = operator;
    const api = await logIn(demo, 'operator');
    const cameras = (await api.list<Camera>('/cameras')).filter(({ state }) => state.status === 'online').slice(0, 16);
    expect(cameras).toHaveLength(16);
    await page.goto(`${demo.report.url}/wall?layout=16&tiles=${cameras.map(({ id }) => id).join(',')}`);
    const live = page.locator('[data-live="true"][data-transport="websocket"]');
    expect(
      await eventually(
        () => live.count(),
        (count) => count === 16,
        90_000,
      ),
    ).toBe(16);
    expect(
      await eventually(
        () => countMovingPictures(page),
        (count) => count === 16,
      ),
    ).toBe(16);
    const youngTiles = async () => (await live.locator('.age').allTextContents()).filter((age) => Number.parseFloat(age) < 3).length;
    expect(await eventually(youngTiles, (count) => count === 16)).toBe(16);
    expect(await page.locator('.way', { hasText: 'WebSocket' }).count()).toBe(16);
    expect(openSockets.size).toBe(1);
  });

  it('lets go of the connection when nothing is watched any more', async () => {
    const { page } = operator;
    await page.locator('a[href="/coverage"]').first().click();
    expect(
      await eventually(
        async () => openSockets.size,
        (count) => count === 0,
      ),
    ).toBe(0);
    expect(operator.pageErrors).toEqual([]);
  });
});
