/** GStreamer as a player of HLS, with its older and its newer demuxer: a judge that nobody of this project wrote. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./gstreamer-hls.py', import.meta.url));

/** What it saw. */
export interface GstreamerViewing {
  readonly frames: number;
  /** Of video, by its timestamps. */
  readonly seconds: number;
  readonly audioBuffers: number;
  /** Errors and warnings, each a line. */
  readonly complaints: readonly string[];
  /** Demuxers that were used. */
  readonly demuxers: readonly string[];
}

/** Decodes so many seconds of video. */
export async function playWithGstreamer(url: string, demuxer: 'hlsdemux' | 'hlsdemux2', seconds: number): Promise<GstreamerViewing> {
  const { stdout } = await run('/usr/bin/python3', [script, url, demuxer, String(seconds)], { timeout: (seconds + 90) * 1000 });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as GstreamerViewing;
}
