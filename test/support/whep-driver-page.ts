/// <reference lib="dom" />
/** A blank page with the project's own WebRTC driver, bundled as the pages are, and a record of what it tells its owner. */
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { build } from 'vite';

/** What the driver told and what is on screen. */
export interface DriverRecord {
  readonly firstFrames: number;
  readonly failures: readonly { readonly kind: string; readonly code: string }[];
  readonly shownFrames: number;
  /** Longest time between two frames since {@link resetGap}, ms. */
  readonly longestGapMs: number;
  /** Times since then that the picture was black or empty. */
  readonly blackLooks: number;
  readonly looks: number;
  readonly hasArrival: boolean;
}

let bundle: Promise<string> | null = null;

/** The driver as a script that makes `globalThis.WhepDriver`. */
function bundleDriver(): Promise<string> {
  bundle ??= build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: fileURLToPath(new URL('../../web/player/whep-driver.ts', import.meta.url)), formats: ['iife'], name: 'YilanWhep' },
    },
  }).then((result) => {
    const [output] = Array.isArray(result) ? result : [result];
    const chunk = output !== undefined && 'output' in output ? output.output[0] : undefined;
    if (chunk === undefined) throw new Error('vite made no bundle');
    return chunk.code;
  });
  return bundle;
}

/** Plays in `page` with the driver. `tickets`: the first from the start, each further one `renewAfterMs` later than the one before. */
export async function playByDriver(page: Page, whepUrl: string, tickets: readonly string[], renewAfterMs = 10_000): Promise<void> {
  await page.addScriptTag({ content: `${await bundleDriver()};globalThis.YilanWhep = YilanWhep;` });
  await page.evaluate(
    ([url, texts, renewMs]) => {
      const video = document.querySelector('video');
      if (video === null) throw new Error('no video element');
      const record = { firstFrames: 0, failures: [] as unknown[], shownFrames: 0, longestGapMs: 0, blackLooks: 0, looks: 0 };
      let lastAtMs: number | null = null;
      const onFrame = (): void => {
        const nowMs = performance.now();
        if (lastAtMs !== null) record.longestGapMs = Math.max(record.longestGapMs, nowMs - lastAtMs);
        lastAtMs = nowMs;
        record.shownFrames++;
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
      const canvas = document.createElement('canvas');
      canvas.width = canvas.height = 16;
      const context = canvas.getContext('2d', { willReadFrequently: true });
      setInterval(() => {
        if (record.shownFrames === 0 || context === null) return;
        context.clearRect(0, 0, 16, 16);
        context.drawImage(video, 0, 0, 16, 16);
        record.looks++;
        if (context.getImageData(0, 0, 16, 16).data.every((value, index) => index % 4 === 3 || value < 8)) record.blackLooks++;
      }, 40);
      const startedMs = performance.now();
      const ticket = () => texts[Math.min(texts.length - 1, Math.floor((performance.now() - startedMs) / renewMs))] ?? '';
      const driver = new (Reflect.get(globalThis, 'YilanWhep').WhepDriver)({
        video,
        ticket: async () => ({ ticket: ticket(), urls: { whep: `${url}?ticket=${ticket()}` } }),
        rendition: null,
        listener: {
          firstFrame: () => record.firstFrames++,
          failed: (failure: unknown) => record.failures.push(failure),
          interrupted: () => undefined,
          fellBehind: () => undefined,
        },
      });
      Reflect.set(globalThis, 'driver', driver);
      Reflect.set(globalThis, 'record', record);
      driver.open();
    },
    [whepUrl, tickets, renewAfterMs] as const,
  );
}

export async function readRecord(page: Page): Promise<DriverRecord> {
  return page.evaluate(() => ({
    ...Reflect.get(globalThis, 'record'),
    hasArrival: Reflect.get(globalThis, 'driver').pictureArrivedAtMs() !== null,
  }));
}

/** Begins to count gaps and black pictures anew. */
export async function resetGap(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(Reflect.get(globalThis, 'record'), { longestGapMs: 0, blackLooks: 0, looks: 0 }));
}

export async function closeDriver(page: Page): Promise<void> {
  await page.evaluate(() => Reflect.get(globalThis, 'driver').close());
}
