/**
 * Draws the clips: every view of `page/views.js` in a headless Chromium (three.js on software GL), 240 frames each, straight
 * into ffmpeg; lists each in `clips.json` when it is done. See `README.md` beside this file.
 *
 *     node test/simulator/scenes/build.ts --three /tmp/three/node_modules/three            all clips
 *     … --views gate-day,road-night                                                        only these
 *     … --step 2 --quality 0.25                                                            in a hurry: every second picture twice
 *     … --stills /tmp/stills --at 0,4,8 --width 640 --quality 0.1                          drafts instead, at seconds
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { drawFrameMark } from '../frame-mark.ts';
import { openBrowserStage } from './browser-stage.ts';
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
    step: { type: 'string', default: '1' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
  },
});
if (values.three === undefined) {
  console.error('Name the folder of the npm package three: --three …/node_modules/three');
  process.exit(2);
}

// Drafts may be smaller; clips are always 1280 × 720.
const width = values.stills === undefined ? 1280 : Number(values.width);
const height = (width * 9) / 16;
const rawInput = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', `${width}x${height}`, '-r', String(FPS), '-i', '-'];
const stage = await openBrowserStage({
  threeFolder: values.three,
  chromiumPath: values.chromium,
  width,
  framesPerLoop: FRAMES,
  loopSeconds: LOOP_SECONDS,
});

const wanted = values.views?.split(',') ?? stage.views.map(({ id }) => id);
for (const view of stage.views.filter(({ id }) => wanted.includes(id))) {
  const startedMs = Date.now();
  await stage.open(view.id, Number(values.quality));
  const litMs = Date.now();
  if (values.stills === undefined) {
    await drawClip(view);
    listClips(stage.views);
  } else {
    await drawStills(view.id, values.stills, values.at.split(',').map(Number));
  }
  console.log(`${view.id}: light ${litMs - startedMs} ms, frames ${Date.now() - litMs} ms`);
}
await stage.close();

async function drawClip(view: DrawnView): Promise<void> {
  const { files, options } = outputs(view);
  const encoder = spawn('ffmpeg', ['-y', '-v', 'error', ...rawInput, ...options], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = new Promise((resolve) => encoder.on('close', resolve));
  const step = Number(values.step);
  const drawn = Array.from({ length: FRAMES / step }, (_, index) => index * step);
  await stage.draw(drawn, async (first, pixels) => {
    for (let index = first; index < first + step; index++) {
      drawFrameMark(pixels, width, height, index, 4);
      await new Promise<void>((resolve) => encoder.stdin.write(pixels, () => resolve()));
    }
  });
  encoder.stdin.end();
  const code = await ended;
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)} on ${view.id}`);
  for (const path of files) renameSync(unfinished(path), path);
}

/** One ffmpeg makes all files of a clip, under other names until they are whole: a simulator may be running. */
function outputs({ id, codec }: DrawnView): { files: string[]; options: string[] } {
  const half = 'scale=640:360:flags=area';
  const main = join(CLIPS, `${id}.main.${codec}`);
  const sub = join(CLIPS, `${id}.sub.h264`);
  const files = [main, sub];
  const options = [...encode(codec, null, '23', '560k', unfinished(main)), ...encode('h264', half, '25', '170k', unfinished(sub))];
  if (codec === 'h265') {
    const alternate = join(CLIPS, `${id}.alternate.h265`);
    files.push(alternate);
    options.push(...encode('h265', half, '26', '150k', unfinished(alternate)));
  }
  return { files, options };
}

function unfinished(path: string): string {
  return `${path}.part`;
}

async function drawStills(id: string, folder: string, seconds: readonly number[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const frames = seconds.map((second) => Math.round(second * FPS));
  await stage.draw(frames, async (index, pixels) => {
    drawFrameMark(pixels, width, height, index, 4);
    const path = join(folder, `${id}.${String(index).padStart(3, '0')}.png`);
    spawnSync('ffmpeg', ['-y', '-v', 'error', ...rawInput, path], { input: pixels });
  });
}
