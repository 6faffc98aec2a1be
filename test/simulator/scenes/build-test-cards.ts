/**
 * Makes what the scene builder does not draw: the test cards, the black pictures and the sounds.
 *
 *     node test/simulator/scenes/build-test-cards.ts
 */
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { encode } from './encode.ts';

const CLIPS = join(import.meta.dirname, '..', 'clips');
const HALF = 'scale=640:360:flags=area';

const clip = (name: string): string => join(CLIPS, name);

await buildTestCards();
for (const codec of ['h264', 'h265'] as const) {
  const black = ['-f', 'lavfi', '-i', 'color=black:s=1280x720:r=15', '-t', '2'];
  ffmpeg([...black, ...encode(codec, null, '28', '600k', clip(`black.main.${codec}`))]);
  ffmpeg([...black, ...encode(codec, HALF, '28', '180k', clip(`black.sub.${codec}`))]);
}
// A courtyard's murmur; at night lower, with crickets. Both close after 16 s.
const murmur = 'anoisesrc=color=pink:amplitude=0.06:seed=7:r=48000,lowpass=f=1800,highpass=f=120,tremolo=f=0.125:d=0.4';
const crickets = 'aevalsrc=0.012*sin(2*PI*4200*t)*lt(mod(t\\,0.5)\\,0.24)*(0.5+0.5*sin(2*PI*28*t)):s=48000';
buildSound('day', `${murmur}[sound]`);
buildSound('night', `${murmur},volume=0.4[low];${crickets}[song];[low][song]amix=inputs=2:normalize=0[sound]`);

async function buildTestCards(): Promise<void> {
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgba', '-s', '1280x720', '-r', '15', '-i', '-'];
  const card = spawn('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'testsrc2=s=1280x720:r=15',
    '-t',
    '16',
    '-pix_fmt',
    'rgba',
    '-f',
    'rawvideo',
    '-',
  ]);
  const marks = spawn(process.execPath, [join(import.meta.dirname, 'mark-frames.ts'), '1280', '720']);
  const encoder = spawn('ffmpeg', [
    '-y',
    '-v',
    'error',
    ...raw,
    ...encode('h264', null, '30', '600k', clip('test-card.main.h264')),
    ...withSlices(encode('h264', HALF, '25', '180k', clip('test-card.sub.h264'))),
    ...encode('h265', null, '28', '600k', clip('test-card.main.h265')),
    ...encode('h265', HALF, '27', '180k', clip('test-card.sub.h265')),
  ]);
  card.stdout.pipe(marks.stdin);
  marks.stdout.pipe(encoder.stdin);
  const code = await new Promise((resolve) => encoder.on('close', resolve));
  if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}`);
}

/** Four slices a picture, as some cameras send. */
function withSlices(options: readonly string[]): string[] {
  return options.map((option) => (option.startsWith('aud=1') ? `${option}:slices=4` : option));
}

function buildSound(hours: 'day' | 'night', graph: string): void {
  const mixed = ['-filter_complex', graph, '-map', '[sound]', '-t', '16', '-ac', '1'];
  ffmpeg([...mixed, '-ar', '16000', '-c:a', 'aac', '-b:a', '24k', '-f', 'adts', clip(`ambience-${hours}.aac`)]);
  ffmpeg([...mixed, '-ar', '8000', '-c:a', 'pcm_alaw', '-f', 'alaw', clip(`ambience-${hours}.alaw`)]);
}

function ffmpeg(options: readonly string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-y', '-v', 'error', ...options]);
  if (status !== 0) throw new Error(stderr.toString());
}
