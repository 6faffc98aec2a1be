/** Reads recorded files from disk, whatever state they are in: closed, growing, torn, or not ours at all. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { readBox, readBoxHead } from '../fmp4/box-reader.ts';
import { parseMovieFragment, parseProducerReference } from '../fmp4/fragment-parser.ts';
import type { InitTrack } from '../fmp4/init-parser.ts';
import { parseInitSegment, videoTrackOf } from '../fmp4/init-parser.ts';
import type { FileIndex, IndexedFragment } from './file-index.ts';
import { endOffsetOf, indexTrailerBytes, maxFragmentBytes, maxIndexBytes, parseFileIndex } from './file-index.ts';

/** Init segments of ours have about 1,200 bytes; parameter sets may be larger. */
const maxInitBytes = 64 * 1024;

/** Read at once at the start of a fragment: `prft`, `moof` and the head of `mdat` almost always fit. */
const fragmentProbeBytes = 4 * 1024;

/** Longest `moof` that is read. Ours stay below 25 KB. */
const maxMoofBytes = 1024 * 1024;

/** Boxes between two fragments that are skipped at most. */
const maxBoxesPerFragment = 16;

/** Fragments that are walked at most; a file of ours has about 750. */
const maxFragments = 65_536;

/** Opens a file for reading; the caller closes it. */
export async function openRecording(path: string): Promise<FileHandle> {
  return open(path, 'r');
}

/**
 * The index of a file: from its end when it was closed in order, otherwise by walking its fragments up to the first that
 * is not whole. `known`: what an earlier call found in the same file; walking goes on behind it. Null when the file has no
 * readable init segment.
 */
export async function readFileIndex(file: FileHandle, known: FileIndex | null = null): Promise<FileIndex | null> {
  const { size } = await file.stat();
  const written = await readWrittenIndex(file, size);
  if (written !== null) return written;
  const head = await readAt(file, 0, Math.min(size, maxInitBytes));
  const init = parseInitSegment(head);
  const video = init === null ? null : videoTrackOf(init);
  if (init === null || video === null) return null;
  const isSameFile = known !== null && known.initBytes === init.sizeBytes && known.timescale === video.timescale;
  const fragments = isSameFile ? [...known.fragments] : [];
  const index: FileIndex = { timescale: video.timescale, initBytes: init.sizeBytes, fragments };
  while (fragments.length < maxFragments) {
    const fragment = await readFragment(file, endOffsetOf(index), size, video);
    if (fragment === null) break;
    fragments.push(fragment);
  }
  return index;
}

/** Bytes of a range; shorter when the file is. */
export async function readAt(file: FileHandle, offset: number, sizeBytes: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(sizeBytes);
  let done = 0;
  while (done < sizeBytes) {
    const { bytesRead } = await file.read(bytes, done, sizeBytes - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return bytes.subarray(0, done);
}

async function readWrittenIndex(file: FileHandle, sizeBytes: number): Promise<FileIndex | null> {
  if (sizeBytes < indexTrailerBytes) return null;
  const trailer = await readAt(file, sizeBytes - indexTrailerBytes, indexTrailerBytes);
  if (trailer.length < indexTrailerBytes) return null;
  const boxBytes = trailer.readUInt32BE(0);
  if (boxBytes < indexTrailerBytes || boxBytes > maxIndexBytes || boxBytes > sizeBytes) return null;
  return parseFileIndex(await readAt(file, sizeBytes - boxBytes, boxBytes), sizeBytes - boxBytes);
}

/** The whole fragment that begins at `start`: any boxes, a `moof`, its `mdat`. */
async function readFragment(file: FileHandle, start: number, fileBytes: number, video: InitTrack): Promise<IndexedFragment | null> {
  let arrivedMs: number | null = null;
  let moof: { startTicks: number; durationTicks: number; startsWithKeyFrame: boolean } | null = null;
  let offset = start;
  for (let boxes = 0; boxes < maxBoxesPerFragment; boxes++) {
    const probe = await readAt(file, offset, Math.min(fragmentProbeBytes, fileBytes - offset));
    let at = 0;
    for (;;) {
      const head = readBoxHead(probe, at);
      if (head === null || head.sizeBytes === 0) break;
      const box = head.type === 'moof' || head.type === 'prft' ? await wholeBox(file, probe, at, offset, head.sizeBytes) : null;
      if (head.type === 'prft' && box !== null) arrivedMs = parseProducerReference(box, wholeRange(box));
      if (head.type === 'moof') {
        if (box === null) return null;
        const parsed = parseMovieFragment(box, wholeRange(box), [video])?.[0];
        if (parsed === undefined) return null;
        moof = parsed;
      }
      at += head.sizeBytes;
      if (offset + at > fileBytes || offset + at - start > maxFragmentBytes) return null;
      if (head.type === 'mdat' && moof !== null) {
        if (arrivedMs === null) return null;
        const { startTicks, durationTicks, startsWithKeyFrame } = moof;
        return { offset: start, sizeBytes: offset + at - start, arrivedMs, startTicks, durationTicks, startsWithKeyFrame };
      }
      if (at >= probe.length) break;
    }
    if (at === 0) return null;
    offset += at;
  }
  return null;
}

/** The bytes of a small box, from the probe if they are all there. */
async function wholeBox(file: FileHandle, probe: Buffer, at: number, probeOffset: number, sizeBytes: number): Promise<Buffer | null> {
  if (sizeBytes > maxMoofBytes) return null;
  if (at + sizeBytes <= probe.length) return probe.subarray(at, at + sizeBytes);
  const bytes = await readAt(file, probeOffset + at, sizeBytes);
  return bytes.length === sizeBytes ? bytes : null;
}

function wholeRange(bytes: Buffer) {
  return readBox(bytes, 0) ?? { type: '', start: 0, bodyStart: bytes.length, end: bytes.length };
}
