/**
 * What pulling a camera costs: CPU milliseconds of the media process per camera and second, all threads and the hub included; and memory.
 *
 *     node test/bench/ingest.ts [cameras=50] [seconds=15] [frame|packet] [--hls] [--workers N] [--pause MS] [--warm-up SECONDS]
 *
 * `rtsp-sender.ts` replays 1080p25 H.264 at 4 Mbps to every connection; this process runs managed streams with a sink that looks at every
 * frame. With `--hls` each stream has an LL-HLS packager besides, and the warm-up is as long as the packager's window takes to fill. Prints
 * one line of JSON; memory counts from before the first stream: `obligedMbPerCamera` is what the packagers must hold for their playlists.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../../media/clock/clock.ts';
import type { DesiredStream } from '../../media/contract/streams.ts';
import { createHlsPackager } from '../../media/hls/packager.ts';
import type { HlsPackager } from '../../media/hls/packager-contract.ts';
import { createIngest } from '../../media/node/ingest/ingest.ts';
import type { Frame } from '../../media/stream/frame.ts';

const WARM_UP_SECONDS = 5;
/** Listed segments, and as long again for those that left the playlist. */
const HLS_WARM_UP_SECONDS = 42;

interface Plan {
  readonly cameras: number;
  readonly seconds: number;
  readonly writeMode: string;
  readonly withHls: boolean;
  readonly workers: number;
  readonly pausePeriodMs: number;
  readonly warmUpSeconds: number;
}

/** Pulls the cameras and measures this process. */
async function measure(plan: Plan): Promise<void> {
  const { cameras, writeMode } = plan;
  const sender = fork(fileURLToPath(new URL('rtsp-sender.ts', import.meta.url)), [writeMode]);
  const [portNumber] = (await once(sender, 'message')) as [number];
  const quiet = (): void => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: console.error };
  const { workers, pausePeriodMs } = plan;
  const ingest = createIngest({ workers, pausePeriodMs, lingerMs: 1000, clock: systemClock, log });
  // Threads weigh something too, but not per camera.
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const residentBefore = process.memoryUsage().rss;
  let frames = 0;
  let bytes = 0;
  let delayMs = 0;
  const packagers: HlsPackager[] = [];
  const streams = Array.from({ length: cameras }, (_, index) => {
    const stream = ingest.createStream(desiredStream(index, portNumber), quiet);
    const onFrame = (frame: Frame): void => {
      frames += 1;
      bytes += frame.end - frame.start;
      delayMs += systemClock.monotonicMs() - frame.arrivedMonotonicMs;
    };
    stream.hub.addSink({ onTracks: quiet, onFrame, onInterrupted: quiet }, 'cached-group');
    if (plan.withHls) {
      const packager = createHlsPackager({ clock: systemClock });
      packagers.push(packager);
      stream.hub.addSink(packager, 'cached-group');
    }
    return stream;
  });
  await new Promise((resolve) => setTimeout(resolve, plan.warmUpSeconds * 1000));
  [frames, bytes, delayMs] = [0, 0, 0];
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, plan.seconds * 1000));
  const { user, system } = process.cpuUsage(before);
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  const round = (value: number): number => Math.round(value * 100) / 100;
  const resident = process.memoryUsage().rss - residentBefore;
  const obliged = packagers.reduce((sum, packager) => sum + packager.heldBytes, 0);
  const report = {
    cameras,
    writeMode,
    hls: plan.withHls,
    workers,
    cpuMsPerCameraSecond: round((user + system) / 1000 / cameras / elapsedSeconds),
    ofWhichKernel: round(system / 1000 / cameras / elapsedSeconds),
    handOverMs: round(delayMs / frames),
    framesPerCameraSecond: round(frames / cameras / elapsedSeconds),
    megabitsPerCameraSecond: round((bytes * 8) / 1e6 / cameras / elapsedSeconds),
    residentMbPerCamera: round(resident / 1e6 / cameras),
    slabMbPerCamera: round(ingest.slabBytes / 1e6 / cameras),
    obligedMbPerCamera: round(obliged / 1e6 / cameras),
    streaming: streams.filter((stream) => stream.observe().phase === 'streaming').length,
  };
  console.log(JSON.stringify(report));
  await Promise.all(streams.map((stream) => stream.stop()));
  await ingest.close();
  sender.disconnect();
}

function desiredStream(index: number, portNumber: number): DesiredStream {
  return {
    cameraId: `camera-${index}`,
    role: 'main',
    deviceId: null,
    url: `rtsp://127.0.0.1:${portNumber}/${index}`,
    credentials: null,
    transport: 'tcp',
    mode: 'always',
    recording: null,
  };
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    hls: { type: 'boolean', default: false },
    workers: { type: 'string', default: '0' },
    pause: { type: 'string', default: '10' },
    'warm-up': { type: 'string' },
  },
});
const [cameras = '50', seconds = '15', writeMode = 'frame'] = positionals;
await measure({
  cameras: Number(cameras),
  seconds: Number(seconds),
  writeMode,
  withHls: values.hls,
  workers: Number(values.workers),
  pausePeriodMs: Number(values.pause),
  warmUpSeconds: Number(values['warm-up'] ?? (values.hls ? HLS_WARM_UP_SECONDS : WARM_UP_SECONDS)),
});
