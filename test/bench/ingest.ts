/**
 * What pulling a camera costs: CPU milliseconds of the media process per camera and second, hub included.
 *
 *     node test/bench/ingest.ts [cameras=50] [seconds=15] [frame|packet]
 *
 * A process of its own replays 1080p25 H.264 at 4 Mbps to every connection, each picture in one write (`frame`) or each packet
 * in one (`packet`); this process runs managed streams with a sink that looks at every frame. Prints one line of JSON.
 */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../media/clock/clock.ts';
import { ConnectScheduler } from '../../media/stream/connect-scheduler.ts';
import { createManagedStream } from '../../media/stream/managed-stream.ts';
import { parseVideoStream } from '../simulator/annex-b.ts';
import { packetizeAccessUnit } from '../simulator/rtp-payload.ts';

const FRAMES_PER_SECOND = 25;
const WARM_UP_SECONDS = 5;

/** A four-second loop: payloads of every picture, and the parameter sets for the description. */
function encodeLoop(): { readonly loop: Buffer[][]; readonly parameterSets: string } {
  const source = 'testsrc2=size=1920x1080:rate=25,noise=alls=12:allf=t';
  const rate = ['-b:v', '4M', '-minrate', '4M', '-maxrate', '4M', '-bufsize', '2M'];
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-bf', '0', ...rate];
  const args = ['-v', 'error', '-f', 'lavfi', '-i', source, '-t', '4', ...encoder, '-bsf:v', 'h264_metadata=aud=insert', '-f', 'h264', 'pipe:1'];
  const bytes = execFileSync('ffmpeg', args, { maxBuffer: 64 * 1024 * 1024 });
  const { accessUnits, parameterSets } = parseVideoStream('h264', bytes);
  return {
    loop: accessUnits.map(({ nalUnits }) => packetizeAccessUnit('h264', nalUnits, 1400, false)),
    parameterSets: parameterSets.map((nalUnit) => nalUnit.toString('base64')).join(','),
  };
}

/** The sender: answers whatever is asked, then plays the loop in real time. */
async function send(writeMode: string): Promise<void> {
  const { loop, parameterSets } = encodeLoop();
  const format = `a=rtpmap:96 H264/90000\r\na=fmtp:96 packetization-mode=1;sprop-parameter-sets=${parameterSets}\r\n`;
  const sdp = `v=0\r\ns=bench\r\nm=video 0 RTP/AVP 96\r\n${format}a=control:video\r\n`;
  const viewers = new Map<Socket, { frame: number; sequence: number; phase: number }>();
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => undefined);
    socket.on('close', () => viewers.delete(socket));
    socket.on('data', (bytes) => {
      const cseq = /CSeq: (\d+)/.exec(bytes.toString('latin1'))?.[1];
      if (cseq === undefined) return;
      const method = bytes.toString('latin1', 0, 8);
      const body = method.startsWith('DESCRIBE') ? sdp : '';
      const headers = `CSeq: ${cseq}\r\nSession: 1\r\nTransport: RTP/AVP/TCP;unicast;interleaved=0-1\r\nContent-Length: ${body.length}\r\n`;
      socket.write(`RTSP/1.0 200 OK\r\n${headers}\r\n${body}`);
      if (method.startsWith('PLAY')) viewers.set(socket, { frame: 0, sequence: 0, phase: viewers.size % 4 });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.on('disconnect', () => process.exit());
  process.send?.((server.address() as AddressInfo).port);
  let tick = 0;
  setInterval(
    () => {
      tick += 1;
      for (const [socket, viewer] of viewers) {
        // A quarter of the cameras per 10 ms, as cameras do not keep step.
        if (tick % 4 === viewer.phase) sendFrame(socket, viewer, loop, writeMode);
      }
    },
    1000 / FRAMES_PER_SECOND / 4,
  );
}

function sendFrame(socket: Socket, viewer: { frame: number; sequence: number }, loop: Buffer[][], writeMode: string): void {
  const payloads = loop[viewer.frame % loop.length] ?? [];
  const pieces = payloads.flatMap((payload, index) => {
    const header = Buffer.alloc(16);
    header.set([0x24, 0, (payload.length + 12) >> 8, (payload.length + 12) & 0xff, 0x80, index === payloads.length - 1 ? 0xe0 : 0x60]);
    header.writeUInt16BE(viewer.sequence & 0xffff, 6);
    header.writeUInt32BE((viewer.frame * (90_000 / FRAMES_PER_SECOND)) >>> 0, 8);
    viewer.sequence += 1;
    return [header, payload];
  });
  viewer.frame += 1;
  if (writeMode === 'frame') socket.write(Buffer.concat(pieces));
  else for (let index = 0; index < pieces.length; index += 2) socket.write(Buffer.concat(pieces.slice(index, index + 2)));
}

/** Pulls `cameras` streams and measures this process. */
async function measure(cameras: number, seconds: number, writeMode: string): Promise<void> {
  const sender = fork(fileURLToPath(import.meta.url), ['send', writeMode]);
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

const [first = '50', seconds = '15', writeMode = 'frame'] = process.argv.slice(2);
if (first === 'send') await send(seconds);
else await measure(Number(first), Number(seconds), writeMode);
