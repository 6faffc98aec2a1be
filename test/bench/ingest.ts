/**
 * What pulling a camera costs: CPU milliseconds of the media process per camera and second, hub included.
 *
 *     node test/bench/ingest.ts [cameras=50] [seconds=15] [frame|packet]
 *
 * `rtsp-sender.ts` replays 1080p25 H.264 at 4 Mbps to every connection; this process runs managed streams with a sink that looks at every frame. Prints one line of JSON.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../media/clock/clock.ts';
import { ConnectScheduler } from '../../media/stream/connect-scheduler.ts';
import { createManagedStream } from '../../media/stream/managed-stream.ts';

const WARM_UP_SECONDS = 5;

/** Pulls `cameras` streams and measures this process. */
async function measure(cameras: number, seconds: number, writeMode: string): Promise<void> {
  const sender = fork(fileURLToPath(new URL('rtsp-sender.ts', import.meta.url)), [writeMode]);
  const [portNumber] = (await once(sender, 'message')) as [number];
  const quiet = (): void => undefined;
  let frames = 0;
  let bytes = 0;
  const streams = Array.from({ length: cameras }, (_, index) => {
    const stream = createManagedStream({
      desired: {
        cameraId: `camera-${index}`,
        role: 'main',
        deviceId: null,
        url: `rtsp://127.0.0.1:${portNumber}/${index}`,
        credentials: null,
        transport: 'tcp',
        mode: 'always',
        recording: null,
      },
      connectScheduler: new ConnectScheduler(),
      clock: systemClock,
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      onChange: quiet,
    });
    const onFrame = (frame: { start: number; end: number }): void => {
      frames += 1;
      bytes += frame.end - frame.start;
    };
    stream.hub.addSink({ onTracks: quiet, onFrame, onInterrupted: quiet }, 'cached-group');
    return stream;
  });
  await new Promise((resolve) => setTimeout(resolve, WARM_UP_SECONDS * 1000));
  [frames, bytes] = [0, 0];
  const before = process.cpuUsage();
  const startedMs = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const { user, system } = process.cpuUsage(before);
  const elapsedSeconds = (performance.now() - startedMs) / 1000;
  const round = (value: number): number => Math.round(value * 100) / 100;
  const report = {
    cameras,
    writeMode,
    cpuMsPerCameraSecond: round((user + system) / 1000 / cameras / elapsedSeconds),
    ofWhichKernel: round(system / 1000 / cameras / elapsedSeconds),
    framesPerCameraSecond: round(frames / cameras / elapsedSeconds),
    megabitsPerCameraSecond: round((bytes * 8) / 1e6 / cameras / elapsedSeconds),
    residentMbPerCamera: round(process.memoryUsage().rss / 1e6 / cameras),
    streaming: streams.filter((stream) => stream.observe().phase === 'streaming').length,
  };
  console.log(JSON.stringify(report));
  await Promise.all(streams.map((stream) => stream.stop()));
  sender.disconnect();
}

const [cameras = '50', seconds = '15', writeMode = 'frame'] = process.argv.slice(2);
await measure(Number(cameras), Number(seconds), writeMode);
