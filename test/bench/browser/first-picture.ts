/** First picture after the click: a camera is put on the wall from the tree, its stream running, and the clock stops at its first frame. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { openOperator, openWall, waitForLive, type Way } from './operator.ts';
import { startPlatform } from './platform.ts';

/** Clicks that are not counted: the page learns which way gets through, and loads what it loads once. */
const warmUpClicks = 3;
const betweenClicksMs = 700;

export interface FirstPictures {
  /** Milliseconds from `click()` to the first `requestVideoFrameCallback`, click by click. */
  readonly delaysMs: readonly number[];
  readonly width: number;
}

/** Clicks so many times, each time another camera on an empty tile. */
export async function measureFirstPicture(way: Way, clicks: number): Promise<FirstPictures> {
  const platform = await startPlatform(4);
  const operator = await openOperator(platform, way);
  try {
    const { page } = operator;
    const [first] = platform.cameras;
    if (first === undefined) throw new Error('no camera');
    await openWall(page, platform, 1, [first]);
    await waitForLive(page, way, 1);
    const delaysMs: number[] = [];
    let width = 0;
    for (let click = 0; click < clicks + warmUpClicks; click++) {
      await page.keyboard.press('Delete');
      await page.waitForFunction(() => document.querySelector('video') === null);
      // Clicks fall anywhere into a group of pictures.
      await sleep(betweenClicksMs + Math.random() * 1000);
      const camera = platform.cameras[click % platform.cameras.length];
      const picture = await clickAndWait(page, camera?.name ?? '');
      await waitForLive(page, way, 1);
      await sleep(betweenClicksMs);
      if (click < warmUpClicks) continue;
      delaysMs.push(picture.delayMs);
      width = picture.width;
    }
    return { delaysMs, width };
  } finally {
    await operator.close();
    await platform.close();
  }
}

/** Clicks in the page itself, so that nothing of the remote control is measured. */
function clickAndWait(page: Page, cameraName: string): Promise<{ readonly delayMs: number; readonly width: number }> {
  return page.evaluate(
    (name) =>
      new Promise<{ delayMs: number; width: number }>((resolve, reject) => {
        const button = document.querySelector<HTMLButtonElement>(`[role="treeitem"] button[aria-label="${name}"]`);
        if (button === null) throw new Error(`no camera ${name} in the tree`);
        setTimeout(() => reject(new Error(`no picture of ${name} within 20 s`)), 20_000);
        const observer = new MutationObserver(() => {
          const video = document.querySelector('video');
          if (video === null) return;
          observer.disconnect();
          video.requestVideoFrameCallback(() => resolve({ delayMs: performance.now() - clickedAtMs, width: video.videoWidth }));
        });
        observer.observe(document.body, { childList: true, subtree: true });
        const clickedAtMs = performance.now();
        button.click();
      }),
    cameraName,
  );
}
