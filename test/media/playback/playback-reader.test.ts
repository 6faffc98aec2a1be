import { rmSync, writeFileSync } from 'node:fs';
import { readFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { boxesIn } from '../../../media/fmp4/box-reader.ts';
import { parseMovieFragment } from '../../../media/fmp4/fragment-parser.ts';
import { parseInitSegment } from '../../../media/fmp4/init-parser.ts';
import type { PlaybackMediaOutcome, PlaybackSpan } from '../../../media/playback/playback-contract.ts';
import { createPlaybackReader } from '../../../media/playback/playback-reader.ts';
import type { FrameFeederOptions } from '../../support/frame-feeder.ts';
import { RecordedCamera } from '../../support/recorded-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function start(options: Partial<FrameFeederOptions> = {}) {
  const directory = await temporaryFolder();
  const camera = new RecordedCamera(directory, 'gate', options);
  const reader = createPlaybackReader({ directory });
  const span = (fromMs: number, toMs: number): PlaybackSpan => ({ cameraId: 'gate', role: 'main', fromMs, toMs });
  return { directory, camera, reader, span };
}

const everything = [0, Date.UTC(2100, 0)] as const;

/** The URIs of a playlist as [file, name]. */
function urisOf(text: string): [string, string][] {
  return [...text.matchAll(/([^"\n/]+)\/([^"\n/?]+)\?ticket=T/g)].map((match) => [match[1] ?? '', match[2] ?? '']);
}

function bytesOf(outcome: PlaybackMediaOutcome): Buffer {
  if (outcome.kind !== 'media') throw new Error('no media');
  return outcome.bytes;
}

async function textOf(outcome: Promise<{ kind: string; text?: string }>): Promise<string> {
  const { kind, text } = await outcome;
  if (text === undefined) throw new Error(`no playlist: ${kind}`);
  return text;
}

/** Start and duration of all fragments in order, in seconds, by track. */
function timesIn(video: Buffer, trackId: number): { start: number; end: number }[] {
  const init = parseInitSegment(video);
  const times: { start: number; end: number }[] = [];
  for (const box of boxesIn(video)) {
    if (box.type !== 'moof' || init === null) continue;
    const timescale = init.tracks.find((track) => track.trackId === trackId)?.timescale ?? 1;
    const fragment = parseMovieFragment(video, box, init.tracks)?.find((found) => found.trackId === trackId);
    if (fragment !== undefined)
      times.push({ start: fragment.startTicks / timescale, end: (fragment.startTicks + fragment.durationTicks) / timescale });
  }
  return times;
}

describe('PlaybackReader', () => {
  it('answers that nothing is there when retention deletes the file in the middle of a request', async () => {
    const { directory, camera, reader, span } = await start();
    await camera.record(4);
    await camera.stop();
    const path = join(directory, [...camera.files.keys()][0] ?? '');
    const [name, piece] = urisOf(await textOf(reader.playlist(span(...everything), 'T'))).at(-1) ?? ['', ''];
    const bytes = await readFile(path);
    const kinds = new Set<string>();
    // Deleted at every moment of the request in turn.
    for (let turns = 0; turns < 300; turns++) {
      writeFileSync(path, bytes);
      const answer = reader.media(span(...everything), name, piece);
      for (let turn = 0; turn < turns % 30; turn++) await new Promise((resolve) => setImmediate(resolve));
      rmSync(path);
      kinds.add((await answer).kind);
    }
    expect(kinds).toEqual(new Set(['media', 'not-found']));
  });

  it('serves a span byte by byte as it was recorded', async () => {
    const { directory, camera, reader, span } = await start({ audio: 'aac' });
    await camera.record(20);
    await camera.stop();
    const [file] = camera.files.values();
    const text = await textOf(reader.playlist(span(...everything), 'T'));
    const pieces = await Promise.all(urisOf(text).map(async ([name, piece]) => bytesOf(await reader.media(span(...everything), name, piece))));
    const recorded = await readFile(join(directory, file?.path ?? ''));
    const served = Buffer.concat(pieces);
    expect(served.equals(recorded.subarray(0, served.length))).toBe(true);
    expect(recorded.toString('latin1', served.length + 4, served.length + 8)).toBe('uuid');
  });

  it('begins at the entry point before the span and gives true times', async () => {
    const { camera, reader, span } = await start();
    await camera.record(20);
    await camera.stop();
    const fromMs = [...camera.files.values()][0]?.fromMs ?? 0;
    const text = await textOf(reader.playlist(span(fromMs + 9_300, fromMs + 12_000), 'T'));
    const times = [...text.matchAll(/PROGRAM-DATE-TIME:(\S+)/g)].map((match) => Date.parse(match[1] ?? '') - fromMs);
    expect(times).toEqual([8_000]);
    expect(text).toContain('#EXT-X-ENDLIST');
  });

  it('names gaps and changes of file', async () => {
    const { camera, reader, span } = await start();
    await camera.record(6);
    camera.feeder.pause(10);
    camera.feeder.rewind();
    await camera.record(6);
    await camera.stop();
    const [first, second] = camera.files.values();
    if (first === undefined || second === undefined) throw new Error('two files were expected');
    const text = await textOf(reader.playlist(span(first.fromMs, second.toMs), 'T'));
    expect(text.split('#EXT-X-DISCONTINUITY\n')).toHaveLength(2);
    expect(text.split('#EXT-X-MAP')).toHaveLength(3);
    expect(text).toContain(`START-DATE="${new Date(first.toMs).toISOString()}",DURATION=${((second.fromMs - first.toMs) / 1000).toFixed(3)}`);
  });

  it('plays the file that still grows up to its last whole fragment, and more of it later', async () => {
    const { camera, reader, span } = await start();
    await camera.record(8);
    const before = urisOf(await textOf(reader.playlist(span(...everything), 'T')));
    await camera.record(8);
    const after = urisOf(await textOf(reader.playlist(span(...everything), 'T')));
    expect(after.length).toBeGreaterThan(before.length);
    for (const [name, piece] of [...before, ...after])
      expect(bytesOf(await reader.media(span(...everything), name, piece)).length).toBeGreaterThan(0);
    await camera.stop();
  });

  it('plays a file whose last fragment is torn', async () => {
    const { directory, camera, reader, span } = await start();
    await camera.record(10);
    await camera.stop();
    const [file] = camera.files.values();
    const path = join(directory, file?.path ?? '');
    await truncate(path, (file?.sizeBytes ?? 0) - 5_000);
    const uris = urisOf(await textOf(reader.playlist(span(...everything), 'T')));
    const last = bytesOf(await reader.media(span(...everything), ...(uris.at(-1) ?? ['', ''])));
    expect([...boxesIn(last)].at(-1)?.end).toBe(last.length);
  });

  it('takes G.711 out of HLS, and keeps it in the file', async () => {
    const { camera, reader, span } = await start({ audio: 'pcma' });
    await camera.record(6);
    await camera.stop();
    const uris = urisOf(await textOf(reader.playlist(span(...everything), 'T')));
    const pieces = await Promise.all(uris.map(async ([name, piece]) => bytesOf(await reader.media(span(...everything), name, piece))));
    expect(parseInitSegment(pieces[0] ?? Buffer.alloc(0))?.tracks.map((track) => track.sampleEntry)).toEqual(['avc1']);
    expect(timesIn(Buffer.concat(pieces), 2)).toEqual([]);
    const outcome = await reader.video(span(...everything));
    if (outcome.kind !== 'video') throw new Error(outcome.kind);
    const video = Buffer.concat(await Array.fromAsync(outcome.chunks));
    expect(timesIn(video, 2).length).toBeGreaterThan(0);
  });

  it('serves nothing outside of the span', async () => {
    const { camera, reader, span } = await start();
    await camera.record(30);
    await camera.stop();
    const fromMs = [...camera.files.values()][0]?.fromMs ?? 0;
    const uris = urisOf(await textOf(reader.playlist(span(...everything), 'T')));
    const narrow = span(fromMs + 100, fromMs + 1_000);
    const served = await Promise.all(uris.map(async ([name, piece]) => (await reader.media(narrow, name, piece)).kind));
    expect(served).toEqual(['media', ...Array(uris.length - 1).fill('not-found')]);
    expect((await reader.playlist(span(fromMs - 10_000, fromMs - 5_000), 'T')).kind).toBe('not-found');
    expect((await reader.video(span(fromMs - 10_000, fromMs - 5_000))).kind).toBe('not-found');
  });

  it.each([
    ['../../other/main/2023-11-14/x', 'init.mp4'],
    ['20231114T221321.067Z', '0-100.m4s'],
    ['20231114T221321.067Z', '900-901.m4s'],
    ['20231114T221321.067Z', '../init.mp4'],
    ['20231114T221321.067Z', 'init.mp4.mp4'],
    ['20991114T221321.067Z', 'init.mp4'],
    ['', ''],
  ])('does not know %j / %j', async (file, name) => {
    const { camera, reader, span } = await start();
    await camera.record(4);
    await camera.stop();
    expect((await reader.media(span(...everything), file, name)).kind).toBe('not-found');
  });

  it('does not leave the recordings folder by the camera’s id', async () => {
    const { reader } = await start();
    const outside = { cameraId: '../..', role: 'main', fromMs: 0, toMs: Date.UTC(2100, 0) } as const;
    expect((await reader.playlist(outside, 'T')).kind).toBe('not-found');
    expect((await reader.video(outside)).kind).toBe('not-found');
    expect((await reader.media(outside, '20231114T221321.067Z', 'init.mp4')).kind).toBe('not-found');
  });

  describe('video', () => {
    it('joins files: times go on, short interruptions stay, long gaps are closed', async () => {
      const { camera, reader, span } = await start({ audio: 'aac' });
      for (const pauseSeconds of [0, 1, 60]) {
        if (pauseSeconds > 0) camera.feeder.pause(pauseSeconds);
        if (pauseSeconds > 0) camera.feeder.interrupt();
        camera.feeder.rewind();
        await camera.record(6);
      }
      await camera.stop();
      const outcome = await reader.video(span(...everything));
      if (outcome.kind !== 'video') throw new Error(outcome.kind);
      const video = Buffer.concat(await Array.fromAsync(outcome.chunks));
      expect(video.length).toBe(outcome.sizeBytes);
      const times = timesIn(video, 1);
      const jumps = times
        .slice(1)
        .map((time, at) => time.start - (times[at]?.end ?? 0))
        .filter((jump) => Math.abs(jump) > 0.01);
      expect(times[0]?.start).toBe(0);
      expect(jumps).toEqual([expect.closeTo(1, 1)]);
      expect(times.at(-1)?.end).toBeCloseTo(19, 1);
      const sound = timesIn(video, 2);
      for (const [at, time] of sound.entries()) if (at > 0) expect(time.start).toBeGreaterThanOrEqual((sound[at - 1]?.end ?? 0) - 0.1);
    });

    it('names the parts when the parameters changed within the span, each of which then works', async () => {
      const { camera, reader, span } = await start();
      await camera.record(6);
      const video = camera.feeder.tracks.video;
      if (video === null) throw new Error('no video');
      camera.feeder.interrupt({ video: { ...video, width: 320 } });
      camera.feeder.rewind();
      await camera.record(6);
      await camera.stop();
      const outcome = await reader.video(span(...everything));
      if (outcome.kind !== 'several-parameter-sets') throw new Error(outcome.kind);
      expect(outcome.parts).toHaveLength(2);
      for (const part of outcome.parts) expect((await reader.video(span(part.fromMs, part.toMs))).kind).toBe('video');
    });

    it('stops with an error when a file disappears underneath', async () => {
      const { directory, camera, reader, span } = await start();
      await camera.record(6);
      await camera.stop();
      const outcome = await reader.video(span(...everything));
      if (outcome.kind !== 'video') throw new Error(outcome.kind);
      const [file] = camera.files.keys();
      await truncate(join(directory, file ?? ''), 2_000);
      await expect(Array.fromAsync(outcome.chunks)).rejects.toThrow('changed at byte');
    });
  });
});
