/**
 * Which of ffmpeg's H.264 encoders to use: on a GPU where one works, else on the CPU. Finds out by asking ffmpeg and by a trial,
 * because a build lists encoders whatever the machine has.
 */
import { execFile } from 'node:child_process';
import type { PictureSize } from './transcode-policy.ts';

export type EncoderName = 'h264_nvenc' | 'h264_vaapi' | 'h264_qsv' | 'libx264';

/** An encoder that works here. */
export interface EncoderChoice {
  readonly name: EncoderName;
  readonly isOnGpu: boolean;
}

/** `detail` is a sentence for people. */
export type EncoderSearch = { readonly ok: true; readonly encoder: EncoderChoice } | { readonly ok: false; readonly detail: string };

/** How an encoder is told on the command line. */
interface EncoderOptions {
  /** Before the input. */
  readonly device: readonly string[];
  /** End of the filter chain: what brings pictures into the encoder's memory. */
  readonly filter: string;
  readonly encoder: readonly string[];
}

/** Starting CUDA takes seconds. */
const trialTimeoutMs = 15_000;
/** Best first. */
const onGpu: readonly EncoderName[] = ['h264_nvenc', 'h264_vaapi', 'h264_qsv'];
/** Key frames are forced by time; this only keeps the encoder from making others. */
const framesPerGroup = '1000';
/** 1280 × 720 surveillance at the quality of the camera's own sub streams. */
const bitsPerPixelAndSecond = 2.7;
const minBitrateBps = 300_000;

/** Options of an encoder for pictures of this size: constrained baseline, no B-frames, nothing held back. */
export function encoderOptions(name: EncoderName, { width, height }: PictureSize): EncoderOptions {
  const bitrateBps = String(Math.max(minBitrateBps, Math.round(width * height * bitsPerPixelAndSecond)));
  const rate = ['-maxrate', bitrateBps, '-bufsize', bitrateBps, '-bf', '0', '-g', framesPerGroup];
  switch (name) {
    case 'h264_nvenc':
      return {
        device: [],
        filter: 'format=yuv420p',
        encoder: [
          '-c:v',
          name,
          '-preset',
          'p1',
          '-tune',
          'ull',
          '-profile:v',
          'baseline',
          '-delay',
          '0',
          '-forced-idr',
          '1',
          '-b:v',
          bitrateBps,
          ...rate,
        ],
      };
    case 'h264_vaapi':
      return {
        device: ['-vaapi_device', '/dev/dri/renderD128'],
        filter: 'format=nv12,hwupload',
        encoder: ['-c:v', name, '-profile:v', 'constrained_baseline', '-b:v', bitrateBps, ...rate],
      };
    case 'h264_qsv':
      return {
        device: [],
        filter: 'format=nv12',
        encoder: [
          '-c:v',
          name,
          '-preset',
          'veryfast',
          '-profile:v',
          'baseline',
          '-async_depth',
          '1',
          '-forced_idr',
          '1',
          '-b:v',
          bitrateBps,
          ...rate,
        ],
      };
    case 'libx264': {
      const speed = ['-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline', '-threads', '1', '-forced-idr', '1'];
      // Times are the camera's: with a constant rate assumed, the bit rate would be spread over ticks of 1 ms.
      const quality = ['-crf', '25', '-sc_threshold', '0', '-x264-params', 'force-cfr=0'];
      return { device: [], filter: 'format=yuv420p', encoder: ['-c:v', name, ...speed, ...quality, ...rate] };
    }
  }
}

/** Looks for an encoder; takes seconds at the most, and as many short runs of `program` as there are candidates. */
export async function findEncoder(program: string): Promise<EncoderSearch> {
  const listing = await run(program, ['-hide_banner', '-encoders']);
  if (listing === null) return { ok: false, detail: `Transcoding needs the program ${program}, which this node does not find or may not run` };
  const isListed = (name: EncoderName): boolean => new RegExp(`^ *V\\S* +${name} `, 'm').test(listing);
  for (const name of onGpu) {
    if (isListed(name) && (await isWorking(program, name))) return { ok: true, encoder: { name, isOnGpu: true } };
  }
  if (isListed('libx264')) return { ok: true, encoder: { name: 'libx264', isOnGpu: false } };
  return { ok: false, detail: `The program ${program} of this node has no H.264 encoder that works` };
}

async function isWorking(program: string, name: EncoderName): Promise<boolean> {
  const size = { width: 640, height: 360 };
  const { device, filter, encoder } = encoderOptions(name, size);
  const input = ['-f', 'lavfi', '-i', `color=size=${size.width}x${size.height}:rate=25:duration=0.2`];
  return (await run(program, ['-nostdin', '-v', 'error', ...device, ...input, '-vf', filter, ...encoder, '-f', 'null', '-'])) !== null;
}

/** What it printed; null when it could not be started, failed, or took too long. */
function run(program: string, args: readonly string[]): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: trialTimeoutMs, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 }, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
}
