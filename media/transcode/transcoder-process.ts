/** One ffmpeg that makes H.264 of a stream's H.265 frames. It is used until it ends, then another is made. */
import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../clock/clock.ts';
import { ivfPacketHeadBytes, writeIvfHeader, writeIvfPacketHead } from '../ffmpeg/ivf.ts';
import type { Frame, VideoTrack } from '../stream/frame.ts';
import { encoderOptions, type EncoderChoice } from './encoder-choice.ts';
import { FlvReader } from './flv-reader.ts';
import { FrameTimes, type SourceTimes } from './frame-times.ts';
import { decideSize } from './transcode-policy.ts';

/** What comes of the frames. Calls are synchronous; none after the end, none after `close`. */
export interface TranscoderListener {
  onConfiguration(sps: readonly Buffer[], pps: readonly Buffer[]): void;
  /** Borrows `bytes[start, end)`: NAL units behind their lengths. */
  onPicture(bytes: Buffer, start: number, end: number, isKeyFrame: boolean, times: SourceTimes): void;
  /** It ended by itself, or was killed because it hung; `detail` for the log. */
  onEnded(detail: string): void;
}

export interface TranscoderOptions {
  readonly program: string;
  readonly encoder: EncoderChoice;
  /** Try to decode on the GPU as well. */
  readonly hasGpuDecoder: boolean;
  readonly video: VideoTrack;
  readonly maxWidth: number;
  /** Frames up to here are known at the start: only the first of them is shown, the rest leads to the live edge. */
  readonly opening: readonly Frame[];
  readonly clock: Clock;
}

/** Ticks of the times that frames are given. */
const ticksPerSecond = 1000;
/** Nothing came out for so long though frames went in; starting takes a second on a busy machine, a GPU's first use several. */
const hangMs = 10_000;
const lookIntervalMs = 1_000;
/** A frame that waited so long is no live picture any more. */
const behindMs = 3_000;
/** As the cached group of a hub is bounded. */
const maxUnreadBytes = 16 * 1024 * 1024;
const endMs = 2_000;
/** Cameras, files and viewers come first. */
const niceness = 10;
/** FLV's times end here, after 24 days; then another process begins anew. */
const lastTimeMs = 2 ** 31 - 1;
const maxComplaintCharacters = 300;
/** Up to here one thread decodes faster than cameras send; a second one holds back one more picture. */
const maxPixelsPerThread = 1920 * 1088;

/** Started by the constructor, which throws when the system cannot start a process. Close it, whatever it told. */
export class TranscoderProcess {
  readonly #options: TranscoderOptions;
  readonly #listener: TranscoderListener;
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #times: FrameTimes;
  readonly #reader: FlvReader;
  readonly #ended: Promise<void>;
  #complaint = '';
  #isOver = false;
  #awaitsKeyFrame = true;
  #newestOutputMs: number;
  #cancelLook: () => void = () => {};
  /** Frames left out because it was behind. */
  droppedFrames = 0;

  constructor(options: TranscoderOptions, listener: TranscoderListener) {
    this.#options = options;
    this.#listener = listener;
    const { clock, video, opening } = options;
    this.#newestOutputMs = clock.monotonicMs();
    this.#times = new FrameTimes(video.clockRateHz);
    this.#reader = new FlvReader({
      onConfiguration: (sps, pps) => {
        if (!this.#isOver) listener.onConfiguration(sps, pps);
      },
      onPicture: (bytes, start, end, timeMs, isKeyFrame) => this.#onPicture(bytes, start, end, timeMs, isKeyFrame),
    });
    const packets = opening.map((frame) => this.#packetOf(frame, video));
    const liveFromMs = packets.at(-1)?.timeMs ?? 0;
    this.#child = startProgram(options.program, transcoderArguments(options, liveFromMs));
    this.#ended = this.#watchChild();
    this.#child.stdin.write(writeIvfHeader(ticksPerSecond));
    for (const { packet } of packets) this.#child.stdin.write(packet);
    if (packets.length > 0) this.#awaitsKeyFrame = false;
    this.#look();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Borrows `frame`: video of the track it was made for. */
  feed(frame: Frame): void {
    if (this.#isOver) return;
    const nowMs = this.#options.clock.monotonicMs();
    const { stdin } = this.#child;
    const isBehind = stdin.writableLength > maxUnreadBytes || this.#times.waitedMs(nowMs) > behindMs;
    // Left out up to a key frame that finds it in time: pictures in between would refer to one that is missing.
    if (isBehind) this.#awaitsKeyFrame = true;
    else if (frame.isKeyFrame) this.#awaitsKeyFrame = false;
    if (this.#awaitsKeyFrame) {
      this.droppedFrames += 1;
      return;
    }
    const { packet, timeMs } = this.#packetOf(frame, this.#options.video);
    if (timeMs > lastTimeMs) this.#fail('times are used up');
    else stdin.write(packet);
  }

  /** Ends it without another word; resolves when it is gone. Idempotent. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#cancelLook();
    this.#child.stdin.destroy();
    const cancelKill = this.#options.clock.setTimer(endMs, () => this.#child.kill('SIGKILL'));
    this.#child.kill('SIGTERM');
    await this.#ended;
    cancelKill();
  }

  #watchChild(): Promise<void> {
    const { stdin, stdout, stderr, pid } = this.#child;
    if (pid !== undefined) lowerPriority(pid);
    stdout.on('data', (chunk: Buffer) => {
      if (!this.#isOver && !this.#reader.push(chunk)) this.#fail('it wrote something else than FLV');
    });
    stderr.setEncoding('utf8').on('data', (text: string) => {
      this.#complaint = text.trim().slice(-maxComplaintCharacters);
    });
    // A process that ends early closes its pipes; its exit tells the rest.
    for (const pipe of [stdin, stdout, stderr]) pipe.on('error', () => {});
    return new Promise((resolve) => {
      this.#child.once('error', (error) => {
        this.#end(error.message);
        resolve();
      });
      this.#child.once('close', (code, signal) => {
        this.#end(`it ended with ${signal ?? code}${this.#complaint === '' ? '' : `: ${this.#complaint}`}`);
        resolve();
      });
    });
  }

  #packetOf(frame: Frame, video: VideoTrack): { readonly packet: Buffer; readonly timeMs: number } {
    const timeMs = this.#times.note(frame, this.#options.clock.monotonicMs());
    return { packet: writeByteStreamPacket(frame, video, timeMs), timeMs };
  }

  #onPicture(bytes: Buffer, start: number, end: number, timeMs: number, isKeyFrame: boolean): void {
    if (this.#isOver) return;
    this.#newestOutputMs = this.#options.clock.monotonicMs();
    const times = this.#times.take(timeMs);
    if (times !== null) this.#listener.onPicture(bytes, start, end, isKeyFrame, times);
  }

  #look(): void {
    const { clock } = this.#options;
    this.#cancelLook = clock.setTimer(lookIntervalMs, () => {
      const nowMs = clock.monotonicMs();
      if (this.#times.waitedMs(nowMs) > hangMs && nowMs - this.#newestOutputMs > hangMs) this.#fail('it hung');
      else this.#look();
    });
  }

  #fail(detail: string): void {
    this.#child.kill('SIGKILL');
    this.#end(detail);
  }

  #end(detail: string): void {
    this.#cancelLook();
    if (this.#isOver) return;
    this.#isOver = true;
    this.#listener.onEnded(detail);
  }
}

/** Lengths become start codes, which are as long (ITU-T H.265 §B.2); a key frame brings its parameter sets along. */
function writeByteStreamPacket(frame: Frame, video: VideoTrack, timeMs: number): Buffer {
  const sets = frame.isKeyFrame ? [...video.vps, ...video.sps, ...video.pps] : [];
  const setBytes = sets.reduce((sum, set) => sum + 4 + set.length, 0);
  const sizeBytes = setBytes + frame.end - frame.start;
  const packet = Buffer.allocUnsafe(ivfPacketHeadBytes + sizeBytes);
  writeIvfPacketHead(packet, 0, sizeBytes, timeMs);
  let position = ivfPacketHeadBytes;
  for (const set of sets) {
    position = packet.writeUInt32BE(1, position);
    position += set.copy(packet, position);
  }
  frame.slab.bytes.copy(packet, position, frame.start, frame.end);
  while (position + 4 <= packet.length) {
    const nalBytes = packet.readUInt32BE(position);
    packet.writeUInt32BE(1, position);
    position += 4 + nalBytes;
  }
  return packet;
}

function transcoderArguments(options: TranscoderOptions, liveFromMs: number): string[] {
  const { video, maxWidth, encoder, hasGpuDecoder } = options;
  const size = decideSize(video, maxWidth);
  const { device, filter, encoder: encoding } = encoderOptions(encoder.name, size);
  const threads = video.width * video.height > maxPixelsPerThread ? '2' : '1';
  const decoding = [...(hasGpuDecoder ? ['-hwaccel', 'auto'] : []), '-flags', 'low_delay', '-threads', threads, '-c:v', 'hevc'];
  const input = ['-copyts', '-fflags', 'noparse', '-probesize', '32', '-analyzeduration', '0', ...decoding, '-f', 'ivf', '-i', 'pipe:0'];
  const filters = `select=eq(n\\,0)+gte(pts\\,${liveFromMs}),scale=${size.width}:${size.height},${filter}`;
  const keyFrames = ['-force_key_frames', 'expr:if(isnan(prev_forced_t),1,gte(t,prev_forced_t+2))'];
  const output = ['-map', '0:v:0', '-vf', filters, '-fps_mode', 'passthrough', '-enc_time_base', '-1', ...encoding, ...keyFrames];
  const muxing = ['-f', 'flv', '-flvflags', 'no_duration_filesize', '-flush_packets', '1', 'pipe:1'];
  return ['-hide_banner', '-nostdin', '-loglevel', 'error', '-filter_threads', '1', ...device, ...input, ...output, ...muxing];
}

function startProgram(program: string, args: readonly string[]): ChildProcessByStdio<Writable, Readable, Readable> {
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  if (hasPipes(child)) return child;
  // Without a free file descriptor there is a child without pipes, which tells so in a moment; nobody may miss that.
  child.once('error', () => {});
  throw new Error(`No process of ${program} could be started: too many files are open`);
}

/** Missing ones are `undefined`, whatever the types of Node say. */
function hasPipes(child: ChildProcess): child is ChildProcessByStdio<Writable, Readable, Readable> {
  return Boolean(child.stdin) && Boolean(child.stdout) && Boolean(child.stderr);
}

/** Right after the start, so that the threads it makes inherit it. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, niceness);
  } catch {
    // Ended already, or the system does not allow it: then it runs as everything else does.
  }
}
