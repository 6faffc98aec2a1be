/** The page of the scene builder in a headless Chromium, and the frames that come out of it. */
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

import { chromium } from 'playwright-core';

import type { DrawnView } from './list-clips.ts';
import { createSway } from './page/sway.js';

/** A part of a frame that changed, and where its pixels lie on the sheet. */
interface Part {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  readonly sheetX: number;
  readonly sheetY: number;
}

/** A browser that draws views. */
export interface BrowserStage {
  readonly views: readonly DrawnView[];
  /** Makes a view ready: works out its light. */
  open(id: string, quality: number): Promise<void>;
  /** Draws frames and hands each over, RGBA; the buffer is used again after the promise settles. */
  draw(indexes: readonly number[], take: (index: number, pixels: Buffer) => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

/** Frames whose parts share one sheet: enough that reading back costs little, few enough for the sheet. */
const FRAMES_PER_SHEET = 5;

/** Starts Chromium with the page. @param threeFolder the npm package `three` */
export async function openBrowserStage(options: {
  threeFolder: string;
  chromiumPath: string;
  width: number;
  framesPerLoop: number;
  loopSeconds: number;
}): Promise<BrowserStage> {
  const { width, framesPerLoop, loopSeconds } = options;
  const size = { width, height: (width * 9) / 16 };
  const posted = new Map<string, Buffer>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://builder').pathname;
    if (request.method === 'POST') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        posted.set(path, Buffer.concat(chunks));
        response.end();
      });
      return;
    }
    const file = path.startsWith('/three/')
      ? join(options.threeFolder, 'build', path.slice('/three/'.length))
      : join(import.meta.dirname, 'page', path === '/' ? 'index.html' : path.slice(1));
    try {
      const body = readFileSync(file);
      const type = extname(file) === '.html' ? 'text/html' : 'text/javascript';
      response.writeHead(200, { 'content-type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const browser = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'scenes-')), {
    executablePath: options.chromiumPath,
    args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'],
  });
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?width=${width}`);
  await page.waitForFunction('window.isReady === true');

  const pixels = Buffer.alloc(size.width * size.height * 4);
  let sway: (seconds: number, pixels: Buffer) => void = () => undefined;
  const taken = (path: string): Buffer => posted.get(path) ?? Buffer.alloc(0);

  return {
    views: await page.evaluate<DrawnView[]>('listViews()'),
    open: async (id, quality) => {
      const wind = await page.evaluate<number>(`openView(${JSON.stringify(id)}, ${quality})`);
      sway = createSway(taken('/still/base'), taken('/still/weights'), wind, size);
    },
    draw: async (indexes, take) => {
      for (let at = 0; at < indexes.length; at += FRAMES_PER_SHEET) {
        const now = indexes.slice(at, at + FRAMES_PER_SHEET);
        const drawn = await page.evaluate<{ frames: Part[][]; width: number }>(`drawFrames(${JSON.stringify(now)}, ${framesPerLoop})`);
        for (const [i, parts] of drawn.frames.entries()) {
          const index = now[i] ?? 0;
          sway((index / framesPerLoop) * loopSeconds, pixels);
          for (const part of parts) putPart(pixels, size.width, taken('/sheet'), drawn.width, part);
          await take(index, pixels);
        }
      }
    },
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}

function putPart(pixels: Buffer, width: number, sheet: Buffer, sheetWidth: number, part: Part): void {
  for (let row = 0; row < part.h; row++) {
    const from = ((part.sheetY + row) * sheetWidth + part.sheetX) * 4;
    sheet.copy(pixels, ((part.y + row) * width + part.x) * 4, from, from + part.w * 4);
  }
}
