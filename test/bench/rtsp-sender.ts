/**
 * The cameras of the ingest benchmarks: one process that replays 1080p25 H.264 at 4 Mbps over RTSP/TCP to whoever connects.
 *
 *     fork('rtsp-sender.ts', ['frame' | 'packet'])   sends its port to the parent, ends with it
 *
 * `frame`: each picture in one write, as cameras on a quiet network are read; `packet`: every RTP packet in a write of its own, the
 * worst case.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { parseVideoStream } from '../simulator/annex-b.ts';
import { packetizeAccessUnit } from '../simulator/rtp-payload.ts';

const FRAMES_PER_SECOND = 25;
/** Slow cameras take as long; node-media-server 4.4 dies of pictures that it reads together with the answer to PLAY. */
const FIRST_FRAME_AFTER_MS = 2000;
/** About 4 s. Who cannot keep up misses frames, as with any camera, and the sender's memory stays small. */
const MAX_UNSENT_BYTES = 2e6;

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
      if (method.startsWith('PLAY')) setTimeout(() => play(socket), FIRST_FRAME_AFTER_MS);
    });
  });
  const play = (socket: Socket): void => {
    if (!socket.destroyed) viewers.set(socket, { frame: 0, sequence: 0, phase: viewers.size % 4 });
  };
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
  if (socket.writableLength > MAX_UNSENT_BYTES) {
    viewer.frame += 1;
    return;
  }
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

await send(process.argv[2] ?? 'frame');
