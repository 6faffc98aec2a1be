import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createPlaybackReader } from '../../../media/playback/playback-reader.ts';
import { scanRecordings } from '../../../media/recorder/scan.ts';
import { decodeComplaints } from '../../support/ffmpeg.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const child = fileURLToPath(new URL('../../support/recording-child.ts', import.meta.url));

it('a killed process loses less than a second, and what is there plays', async () => {
  const directory = await temporaryFolder();
  // Killed after different numbers of frames, so that it hits different moments between two fragments.
  for (const frames of [97, 101, 105]) {
    const cameraId = `camera-${frames}`;
    const recording = spawn(process.execPath, [child, directory, cameraId], { stdio: ['ignore', 'pipe', 'inherit'] });
    let lastFrameMs = 0;
    let count = 0;
    for await (const line of createInterface({ input: recording.stdout })) {
      lastFrameMs = Number(line);
      if (++count === frames) recording.kill('SIGKILL');
    }
    if (recording.exitCode === null && recording.signalCode === null) await once(recording, 'exit');
    const [file, ...others] = await Array.fromAsync(scanRecordings({ directory, cameraId, openPaths: new Set() }));
    if (file === undefined) throw new Error('nothing was recorded');
    expect(others).toEqual([]);
    expect(lastFrameMs - file.toMs).toBeLessThan(1_000);
    expect(await decodeComplaints(join(directory, file.path))).toBe('');
    const outcome = await createPlaybackReader({ directory }).playlist({ cameraId, role: 'main', fromMs: file.fromMs, toMs: file.toMs }, 'T');
    expect(outcome.kind).toBe('playlist');
  }
});
