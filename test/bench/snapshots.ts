/**
 * What a JPEG of a key frame costs: CPU of this process and its children, by the long-lived decoders and by a program started
 * for each picture.
 *
 *     node test/bench/snapshots.ts [pictures=60]
 *
 * Key frames of 1080p and 640 × 360, H.264 and H.265 in turn, as thumbnails of 320 pixels and at full size. Prints one line of JSON.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../media/clock/clock.ts';
import { DecoderPool } from '../../media/inspect/decoder-pool.ts';
import type { KeyFrame } from '../../media/inspect/key-frame.ts';
import { jpegFormat } from '../../media/inspect/picture-format.ts';
import { parseVideoStream } from '../simulator/annex-b.ts';

/** USER_HZ, the unit of times in /proc; 100 on every Linux. */
const msPerTick = 10;
const startCode = Buffer.from([0, 0, 0, 1]);

/** User and system time in ms: this process's, its ended children's, and that of children still running. */
function cpuMs(runningPids: readonly number[]): number {
  const own = process.cpuUsage();
  const ended = statOf('self');
  const running = runningPids.map((pid) => statOf(String(pid)));
  const ticks = (ended[13] ?? 0) + (ended[14] ?? 0) + running.reduce((sum, stat) => sum + (stat[11] ?? 0) + (stat[12] ?? 0), 0);
  return (own.user + own.system) / 1000 + ticks * msPerTick;
}

/** Fields of /proc/PID/stat from the state on, as numbers. */
function statOf(pid: string): number[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return text
    .slice(text.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
}

function keyFrameOf(codec: KeyFrame['codec'], height: number, folder: string): KeyFrame {
  const clip = fileURLToPath(new URL(`../simulator/clips/${codec === 'h264' ? 'gate-day' : 'parking-day'}.main.${codec}`, import.meta.url));
  const file = join(folder, `${height}.${codec}`);
  const encoder =
    codec === 'h264'
      ? ['libx264', '-x264-params', 'aud=1', '-f', 'h264']
      : ['libx265', '-x265-params', 'log-level=error:bframes=0:aud=1', '-f', 'hevc'];
  spawnSync('ffmpeg', ['-v', 'error', '-i', clip, '-frames:v', '1', '-vf', `scale=-2:${height}`, '-c:v', ...encoder, file], { stdio: 'inherit' });
  const { parameterSets, accessUnits } = parseVideoStream(codec, readFileSync(file));
  const nalUnits = [...parameterSets, ...(accessUnits[0]?.nalUnits ?? [])];
  const bytes = Buffer.concat(nalUnits.flatMap((nalUnit) => [startCode, nalUnit]));
  return { codec, bytes, width: (height * 16) / 9, height, hasReordering: false, arrivedAtMs: 0 };
}

/** One program per picture. */
function decodeAlone(keyFrame: KeyFrame, width: number | null): Promise<number> {
  const format = jpegFormat(keyFrame, width);
  const input = ['-f', keyFrame.codec === 'h264' ? 'h264' : 'hevc', '-i', 'pipe:0'];
  const output = ['-frames:v', '1', '-vf', `scale=${format.width}:${format.height}`, '-q:v', '4', '-f', 'mjpeg', 'pipe:1'];
  return new Promise((resolve) => {
    const child = spawn('ffmpeg', ['-v', 'error', '-threads', '1', ...input, ...output], { stdio: ['pipe', 'pipe', 'ignore'] });
    let sizeBytes = 0;
    child.stdout.on('data', (chunk: Buffer) => (sizeBytes += chunk.length));
    child.once('close', () => resolve(sizeBytes));
    child.stdin.end(keyFrame.bytes);
  });
}

async function measure(pictures: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'yilan-bench-'));
  const large = (['h264', 'h265'] as const).map((codec) => keyFrameOf(codec, 1080, folder));
  const mixed = [...large, ...(['h264', 'h265'] as const).map((codec) => keyFrameOf(codec, 360, folder))];
  rmSync(folder, { recursive: true });
  const pool = new DecoderPool({ program: 'ffmpeg', clock: systemClock });
  const run = async (keyFrames: readonly KeyFrame[], width: number | null, isPooled: boolean): Promise<number> => {
    // Long-lived means started already.
    if (isPooled) for (const keyFrame of keyFrames) await pool.decode(keyFrame, jpegFormat(keyFrame, width));
    const beforeMs = cpuMs(pool.processIds);
    for (let made = 0; made < pictures; made++) {
      const keyFrame = keyFrames[made % keyFrames.length];
      if (keyFrame === undefined) throw new Error('no key frame');
      const sizeBytes = isPooled ? (await pool.decode(keyFrame, jpegFormat(keyFrame, width)))?.length : await decodeAlone(keyFrame, width);
      if (sizeBytes === undefined || sizeBytes === 0) throw new Error('no picture');
    }
    return Number(((cpuMs(pool.processIds) - beforeMs) / pictures).toFixed(1));
  };
  const [h264, h265] = large.map((keyFrame) => [keyFrame]);
  if (h264 === undefined || h265 === undefined) throw new Error('no key frame');
  const report = {
    bench: 'snapshots',
    pictures,
    cpuMsPerPicture: {
      full1080pH264: { longLived: await run(h264, null, true), spawned: await run(h264, null, false) },
      full1080pH265: { longLived: await run(h265, null, true), spawned: await run(h265, null, false) },
      thumbnail1080pH264: { longLived: await run(h264, 320, true), spawned: await run(h264, 320, false) },
      thumbnail1080pH265: { longLived: await run(h265, 320, true), spawned: await run(h265, 320, false) },
      thumbnailsOfMixedSizes: { longLived: await run(mixed, 320, true), spawned: await run(mixed, 320, false) },
    },
  };
  const cpuMsPerThumbnail = report.cpuMsPerPicture.thumbnailsOfMixedSizes.longLived;
  console.log(JSON.stringify({ ...report, cpuMsPerSnapshot: report.cpuMsPerPicture.full1080pH264.longLived, cpuMsPerThumbnail }));
  await pool.close();
}

await measure(Number(process.argv[2] ?? 60));
