/** Plays recordings from the files on disk. No state but a cache of file indexes; files that still grow are playable up to now. */
import { hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import type { InitSegment } from '../fmp4/init-parser.ts';
import { removeTrackFromFragments, removeTrackFromInit } from '../fmp4/track-removal.ts';
import { endOf, fragmentEndMs } from '../recorder/file-index.ts';
import { dayFolder, isCameraFolder, parseRecordingPath } from '../recorder/file-name.ts';
import { openRecording, readAt } from '../recorder/file-reader.ts';
import { groupByInit, joinedVideo, joinedVideoBytes } from './joined-video.ts';
import type { PlaybackMediaOutcome, PlaybackPlaylistOutcome, PlaybackReader, PlaybackSpan, PlaybackVideoOutcome } from './playback-contract.ts';
import { planSegments } from './playback-plan.ts';
import { RecordingFiles } from './recording-files.ts';
import type { PlayableFile } from './recording-files.ts';
import { spansAndGaps } from './spans.ts';
import { formatVodPlaylist } from './vod-playlist.ts';

/** Largest segment that is served: twelve seconds at 40 Mbit/s. A larger range was not ours. */
const maxSegmentBytes = 64 * 1024 * 1024;

/** Sound that browsers refuse in fragmented MP4; with it they refuse the picture, too. */
const soundNotForBrowsers: ReadonlySet<string> = new Set(['alaw', 'ulaw']);

/** See {@link PlaybackReader}. `directory`: the recordings folder. */
export function createPlaybackReader(options: { readonly directory: string }): PlaybackReader {
  const files = new RecordingFiles(options.directory);
  return {
    playlist: (span, ticket) => playlistOf(files, span, ticket),
    media: (span, file, name) => mediaOf(files, span, file, name),
    video: (span) => videoOf(files, span),
  };
}

async function playlistOf(files: RecordingFiles, span: PlaybackSpan, ticket: string): Promise<PlaybackPlaylistOutcome> {
  const found = isCameraFolder(span.cameraId) ? await files.find(span) : [];
  if (found.length === 0) return { kind: 'not-found' };
  const { gaps } = spansAndGaps(found.map(timesOf), span.fromMs, span.toMs);
  const listed = found.map((file) => ({ name: basename(file.path, '.mp4'), segments: planSegments(file.fragments, file.index.timescale) }));
  return { kind: 'playlist', text: formatVodPlaylist(listed, gaps, ticket) };
}

/** Bytes go out as they were recorded, but for sound that browsers cannot play: it is taken out without moving a byte. */
async function mediaOf(files: RecordingFiles, span: PlaybackSpan, fileName: string, name: string): Promise<PlaybackMediaOutcome> {
  const path = pathOf(span, fileName);
  const file = path === null ? null : await files.load(path, span);
  if (file === null || file.fragments.length === 0) return notFound;
  if (name === 'init.mp4') return { kind: 'media', contentType: 'video/mp4', bytes: initForBrowsers(file) };
  const range = parseRange(name);
  if (range === null || !coversFragments(file, range) || range.endOffset - range.startOffset > maxSegmentBytes) return notFound;
  const handle = await openIfThere(file.absolutePath);
  if (handle === null) return notFound;
  try {
    const bytes = await readAt(handle, range.startOffset, range.endOffset - range.startOffset);
    for (const trackId of tracksNotForBrowsers(file.init)) removeTrackFromFragments(bytes, trackId);
    return { kind: 'media', contentType: 'video/mp4', bytes };
  } finally {
    await handle.close();
  }
}

async function videoOf(files: RecordingFiles, span: PlaybackSpan): Promise<PlaybackVideoOutcome> {
  const found = isCameraFolder(span.cameraId) ? await files.find(span) : [];
  const [group, ...others] = groupByInit(found);
  if (group === undefined) return notFound;
  if (others.length > 0) {
    return { kind: 'several-parameter-sets', parts: boundariesOf([group, ...others], span) };
  }
  return { kind: 'video', contentType: 'video/mp4', sizeBytes: joinedVideoBytes(group), revision: revisionOf(group), chunks: joinedVideo(group) };
}

const notFound = { kind: 'not-found' } as const;

/** What a joined video is made of: fragments never change once they are written. */
function revisionOf(files: readonly PlayableFile[]): string {
  const pieces = files.map(({ path, fragments }) => `${path}:${fragments[0]?.offset ?? 0}-${fragments.at(-1)?.offset ?? 0}`);
  return hash('sha1', pieces.join('\n'), 'base64url');
}

/** Retention may delete a file between two looks. */
async function openIfThere(absolutePath: string): Promise<FileHandle | null> {
  try {
    return await openRecording(absolutePath);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function timesOf(file: PlayableFile): { fromMs: number; toMs: number } {
  return { fromMs: file.index.fragments[0]?.arrivedMs ?? 0, toMs: endOf(file.index) };
}

/** The day is part of the name, and the name is checked as a whole: nothing leads out of the camera's folder. */
function pathOf(span: PlaybackSpan, fileName: string): string | null {
  const day = `${fileName.slice(0, 4)}-${fileName.slice(4, 6)}-${fileName.slice(6, 8)}`;
  const path = `${dayFolder(span.cameraId, span.role, day)}/${fileName}.mp4`;
  return parseRecordingPath(path) === null ? null : path;
}

function parseRange(name: string): { startOffset: number; endOffset: number } | null {
  const match = /^(\d{1,15})-(\d{1,15})\.m4s$/.exec(name);
  return match === null ? null : { startOffset: Number(match[1]), endOffset: Number(match[2]) };
}

/** Whether the range begins and ends with fragments of the span. */
function coversFragments(file: PlayableFile, range: { startOffset: number; endOffset: number }): boolean {
  const isStart = file.fragments.some((fragment) => fragment.offset === range.startOffset);
  const isEnd = file.fragments.some((fragment) => fragment.offset + fragment.sizeBytes === range.endOffset);
  return isStart && isEnd && range.startOffset < range.endOffset;
}

function initForBrowsers(file: PlayableFile): Buffer {
  const bytes = Buffer.from(file.initBytes);
  for (const trackId of tracksNotForBrowsers(file.init)) removeTrackFromInit(bytes, trackId);
  return bytes;
}

function tracksNotForBrowsers(init: InitSegment): number[] {
  return init.tracks.filter((track) => soundNotForBrowsers.has(track.sampleEntry)).map((track) => track.trackId);
}

/** Spans that each lie in one group alone, also where arrivals at the seam overlap a little. */
function boundariesOf(groups: readonly (readonly PlayableFile[])[], span: PlaybackSpan): { fromMs: number; toMs: number }[] {
  const parts: { fromMs: number; toMs: number }[] = [];
  for (const [position, group] of groups.entries()) {
    const previousEndMs = position === 0 ? span.fromMs : endOfGroup(groups[position - 1] ?? []);
    const nextStartMs = groups[position + 1]?.[0]?.fragments[0]?.arrivedMs ?? span.toMs;
    const fromMs = Math.max(span.fromMs, previousEndMs, group[0]?.fragments[0]?.arrivedMs ?? span.fromMs);
    parts.push({ fromMs, toMs: Math.max(fromMs, Math.min(span.toMs, nextStartMs, endOfGroup(group))) });
  }
  return parts;
}

function endOfGroup(group: readonly PlayableFile[]): number {
  const file = group.at(-1);
  const last = file?.fragments.at(-1);
  return file === undefined || last === undefined ? 0 : fragmentEndMs(last, file.index.timescale);
}
