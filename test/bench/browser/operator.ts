/** Somebody at Chromium, logged in, on a network that lets a picture come one way only; and what the measurements do in the page. */
import type { Page } from 'playwright-core';
import { sitDown } from '../../support/demo-pages.ts';
import type { PersonAtBrowser } from '../../support/demo-pages.ts';
import type { BenchCamera, Platform } from './platform.ts';

/** Ways a picture can come to the page. */
export const ways = ['webrtc', 'websocket', 'hls'] as const;
export type Way = (typeof ways)[number];

/** Logs in. The player is left to choose the way, as it does behind a firewall that lets nothing better through. */
export async function openOperator(platform: Platform, way: Way): Promise<PersonAtBrowser> {
  const { url, password, username } = platform;
  const demo = { report: { url, mediaUrl: '', simulatorUrl: '', simulatorNumbers: {} }, dataDir: '', password };
  // Chromium's own switch for it: WebRTC may use a proxy, or nothing.
  const args = way === 'webrtc' ? [] : ['--webrtc-ip-handling-policy=disable_non_proxied_udp'];
  const operator = await sitDown(demo, username, { args, width: 1600, height: 900 });
  if (way === 'hls') await operator.page.routeWebSocket(/\/ws(\?|$)/, (socket) => void socket.close());
  return operator;
}

/** Opens a wall of `layout` tiles with these cameras on it, alarms hidden for room. */
export async function openWall(page: Page, platform: Platform, layout: number, cameras: readonly BenchCamera[]): Promise<void> {
  await page.evaluate(() => localStorage.setItem('yilan.wall.alarms', 'false'));
  await page.goto(`${platform.url}/wall?layout=${layout}&tiles=${cameras.map(({ id }) => id).join(',')}`);
}

/** Waits until so many tiles are live by this way. */
export async function waitForLive(page: Page, way: Way, count: number): Promise<void> {
  await page.waitForFunction(
    ([wanted, transport]) => document.querySelectorAll(`[data-live="true"][data-transport="${transport}"]`).length === wanted,
    [count, way] as const,
    { timeout: 60_000 },
  );
}
