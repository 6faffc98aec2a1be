/** ffmpeg as a live encoder: MPEG-TS for whoever connects first, so that an RTSP server can pass on what ffmpeg encoded. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

/** What ffmpeg encodes: a test picture and a tone. No B-frames: GStreamer's server answers PLAY with 503 when its demultiplexer gets them. */
export interface FfmpegFeedOptions {
  readonly video: 'h264' | 'h265';
  readonly audio: 'none' | 'aac' | 'opus';
}

/** A running encoder. */
export interface FfmpegFeed {
  /** TCP port on loopback. One reader; the encoder ends with it. */
  readonly port: number;
  /** Everything ffmpeg complained about so far. */
  complaints(): string;
  close(): Promise<void>;
}

/** Starts encoding 320×240 at 25 pictures a second as soon as a reader connects. */
export async function startFfmpegFeed(options: FfmpegFeedOptions): Promise<FfmpegFeed> {
  const encoder = spawn('ffmpeg', encoderArguments(options), { stdio: ['ignore', 'pipe', 'pipe'] });
  let complaints = '';
  encoder.stderr.on('data', (text: Buffer) => (complaints = (complaints + text.toString()).slice(-2000)));
  const exited = once(encoder, 'exit');
  // ffmpeg itself would choose no free port; and what it made before the reader came waits in its pipe.
  const server = createServer((socket) => {
    server.close();
    socket.on('error', () => encoder.kill());
    encoder.stdout.pipe(socket);
  });
  server.listen(0, '127.0.0.1');
  await Promise.race([once(server, 'listening'), once(encoder, 'error').then(([error]) => Promise.reject(error))]);
  return {
    port: (server.address() as AddressInfo).port,
    complaints: () => complaints,
    close: async () => {
      server.close();
      encoder.kill('SIGKILL');
      await exited;
    },
  };
}

function encoderArguments({ video, audio }: FfmpegFeedOptions): string[] {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x240:rate=25'];
  const sound = audio === 'none' ? [] : ['-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=48000'];
  const encoder = video === 'h264' ? ['-bf', '0'] : ['-x265-params', 'bframes=0:log-level=error'];
  const videoCodec = ['-c:v', video === 'h264' ? 'libx264' : 'libx265', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50', '-b:v', '300k'];
  const audioCodec = audio === 'none' ? [] : ['-c:a', audio === 'aac' ? 'aac' : 'libopus', '-ac', '1'];
  const output = ['-f', 'mpegts', '-muxdelay', '0', '-flush_packets', '1', 'pipe:1'];
  return ['-v', 'error', '-nostdin', '-re', ...picture, ...sound, ...videoCodec, ...encoder, ...audioCodec, ...output];
}
