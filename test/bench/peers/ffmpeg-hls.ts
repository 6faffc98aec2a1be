/**
 * The usual way without a media server: one ffmpeg per camera that copies RTSP into HLS with fMP4 segments of 2 s, the last six of them
 * kept. The files lie in memory (/dev/shm) where there is any, so that no disk is measured.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CameraProgress, Peer, PeerTask } from './peer.ts';

/** Processes started at once take each other's time away until cameras give up on them. */
const startedTogether = 10;
const startEveryMs = 400;

/** Starts one ffmpeg per camera. */
export async function startFfmpegHls(task: PeerTask): Promise<Peer> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'yilan-bench-'));
  const workers: FfmpegWorker[] = [];
  for (let camera = 0; camera < task.cameras; camera++) {
    if (camera > 0 && camera % startedTogether === 0) await sleep(startEveryMs);
    workers.push(new FfmpegWorker(task.url(camera), join(folder, String(camera))));
  }
  return {
    pids: workers.map(({ pid }) => pid),
    progress: () => Promise.resolve(workers.map(({ progress }) => progress)),
    async close() {
      await Promise.all(workers.map((worker) => worker.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

class FfmpegWorker {
  progress: CameraProgress = { frames: 0, atMs: 0 };
  readonly #child: ChildProcess;
  readonly #ended: Promise<unknown>;

  constructor(url: string, folder: string) {
    mkdirSync(folder);
    const hls = ['-f', 'hls', '-hls_time', '2', '-hls_segment_type', 'fmp4', '-hls_list_size', '6', '-hls_flags', 'delete_segments'];
    const quiet = ['-nostdin', '-v', 'error', '-progress', 'pipe:1', '-stats_period', '2'];
    const args = [...quiet, '-rtsp_transport', 'tcp', '-i', url, '-c', 'copy', ...hls, 'index.m3u8'];
    const child = spawn('ffmpeg', args, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.on('data', (chunk: Buffer) => {
      const frames = [...chunk.toString().matchAll(/^frame=(\d+)/gm)].at(-1)?.[1];
      if (frames !== undefined) this.progress = { frames: Number(frames), atMs: performance.now() };
    });
    this.#child = child;
    this.#ended = new Promise((resolve) => child.once('close', resolve));
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('ffmpeg could not be started');
    return this.#child.pid;
  }

  async close(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }
}
