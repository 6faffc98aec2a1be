import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { encoderOptions, findEncoder } from '../../../media/transcode/encoder-choice.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** An ffmpeg that lists `encoders`, and with which those of `working` work. */
async function fakeFfmpeg(encoders: readonly string[], working: readonly string[]): Promise<string> {
  const program = join(await temporaryFolder(), 'ffmpeg');
  const listing = encoders.map((name) => ` V....D ${name}           something`).join('\n');
  const trials = working.map((name) => `*"-c:v ${name} "*) exit 0;;`).join(' ');
  writeFileSync(program, `#!/bin/sh\ncase "$*" in *-encoders*) echo "${listing}"; exit 0;; ${trials} esac\nexit 1\n`);
  chmodSync(program, 0o755);
  return program;
}

const everything = ['libx264', 'h264_nvenc', 'h264_qsv', 'h264_vaapi'];

describe('findEncoder', { timeout: 60_000 }, () => {
  it.each([
    ['h264_nvenc', ['h264_nvenc', 'h264_vaapi', 'h264_qsv']],
    ['h264_vaapi', ['h264_vaapi', 'h264_qsv']],
    ['h264_qsv', ['h264_qsv']],
  ] as const)('takes %s where it works', async (name, working) => {
    expect(await findEncoder(await fakeFfmpeg(everything, working))).toEqual({ ok: true, encoder: { name, isOnGpu: true } });
  });

  it('takes the CPU where a GPU encoder is listed only, and does not try what is not', async () => {
    const onCpu = { ok: true, encoder: { name: 'libx264', isOnGpu: false } };
    expect(await findEncoder(await fakeFfmpeg(everything, []))).toEqual(onCpu);
    expect(await findEncoder(await fakeFfmpeg(['libx264', 'libx264rgb'], ['h264_nvenc']))).toEqual(onCpu);
  });

  it('says what is missing', async () => {
    const without = await findEncoder(await fakeFfmpeg(['libx264rgb', 'mpeg4'], []));
    expect(without).toEqual({ ok: false, detail: expect.stringMatching(/no H\.264 encoder/) });
    expect(await findEncoder('/nowhere/ffmpeg')).toEqual({ ok: false, detail: expect.stringMatching(/\/nowhere\/ffmpeg/) });
  });

  it('finds one in the ffmpeg of this machine', async () => {
    expect(await findEncoder('ffmpeg')).toMatchObject({ ok: true });
  });
});

describe('encoderOptions', () => {
  it.each(['h264_nvenc', 'h264_vaapi', 'h264_qsv', 'libx264'] as const)(
    'asks %s for baseline without B-frames, at a rate that fits the size',
    (name) => {
      const { encoder } = encoderOptions(name, { width: 1280, height: 720 });
      expect(encoder.join(' ')).toMatch(/-profile:v \w*baseline/);
      expect(encoder.join(' ')).toMatch(/-maxrate 2488320 .*-bf 0/);
      expect(encoderOptions(name, { width: 160, height: 90 }).encoder).toContain('300000');
    },
  );
});
