/**
 * Key frame to JPEG by a spawned ffmpeg: a program of its own, because its builds are GPL. About 0.12 s for 1080p, most of it
 * starting the process.
 */
import { spawn } from 'node:child_process';
import type { KeyFrame } from './key-frame.ts';
import { DecoderMissing, type KeyFrameDecoder } from './snapshot-maker.ts';

/** A damaged frame can keep a decoder busy; nobody waits longer for a thumbnail. */
const timeoutMs = 6_000;
/** A 4K picture at this quality is about 1.5 MB. */
const maxPictureBytes = 8 * 1024 * 1024;

/** Uses `program` from the PATH, or by its full path. */
export function createFfmpegDecoder(program = 'ffmpeg'): KeyFrameDecoder {
  return { decodeToJpeg: (keyFrame) => decode(program, keyFrame) };
}

function decode(program: string, keyFrame: KeyFrame): Promise<Buffer | null> {
  const format = keyFrame.codec === 'h264' ? 'h264' : 'hevc';
  const input = ['-f', format, '-i', 'pipe:0'];
  const output = ['-frames:v', '1', '-q:v', '4', '-f', 'mjpeg', 'pipe:1'];
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-hide_banner', '-loglevel', 'error', '-threads', '1', ...input, ...output], { stdio: ['pipe', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length;
      if (sizeBytes > maxPictureBytes) child.kill('SIGKILL');
      else chunks.push(chunk);
    });
    child.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(error.code === 'ENOENT' ? new DecoderMissing(`Snapshots need the program ${program}, which is not installed on this node`) : error);
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve(exitCode === 0 && sizeBytes > 0 ? Buffer.concat(chunks) : null);
    });
    // A decoder that ends early closes its input; its exit code tells the rest.
    child.stdin.on('error', () => {});
    child.stdin.end(keyFrame.bytes);
  });
}
