/**
 * What the same cameras cost in other programs: CPU milliseconds per camera and second, of all their processes, and memory.
 *
 *     node test/bench/peers.ts ffmpeg|node-media-server [cameras=50] [seconds=15] [frame|packet]
 *
 * The cameras are those of `ingest.ts` (`rtsp-sender.ts`), and so are the fields of the line of JSON. A program that cannot keep up shows it by
 * fewer frames per camera-second than 25.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startFfmpegHls } from './peers/ffmpeg-hls.ts';
import { startNodeMediaServer } from './peers/node-media-server.ts';
import type { CameraProgress, Peer, PeerTask } from './peers/peer.ts';
import { treeCpuMs, treeMemoryMb } from './process-cost.ts';

const peers: Readonly<Record<string, (task: PeerTask) => Promise<Peer>>> = { ffmpeg: startFfmpegHls, 'node-media-server': startNodeMediaServer };

const START_SECONDS = 60;
/** ffmpeg keeps six segments of 2 s, node-media-server a group: both are full by then. */
const WARM_UP_SECONDS = 15;

async function measure(name: string, start: (task: PeerTask) => Promise<Peer>, cameras: number, seconds: number, writeMode: string): Promise<void> {
  const sender = fork(fileURLToPath(new URL('rtsp-sender.ts', import.meta.url)), [writeMode]);
  const [portNumber] = (await once(sender, 'message')) as [number];
  const peer = await start({ cameras, url: (camera) => `rtsp://127.0.0.1:${portNumber}/${camera}` });
  try {
    for (let waited = 0; waited < START_SECONDS && countRunning(await peer.progress()) < cameras; waited++) await sleep(1000);
    await sleep(WARM_UP_SECONDS * 1000);
    const first = await peer.progress();
    const cpuBeforeMs = treeCpuMs(peer.pids);
    const startedMs = performance.now();
    await sleep(seconds * 1000);
    const cpuMs = treeCpuMs(peer.pids) - cpuBeforeMs;
    const elapsedSeconds = (performance.now() - startedMs) / 1000;
    const last = await peer.progress();
    const round = (value: number): number => Math.round(value * 100) / 100;
    const report = {
      peer: name,
      cameras,
      writeMode,
      cpuMsPerCameraSecond: round(cpuMs / cameras / elapsedSeconds),
      framesPerCameraSecond: round(meanFrameRate(first, last)),
      residentMbPerCamera: round(treeMemoryMb(peer.pids) / cameras),
      streaming: countRunning(last),
    };
    console.log(JSON.stringify(report));
  } finally {
    await peer.close();
    sender.disconnect();
  }
}

function countRunning(progress: readonly CameraProgress[]): number {
  return progress.filter(({ frames }) => frames > 0).length;
}

/** Frames per second and camera; each camera between its own two moments. */
function meanFrameRate(first: readonly CameraProgress[], last: readonly CameraProgress[]): number {
  const rates = last.map((end, camera) => {
    const begin = first[camera] ?? { frames: 0, atMs: 0 };
    return end.atMs > begin.atMs ? ((end.frames - begin.frames) * 1000) / (end.atMs - begin.atMs) : 0;
  });
  return rates.reduce((sum, rate) => sum + rate, 0) / Math.max(1, rates.length);
}

const [name = '', cameras = '50', seconds = '15', writeMode = 'frame'] = process.argv.slice(2);
const start = peers[name];
if (start === undefined) throw new Error(`unknown peer ${name}; there are ${Object.keys(peers).join(' and ')}`);
await measure(name, start, Number(cameras), Number(seconds), writeMode);
