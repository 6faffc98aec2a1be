/** Glass to glass through the platform: which frame is on screen is read from the picture itself, and its sender says when it was sent. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { readFrameMark as readMark } from '../../simulator/frame-mark.ts';
import { delayOf, type ShownFrame } from './frame-delay.ts';
import { openOperator, openWall, waitForLive, type Way } from './operator.ts';
import { startPlatform } from './platform.ts';

/** The player calms down: buffers, live edge, decoder. */
const settleSeconds = 10;

export interface GlassToGlass {
  /** Milliseconds from the camera's sending to the frame on screen, frame by frame. */
  readonly delaysMs: readonly number[];
  readonly width: number;
}

/** Watches one tile for so many seconds. */
export async function measureGlassToGlass(way: Way, seconds: number): Promise<GlassToGlass> {
  const platform = await startPlatform(1);
  const operator = await openOperator(platform, way);
  try {
    const { page } = operator;
    const [camera] = platform.cameras;
    if (camera === undefined) throw new Error('no camera');
    await openWall(page, platform, 1, [camera]);
    await waitForLive(page, way, 1);
    await sleep(settleSeconds * 1000);
    const { frames, width } = await readFrames(page, seconds);
    const sent = await platform.sentFrames(camera, 'main');
    return { delaysMs: frames.flatMap((frame) => delayOf(frame, sent) ?? []), width };
  } finally {
    await operator.close();
    await platform.close();
  }
}

/** Reads the mark of every frame at the moment it is shown. */
async function readFrames(page: Page, seconds: number): Promise<{ readonly frames: readonly ShownFrame[]; readonly width: number }> {
  const source = readFileSync(new URL('../../simulator/frame-mark.ts', import.meta.url), 'utf8');
  const reader = stripTypeScriptTypes(source).replaceAll(/^export /gm, '');
  await page.evaluate(`{ ${reader}; globalThis.readFrameMark = readFrameMark; }`);
  return page.evaluate(async (durationMs) => {
    const readFrameMark: typeof readMark = Reflect.get(globalThis, 'readFrameMark');
    const video = document.querySelector('video');
    if (video === null) throw new Error('no video element');
    const { videoWidth: width, videoHeight: height } = video;
    // Only the strip with the mark is read back: a whole picture would take longer than the way that is measured.
    const stripHeight = Math.ceil(width / 80) + 2;
    const canvas = new OffscreenCanvas(width, stripHeight);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('no canvas');
    const frames: { loopFrame: number | null; atMs: number }[] = [];
    const endMs = performance.now() + durationMs;
    await new Promise<void>((resolve) => {
      const onFrame: VideoFrameRequestCallback = (_now, { expectedDisplayTime }) => {
        // The callback may run before the compositor has shown the frame.
        const shownAtMs = Math.max(performance.now(), expectedDisplayTime);
        context.drawImage(video, 0, stripHeight - height);
        const { data } = context.getImageData(0, 0, width, stripHeight);
        frames.push({ loopFrame: readFrameMark(data, width, stripHeight, width * 4, 4), atMs: performance.timeOrigin + shownAtMs });
        if (performance.now() < endMs) video.requestVideoFrameCallback(onFrame);
        else resolve();
      };
      video.requestVideoFrameCallback(onFrame);
    });
    return { frames, width };
  }, seconds * 1000);
}
