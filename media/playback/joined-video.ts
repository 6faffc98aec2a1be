/** A span as one fragmented MP4, joined from files with the same init segment. */
import { open } from 'node:fs/promises';
import { shiftFragment } from '../fmp4/fragment-shift.ts';
import { videoTrackOf } from '../fmp4/init-parser.ts';
import { fragmentEndMs } from '../recorder/file-index.ts';
import { readAt } from '../recorder/file-reader.ts';
import type { PlayableFile } from './recording-files.ts';
import { gapFromMs } from './spans.ts';

/** A file's place in the joined video. */
interface PlacedFile {
  readonly file: PlayableFile;
  /** Seconds to add to the file's own times; may be negative. */
  readonly shiftSeconds: number;
}

/** Bytes of {@link joinedVideo}. Moving fragments in time does not change their size. */
export function joinedVideoBytes(files: readonly PlayableFile[]): number {
  let total = files[0]?.initBytes.length ?? 0;
  for (const file of files) for (const fragment of file.fragments) total += fragment.sizeBytes;
  return total;
}

/**
 * The video, fragment by fragment, read as it is consumed. It begins at 0. Between files, less than
 * {@link gapFromMs} without picture stays as it was; longer gaps are closed, because players would stand still for their
 * length. `prft` keeps the true time of each fragment.
 *
 * Throws when a file disappears or changes underneath.
 */
export async function* joinedVideo(files: readonly PlayableFile[]): AsyncGenerator<Buffer, void, undefined> {
  let sequenceNumber = 0;
  for (const [position, { file, shiftSeconds }] of placeFiles(files).entries()) {
    if (position === 0) yield file.initBytes;
    const shifts = new Map(file.init.tracks.map((track) => [track.trackId, Math.round(shiftSeconds * track.timescale)]));
    const handle = await open(file.absolutePath, 'r');
    try {
      for (const { offset, sizeBytes } of file.fragments) {
        const fragment = await readAt(handle, offset, sizeBytes);
        sequenceNumber++;
        if (fragment.length < sizeBytes || !shiftFragment(fragment, sequenceNumber, shifts)) {
          throw new Error(`the recording ${file.path} changed at byte ${offset}`);
        }
        yield fragment;
      }
    } finally {
      await handle.close();
    }
  }
}

/** Runs of files with the same init segment. */
export function groupByInit(files: readonly PlayableFile[]): PlayableFile[][] {
  const groups: PlayableFile[][] = [];
  for (const file of files) {
    const last = groups.at(-1);
    if (last?.[0]?.initBytes.equals(file.initBytes) === true) last.push(file);
    else groups.push([file]);
  }
  return groups;
}

function placeFiles(files: readonly PlayableFile[]): PlacedFile[] {
  const placed: PlacedFile[] = [];
  let endSeconds = 0;
  let endMs: number | null = null;
  for (const file of files) {
    const first = file.fragments[0];
    const last = file.fragments.at(-1);
    const timescale = videoTrackOf(file.init)?.timescale;
    if (first === undefined || last === undefined || timescale === undefined) continue;
    const missingMs = endMs === null ? 0 : first.arrivedMs - endMs;
    const startSeconds = endSeconds + (missingMs > 0 && missingMs < gapFromMs ? missingMs / 1000 : 0);
    placed.push({ file, shiftSeconds: startSeconds - first.startTicks / timescale });
    endSeconds = startSeconds + (last.startTicks + last.durationTicks - first.startTicks) / timescale;
    endMs = fragmentEndMs(last, timescale);
  }
  return placed;
}
