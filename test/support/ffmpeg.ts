/** Debian's ffmpeg as a judge: what it cannot decode without a complaint is wrong. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * What ffmpeg says without being wrong about anything: raw G.711 has no channel layout; and each reload of a live playlist makes
 * it fetch the init segment once more, which it then skips.
 */
const harmless = /Guessed Channel Layout|Found duplicated MOOV Atom\. Skipped it/;

/** Decodes everything and returns what was complained about; empty when all is well. */
export async function decodeComplaints(input: string, options: readonly string[] = []): Promise<string> {
  const { stderr } = await run('ffmpeg', ['-nostdin', '-v', 'repeat+warning', ...options, '-i', input, '-f', 'null', '-'], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stderr
    .split('\n')
    .filter((line) => line !== '' && !harmless.test(line))
    .join('\n');
}

/** A stream as ffprobe sees it, all frames counted. */
export interface ProbedStream {
  readonly codecName: string;
  readonly frames: number;
  readonly durationSeconds: number;
}

/** The streams of a file, decoded to count their frames. */
export async function probeStreams(input: string): Promise<ProbedStream[]> {
  const entries = 'stream=codec_name,nb_read_frames,duration';
  const { stdout } = await run('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', input], {
    maxBuffer: 1024 * 1024,
  });
  const { streams } = JSON.parse(stdout) as { streams: { codec_name: string; nb_read_frames: string; duration: string }[] };
  return streams.map((stream) => ({ codecName: stream.codec_name, frames: Number(stream.nb_read_frames), durationSeconds: Number(stream.duration) }));
}
