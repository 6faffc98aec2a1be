/** A sink that writes down what it is given, and a managed stream around it, for tests with real cameras. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../../../../media/clock/clock.ts';
import type { DesiredStream, NoPictureReason, ObservedStream } from '../../../../media/contract/streams.ts';
import { ConnectScheduler } from '../../../../media/stream/connect-scheduler.ts';
import type { Frame, StreamTracks } from '../../../../media/stream/frame.ts';
import { createManagedStream } from '../../../../media/stream/managed-stream.ts';
import type { ManagedStream } from '../../../../media/stream/managed-stream.ts';
import type { FrameSink } from '../../../../media/stream/sink.ts';
import type { StreamLog } from '../../../../media/stream/stream-log.ts';

/** A frame without its slab. */
export interface TapedFrame extends Omit<Frame, 'slab' | 'start' | 'end'> {
  readonly bytes: Buffer;
}

/** Writes down tracks, frames and interruptions. */
export class StreamTape implements FrameSink {
  readonly tracks: StreamTracks[] = [];
  readonly frames: TapedFrame[] = [];
  interruptions = 0;

  onTracks(tracks: StreamTracks): void {
    this.tracks.push(tracks);
  }

  onFrame(frame: Frame): void {
    const { slab, start, end, ...rest } = frame;
    this.frames.push({ ...rest, bytes: Buffer.from(slab.bytes.subarray(start, end)) });
  }

  onInterrupted(): void {
    this.interruptions += 1;
  }

  get videoFrames(): TapedFrame[] {
    return this.frames.filter((frame) => frame.kind === 'video');
  }

  get audioFrames(): TapedFrame[] {
    return this.frames.filter((frame) => frame.kind === 'audio');
  }

  /** The video as a byte stream: start codes, parameter sets of its generation in front of each key frame. */
  annexB(): Buffer {
    const startCode = Buffer.from([0, 0, 0, 1]);
    return Buffer.concat(
      this.videoFrames.flatMap((frame) => {
        const video = this.tracks.find((tracks) => tracks.generation === frame.generation)?.video;
        const sets = frame.isKeyFrame && video ? [...video.vps, ...video.sps, ...video.pps] : [];
        return [...sets, ...splitNals(frame.bytes)].flatMap((nalUnit) => [startCode, nalUnit]);
      }),
    );
  }
}

/** NAL units of a frame. */
export function splitNals(bytes: Buffer): Buffer[] {
  const nalUnits: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) throw new Error('a NAL unit is longer than its frame');
    nalUnits.push(bytes.subarray(at + 4, end));
    at = end;
  }
  return nalUnits;
}

/** A managed stream with a tape on its hub. */
export interface TapedStream {
  readonly stream: ManagedStream;
  readonly tape: StreamTape;
  /** Phases and reasons in order, as reported. */
  readonly history: { readonly phase: ObservedStream['phase']; readonly reason: NoPictureReason | null; readonly atMs: number }[];
  readonly logged: string[];
}

/** Pulls `url` from now on. */
export function tapeStream(
  url: string,
  credentials: DesiredStream['credentials'] = null,
  transport: DesiredStream['transport'] = 'tcp',
): TapedStream {
  const tape = new StreamTape();
  const history: TapedStream['history'] = [];
  const logged: string[] = [];
  const write = (fields: object, event: string): void => void logged.push(`${event} ${JSON.stringify(fields)}`);
  const log: StreamLog = { debug: write, info: write, warn: write, error: write };
  const stream: ManagedStream = createManagedStream({
    desired: { cameraId: 'camera-1', role: 'main', deviceId: null, url, credentials, transport, mode: 'on-demand', recording: null },
    connectScheduler: new ConnectScheduler(),
    clock: systemClock,
    log,
    random: () => 0,
    onChange: () => {
      const { phase, reason } = stream.observe();
      history.push({ phase, reason, atMs: performance.now() });
    },
  });
  stream.hub.addSink(tape, 'cached-group');
  stream.acquire();
  return { stream, tape, history, logged };
}

/** Waits until `isTrue`; throws with `what` after `timeoutMs`. */
export async function until(isTrue: () => boolean, what: string, timeoutMs = 30_000): Promise<void> {
  const startedMs = performance.now();
  while (!isTrue()) {
    if (performance.now() - startedMs > timeoutMs) throw new Error(`did not happen within ${timeoutMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Decodes a byte stream with ffmpeg; returns how many pictures came out and what it complained about. */
export async function decode(codec: 'h264' | 'h265', annexB: Buffer): Promise<{ readonly pictures: number; readonly complaints: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'yilan-tape-'));
  try {
    const file = join(folder, `tape.${codec}`);
    await writeFile(file, annexB);
    const format = codec === 'h264' ? 'h264' : 'hevc';
    const args = [
      '-v',
      'error',
      '-f',
      format,
      '-count_frames',
      '-select_streams',
      'v',
      '-show_entries',
      'stream=nb_read_frames',
      '-of',
      'csv=p=0',
      file,
    ];
    const { stdout, stderr } = await promisify(execFile)('ffprobe', args);
    return { pictures: Number(stdout.trim()), complaints: stderr.trim() };
  } finally {
    await rm(folder, { recursive: true });
  }
}
