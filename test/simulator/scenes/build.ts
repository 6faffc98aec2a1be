/**
 * Draws the clips: every view of `page/views.js` in a headless Chromium (three.js on software GL), 240 frames each, straight
 * into ffmpeg; then writes `clips.json`. See `README.md` beside this file.
 *
 *     node test/simulator/scenes/build.ts --three /tmp/three/node_modules/three            all clips
 *     … --views gate-day,road-night                                                        only these
 *     … --stills /tmp/stills --at 0,4,8                                                    pictures instead, at seconds
 */
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { parseArgs } from 'node:util';

import { chromium } from 'playwright-core';

import { drawFrameMark } from '../frame-mark.ts';
import { encode } from './encode.ts';
import { listClips } from './list-clips.ts';
import type { DrawnView } from './list-clips.ts';

const FPS = 15;
const LOOP_SECONDS = 16;
const FRAMES = FPS * LOOP_SECONDS;
const CLIPS = join(import.meta.dirname, '..', 'clips');

const { values } = parseArgs({
  options: {
    three: { type: 'string' },
    views: { type: 'string' },
    stills: { type: 'string' },
    at: { type: 'string', default: '0,4,8,12' },
    width: { type: 'string', default: '1280' },
    quality: { type: 'string', default: '1' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (values.three === undefined) {
  console.error('Name the folder of the npm package three: --three …/node_modules/three');
  process.exit(2);
}

// Drafts may be smaller; clips are always 1280 × 720.
const WIDTH = values.stills === undefined ? 1280 : Number(values.width);
const HEIGHT = (WIDTH * 9) / 16;
const RAW_INPUT = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${WIDTH}x${HEIGHT}`, '-r', String(FPS), '-i', '-'];
const threeFolder = join(values.three, 'build');
let takeFrame: ((frame: number, pixels: Buffer) => Promise<void>) | null = null;

const server = createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://builder').pathname;
  if (request.method === 'POST') {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const frame = Number(path.slice('/frames/'.length));
      void takeFrame?.(frame, Buffer.concat(chunks)).then(() => response.end());
    });
    return;
  }
  const types: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html' };
  const file = path.startsWith('/three/')
    ? join(threeFolder, path.slice('/three/'.length))
    : join(import.meta.dirname, 'page', path === '/' ? 'index.html' : path.slice(1));
  try {
    const body = readFileSync(file);
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' }).end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

const profile = mkdtempSync(join(tmpdir(), 'scenes-'));
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: values.chromium,
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist', '--disable-quic'],
});
const page = await browser.newPage();
page.on('console', (message) => console.error(message.text()));
page.on('pageerror', (error) => console.error(error.message));
await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?width=${WIDTH}`);
await page.waitForFunction('window.isReady === true');

const all = await page.evaluate<DrawnView[]>('listViews()');
const wanted = values.views?.split(',') ?? all.map((view) => view.id);
for (const view of all.filter(({ id }) => wanted.includes(id))) {
  const startedMs = Date.now();
  await page.evaluate(`openView(${JSON.stringify(view.id)}, ${Number(values.quality)})`);
  const bakedMs = Date.now();
  if (values.stills === undefined) {
    await drawClip(view);
    listClips(all);
  } else await drawStills(view.id, values.stills, values.at.split(',').map(Number));
  console.log(`${view.id}: light ${bakedMs - startedMs} ms, frames ${Date.now() - bakedMs} ms`);
}
await browser.close();
server.close();

async function drawClip(view: DrawnView): Promise<void> {
  const encoder = createEncoder(view);
  const ended = new Promise<number | null>((resolve) => encoder.on('close', resolve));
  takeFrame = async (frame, pixels) => {
    drawFrameMark(pixels, WIDTH, HEIGHT, frame, 4);
    if (!encoder.stdin.write(pixels)) await new Promise((resolve) => encoder.stdin.once('drain', resolve));
  };
  await page.evaluate(`(async () => { for (let i = 0; i < ${FRAMES}; i++) await drawFrame(i, ${FRAMES}); })()`);
  encoder.stdin.end();
  const code = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${code} on ${view.id}`);
}

async function drawStills(id: string, folder: string, seconds: readonly number[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  takeFrame = async (frame, pixels) => {
    drawFrameMark(pixels, WIDTH, HEIGHT, frame, 4);
    const path = join(folder, `${id}.${String(frame).padStart(3, '0')}.png`);
    spawnSync('ffmpeg', ['-y', '-v', 'error', ...RAW_INPUT, path], { input: pixels });
  };
  for (const second of seconds) await page.evaluate(`drawFrame(${Math.round(second * FPS)}, ${FRAMES})`);
}

/** One ffmpeg for all files of a clip. */
function createEncoder(view: DrawnView): ChildProcessWithoutNullStreams {
  const main = join(CLIPS, `${view.id}.main.${view.codec}`);
  const outputs = [
    ...encode(view.codec, null, '23', '560k', main),
    ...encode('h264', 'scale=640:360:flags=area', '25', '170k', join(CLIPS, `${view.id}.sub.h264`)),
    ...(view.codec === 'h265' ? encode('h265', 'scale=640:360:flags=area', '26', '150k', join(CLIPS, `${view.id}.alternate.h265`)) : []),
  ];
  const encoder = spawn('ffmpeg', ['-y', '-v', 'error', ...RAW_INPUT, ...outputs]);
  encoder.stderr.on('data', (text: Buffer) => process.stderr.write(text));
  return encoder;
}
