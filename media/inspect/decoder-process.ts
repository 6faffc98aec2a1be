/**
 * One long-lived ffmpeg that turns key frames into pictures of one format: key frames of any camera and size go in, one at a time.
 * Starting the program costs ten times what a picture does.
 *
 * It ends with this process, however that ends: its input is our pipe.
 */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../clock/clock.ts';
import { writeIvfHeader, writeIvfPacket } from '../ffmpeg/ivf.ts';
import { DecoderMissing } from './key-frame-decoder.ts';
import type { KeyFrame } from './key-frame.ts';
import type { PictureFormat } from './picture-format.ts';
import { PictureReader } from './picture-reader.ts';

export interface DecoderProcessOptions {
  /** From the PATH, or a full path. */
  readonly program: string;
  readonly codec: KeyFrame['codec'];
  readonly format: PictureFormat;
  readonly clock: Clock;
}

/** A damaged frame can keep a decoder busy; nobody waits longer for a thumbnail. Starting takes 0.2 s, on a busy machine seconds. */
const hangMs = 6_000;
/** After a complaint the picture comes within milliseconds or not at all; more, because the machine may be busy. */
const complaintMs = 1_000;
/** A process that was asked to end and does not. */
const endMs = 2_000;
/** 8K; a parameter set that claims more would only fill the memory. */
const maxPixels = 7680 * 4320;
/** A 4K JPEG at this quality is about 1.5 MB. */
const maxJpegBytes = 8 * 1024 * 1024;
/** Numbers per key frame: itself, its end of sequence, and both once more. */
const numbersPerKeyFrame = 4;

/** NAL unit "end of sequence" (ITU-T H.264 §7.3.2.5, H.265 §7.3.2.6): no picture follows that this one could have to wait for. */
const endOfSequence: Readonly<Record<KeyFrame['codec'], Buffer>> = {
  h264: Buffer.from([0, 0, 0, 1, 0x0a]),
  h265: Buffer.from([0, 0, 0, 1, 0x48, 0x01]),
};

interface Awaited {
  readonly number: number;
  readonly settle: (picture: Buffer | null) => void;
  readonly fail: (error: unknown) => void;
  hasComplaint: boolean;
  cancelTimer: () => void;
}

/** One process; started by the constructor. */
export class DecoderProcess {
  readonly #options: DecoderProcessOptions;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #reader: PictureReader;
  readonly #ended: Promise<void>;
  #awaited: Awaited | null = null;
  #keyFrames = 0;
  #hasEnded = false;
  #startError: Error | null = null;

  constructor(options: DecoderProcessOptions) {
    this.#options = options;
    const { program, codec, format } = options;
    this.#child = spawn(program, decoderArguments(codec, format), { stdio: ['pipe', 'pipe', 'pipe', 'pipe'] });
    const { stdin, stdout, stderr } = this.#child;
    const maxPictureBytes = format.kind === 'jpeg' ? maxJpegBytes : format.width * format.height;
    this.#reader = new PictureReader(maxPictureBytes, { onPicture: (number, bytes) => this.#onPicture(number, bytes) });
    stdout.on('data', (chunk: Buffer) => this.#trust(this.#reader.pushPictures(chunk)));
    // The fourth of `stdio` is readable: the child writes its index there.
    const index = this.#child.stdio[3] as Readable;
    index.setEncoding('latin1').on('data', (text: string) => this.#trust(this.#reader.pushIndex(text)));
    stderr.on('data', () => this.#onComplaint());
    // A process that ends early closes its pipes; its exit tells the rest.
    for (const pipe of [stdin, stdout, stderr, index]) pipe.on('error', () => {});
    this.#ended = new Promise((resolve) => {
      this.#child.once('error', (error: NodeJS.ErrnoException) => {
        this.#startError =
          error.code === 'ENOENT' || error.code === 'EACCES'
            ? new DecoderMissing(`Snapshots need the program ${program}, which this node does not find or may not run`)
            : error;
        this.#onEnded();
        resolve();
      });
      this.#child.once('close', () => {
        this.#onEnded();
        resolve();
      });
    });
    stdin.write(writeIvfHeader(1));
  }

  /** True once nothing more can be decoded: it ended, or was killed for hanging or for bytes that made no sense. */
  get hasEnded(): boolean {
    return this.#hasEnded;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** The picture, or null when the frame does not decode. One at a time. Rejects with {@link DecoderMissing} when there is no program. */
  decode(keyFrame: KeyFrame): Promise<Buffer | null> {
    if (this.#awaited !== null) throw new Error('a decoder process makes one picture at a time');
    if (this.#hasEnded) return this.#startError === null ? Promise.resolve(null) : Promise.reject(this.#startError);
    return new Promise((resolve, reject) => {
      this.#keyFrames += 1;
      const number = this.#keyFrames * numbersPerKeyFrame;
      const cancelTimer = this.#options.clock.setTimer(hangMs, () => this.#giveUp());
      this.#awaited = { number, settle: resolve, fail: reject, hasComplaint: false, cancelTimer };
      this.#write(keyFrame, number);
    });
  }

  /** Resolves when the process is gone. Idempotent. */
  async close(): Promise<void> {
    this.#child.stdin.end();
    const cancelKill = this.#options.clock.setTimer(endMs, () => this.#child.kill('SIGKILL'));
    await this.#ended;
    cancelKill();
  }

  #write(keyFrame: KeyFrame, number: number): void {
    const { stdin } = this.#child;
    const end = endOfSequence[keyFrame.codec];
    stdin.write(writeIvfPacket(keyFrame.bytes, number));
    stdin.write(writeIvfPacket(end, number + 1));
    // ffmpeg's H.265 decoder lets a picture that may be reordered go only when another sequence has begun.
    if (keyFrame.codec === 'h265' && keyFrame.hasReordering) {
      stdin.write(writeIvfPacket(keyFrame.bytes, number + 2));
      stdin.write(writeIvfPacket(end, number + 3));
    }
  }

  #onPicture(number: number, bytes: Buffer): void {
    // Others came late, or are what pushed a picture out.
    if (number === this.#awaited?.number) this.#settle(bytes);
  }

  /** What a decoder says about a frame it nevertheless shows is no news; after which nothing comes, it is. */
  #onComplaint(): void {
    const awaited = this.#awaited;
    if (awaited === null || awaited.hasComplaint) return;
    awaited.hasComplaint = true;
    awaited.cancelTimer();
    awaited.cancelTimer = this.#options.clock.setTimer(complaintMs, () => this.#settle(null));
  }

  #settle(picture: Buffer | null): void {
    const awaited = this.#awaited;
    if (awaited === null) return;
    this.#awaited = null;
    awaited.cancelTimer();
    awaited.settle(picture);
  }

  #giveUp(): void {
    this.#hasEnded = true;
    this.#child.kill('SIGKILL');
    this.#settle(null);
  }

  #trust(isSound: boolean): void {
    if (!isSound) this.#giveUp();
  }

  #onEnded(): void {
    this.#hasEnded = true;
    if (this.#startError === null) {
      this.#settle(null);
      return;
    }
    const awaited = this.#awaited;
    this.#awaited = null;
    awaited?.cancelTimer();
    awaited?.fail(this.#startError);
  }
}

/** Threads would hold pictures back; a parser would wait for the next one. */
function decoderArguments(codec: KeyFrame['codec'], { kind, width, height }: PictureFormat): string[] {
  const decoder = codec === 'h264' ? 'h264' : 'hevc';
  const limits = ['-probesize', '32', '-analyzeduration', '0', '-max_pixels', String(maxPixels)];
  const input = ['-copyts', '-fflags', 'noparse', ...limits, '-flags', 'low_delay', '-threads', '1', '-c:v', decoder, '-f', 'ivf', '-i', 'pipe:0'];
  const size = `scale=${width}:${height}`;
  const picture =
    kind === 'jpeg'
      ? ['-vf', `${size}:out_range=full,format=yuvj420p`, '-c:v', 'mjpeg', '-q:v', '4']
      : ['-vf', `${size}:flags=area,format=gray`, '-c:v', 'rawvideo'];
  const muxer = kind === 'jpeg' ? 'mjpeg' : 'rawvideo';
  const outputs = `[f=${muxer}:flush_packets=1]pipe\\:1|[f=framecrc:flush_packets=1]pipe\\:3`;
  const output = ['-map', '0:v:0', '-fps_mode', 'passthrough', '-threads', '1', ...picture, '-f', 'tee', outputs];
  return ['-hide_banner', '-nostdin', '-loglevel', 'error', '-filter_threads', '1', ...input, ...output];
}
