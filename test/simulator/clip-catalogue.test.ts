import { execFile } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { CLIPS_FOLDER, loadClipCatalogue } from './clip-catalogue.ts';
import type { ClipFile } from './clip-catalogue.ts';
import { readFrameMark } from './frame-mark.ts';

const run = promisify(execFile);
const catalogue = loadClipCatalogue();
const packetization = { packetSizeBytes: 1400, aggregate: false, parameterSetsInBand: true };

/** The numbers in the first pictures of a file, as a decoder shows them. */
async function readNumbers(file: ClipFile, pictures: number): Promise<(number | null)[]> {
  const format = file.codec === 'h264' ? 'h264' : 'hevc';
  const { stdout } = await run(
    'ffmpeg',
    ['-v', 'error', '-f', format, '-i', join(CLIPS_FOLDER, 'clips', file.path)].concat([
      '-frames:v',
      String(pictures),
      '-pix_fmt',
      'gray',
      '-f',
      'rawvideo',
      '-',
    ]),
    { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 },
  );
  const { width, height } = file;
  return Array.from({ length: stdout.length / (width * height) }, (_, index) =>
    readFrameMark(stdout.subarray(index * width * height, (index + 1) * width * height), width, height, width),
  );
}

describe.each(catalogue.clips.map((clip) => [clip.id, clip] as const))('clip %s', (_id, clip) => {
  it('loops for 16 s with a key frame every 2 s, in both sizes', () => {
    for (const role of ['main', 'sub'] as const) {
      const { isKeyFrame, templates } = catalogue.video(clip, role, packetization);
      expect(templates).toHaveLength(clip.fps * clip.loopSeconds);
      expect(isKeyFrame.flatMap((isKey, index) => (isKey ? [index] : []))).toEqual([0, 30, 60, 90, 120, 150, 180, 210]);
    }
  });

  it('has another size of the same codec for a change of parameters', () => {
    const { codec, width } = clip.files.main;
    const other = catalogue.otherSize(clip, 'main', packetization).file;
    expect(other.codec).toBe(codec);
    expect(other.width).not.toBe(width);
  });

  it('carries a number in every picture that can be read', { timeout: 60_000 }, async () => {
    for (const file of Object.values(clip.files)) {
      expect(await readNumbers(file, 20)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    }
  });
});

describe('all clips', () => {
  it('take no more than 45 MB', () => {
    const files = new Set(catalogue.clips.flatMap((clip) => Object.values(clip.files).map(({ path }) => path)));
    const sizeBytes = [...files].reduce((sum, path) => sum + statSync(join(CLIPS_FOLDER, 'clips', path)).size, 0);
    expect(sizeBytes).toBeLessThan(45 * 1024 * 1024);
  });

  it('have sounds for day and night', () => {
    for (const light of ['day', 'night'] as const) {
      expect(catalogue.audio('aac', light).clip.clockRateHz).toBe(16_000);
      expect(catalogue.audio('pcma', light).templates.length).toBe(400);
    }
  });
});
