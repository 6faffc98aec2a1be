/** The demo's pages as a person uses them. */
import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';
import type { BrowserOptions } from './chromium.ts';
import type { DemoHandle } from './demo-process.ts';

export interface PersonAtBrowser {
  readonly page: Page;
  /** Errors the page threw; a test ends with none. */
  readonly pageErrors: readonly string[];
  close(): Promise<void>;
}

/** Opens a browser and logs in through the login page. */
export async function sitDown(demo: DemoHandle, username: string, options: BrowserOptions = {}): Promise<PersonAtBrowser> {
  const browser = await openBrowser(options);
  const page = browser.context.pages()[0] ?? (await browser.context.newPage());
  const pageErrors: string[] = [];
  page.on('pageerror', (error) => pageErrors.push(String(error)));
  await page.goto(`${demo.report.url}/login`);
  await page.locator('input').nth(0).fill(username);
  await page.locator('input').nth(1).fill(demo.password);
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname !== '/login');
  return { page, pageErrors, close: () => browser.close() };
}

/** Pictures that move: `currentTime` of the page's videos, read twice; how many have gone on. */
export async function countMovingPictures(page: Page): Promise<number> {
  return await page.evaluate(async () => {
    const videos = [...document.querySelectorAll('video')];
    const before = videos.map((video) => video.getVideoPlaybackQuality().totalVideoFrames);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    return videos.filter((video, index) => video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames > (before[index] ?? 0)).length;
  });
}

/** Polls until `read` gives what `isEnough` accepts, and returns it; the last value when time is up. */
export async function eventually<Value>(read: () => Promise<Value>, isEnough: (value: Value) => boolean, timeoutMs = 30_000): Promise<Value> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (isEnough(value) || performance.now() > deadline) return value;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
