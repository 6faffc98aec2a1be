import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPlaybackReader } from '../../../media/playback/playback-reader.ts';
import { decodeComplaints, probeStreams } from '../../support/ffmpeg.ts';
import { RecordedCamera } from '../../support/recorded-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const cases = [
  { codec: 'h264', audio: 'aac', streams: ['h264', 'aac'] },
  { codec: 'h265', audio: 'pcmu', streams: ['hevc', 'pcm_mulaw'] },
  { codec: 'h264', audio: 'pcma', streams: ['h264', 'pcm_alaw'] },
] as const;

describe('a recorded minute', () => {
  it.each(cases)('decodes without a complaint, as a file and as playback: $codec, $audio', async ({ codec, audio, streams }) => {
    const directory = await temporaryFolder();
    const camera = new RecordedCamera(directory, 'gate', { codec, audio });
    await camera.record(60);
    await camera.stop();
    const [file] = camera.files.values();
    const path = join(directory, file?.path ?? '');
    expect(await decodeComplaints(path)).toBe('');
    const probed = await probeStreams(path);
    expect(probed.map((stream) => stream.codecName)).toEqual(streams);
    expect(probed[0]).toMatchObject({ frames: 900, durationSeconds: 60 });

    const reader = createPlaybackReader({ directory });
    const span = { cameraId: 'gate', role: 'main', fromMs: file?.fromMs ?? 0, toMs: file?.toMs ?? 0 } as const;
    const video = await reader.video(span);
    if (video.kind !== 'video') throw new Error(video.kind);
    const joined = join(directory, 'joined.mp4');
    await writeFile(joined, Buffer.concat(await Array.fromAsync(video.chunks)));
    expect(await decodeComplaints(joined)).toBe('');
    expect((await probeStreams(joined)).map((stream) => stream.frames)).toEqual(probed.map((stream) => stream.frames));

    const playlist = await reader.playlist(span, 'T');
    if (playlist.kind !== 'playlist') throw new Error(playlist.kind);
    const pieces: Buffer[] = [];
    for (const [, name, piece] of playlist.text.matchAll(/([^"\n/]+)\/([^"\n/?]+)\?ticket=T/g)) {
      const outcome = await reader.media(span, name ?? '', piece ?? '');
      if (outcome.kind === 'media') pieces.push(outcome.bytes);
    }
    const streamed = join(directory, 'streamed.mp4');
    await writeFile(streamed, Buffer.concat(pieces));
    expect(await decodeComplaints(streamed)).toBe('');
    expect((await probeStreams(streamed)).map((stream) => stream.codecName)).toEqual(audio === 'aac' ? streams : streams.slice(0, 1));
  });

  it('of two connections and a change of file decodes as one video', async () => {
    const directory = await temporaryFolder();
    const camera = new RecordedCamera(directory, 'gate', { audio: 'aac' });
    for (let connection = 0; connection < 3; connection++) {
      camera.feeder.rewind();
      await camera.record(10);
      camera.feeder.interrupt();
    }
    await camera.stop();
    const reader = createPlaybackReader({ directory });
    const video = await reader.video({ cameraId: 'gate', role: 'main', fromMs: 0, toMs: Date.UTC(2100, 0) });
    if (video.kind !== 'video') throw new Error(video.kind);
    const joined = join(directory, 'joined.mp4');
    await writeFile(joined, Buffer.concat(await Array.fromAsync(video.chunks)));
    expect(await decodeComplaints(joined)).toBe('');
    expect((await probeStreams(joined))[0]).toMatchObject({ frames: 450 });
  });
});
