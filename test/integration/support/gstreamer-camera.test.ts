import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { describe, expect, it } from 'vitest';

import { startGstreamerCamera } from '../../support/gstreamer-camera.ts';
import type { GstreamerCameraOptions } from '../../support/gstreamer-camera.ts';

const run = promisify(execFile);
const credentials = { username: 'admin', password: 'secret' };

describe('the GStreamer camera', () => {
  it.each<[string, GstreamerCameraOptions, string[]]>([
    ['H.264 and AAC behind Digest', { audio: 'aac', credentials }, ['h264', 'aac']],
    ['H.265 and A-law', { video: 'h265', audio: 'pcma' }, ['hevc', 'pcm_alaw']],
  ])('serves %s', async (_name, options, codecs) => {
    const camera = await startGstreamerCamera(options);
    try {
      const url = new URL(camera.url);
      if (options.credentials !== undefined) Object.assign(url, options.credentials);
      const { stdout } = await run('ffprobe', [
        '-v',
        'error',
        '-rtsp_transport',
        'tcp',
        '-show_entries',
        'stream=codec_name',
        '-of',
        'csv=p=0',
        url.href,
      ]);
      expect(stdout.trim().split(/\s+/)).toEqual(codecs);
    } finally {
      await camera.close();
    }
  });

  it('asks for credentials', async () => {
    const camera = await startGstreamerCamera({ credentials });
    try {
      await expect(run('ffprobe', ['-v', 'error', '-rtsp_transport', 'tcp', camera.url])).rejects.toThrow('401');
    } finally {
      await camera.close();
    }
  });

  it('says so when its port is taken', async () => {
    const camera = await startGstreamerCamera();
    try {
      await expect(startGstreamerCamera({ port: camera.port })).rejects.toThrow('is not free');
    } finally {
      await camera.close();
    }
  });
});
