/**
 * The index of a recorded file: which fragment lies where, and when it was. Written at the end of a closed file.
 *
 *     uuid  size:32 'uuid' usertype:128
 *           version:32 = 1  timescale:32  initBytes:32  fromMs:64  count:32
 *           count × { sizeBytes:32  arrivedAfterMs:32 signed  durationTicks:32  flags:32 }
 *           boxBytes:32
 *
 * See `recording.md`.
 */
import { ByteReader } from '../bytes/byte-reader.ts';
import { ByteWriter } from '../bytes/byte-writer.ts';
import { beginBox, endBox } from '../fmp4/box-writer.ts';

/** A fragment within its file: `prft`, `moof` and `mdat` together. */
export interface IndexedFragment {
  readonly offset: number;
  readonly sizeBytes: number;
  /** Arrival of the first video frame; wall clock, ms since 1970. */
  readonly arrivedMs: number;
  /** Video ticks since the file's first frame. */
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly startsWithKeyFrame: boolean;
}

/** A recorded file, understood. Fragments lie one after another behind the init segment. */
export interface FileIndex {
  /** Ticks of the video per second. */
  readonly timescale: number;
  readonly initBytes: number;
  readonly fragments: readonly IndexedFragment[];
}

const userType = Buffer.from('38c7f1b06d5e4a529f0e5a1d79696c61', 'hex');
const headBytes = 8 + 16 + 4 + 4 + 4 + 8 + 4;
const entryBytes = 16;

/** Fragments in a file at most: ten minutes have 750; all-intra streams, half a second each, 1,200. */
const maxFragments = 65_536;

/** Largest fragment that is read: a second at 500 Mbit/s. Ours are cut at 16 MB; a damaged file may claim anything. */
export const maxFragmentBytes = 64 * 1024 * 1024;

/** Bytes of the size at the end of the box. */
export const indexTrailerBytes = 4;

/** Largest index that is read. */
export const maxIndexBytes = headBytes + maxFragments * entryBytes + indexTrailerBytes;

/** Last moment of a file: the end of its latest fragment. 0 without fragments. */
export function endOf(index: FileIndex): number {
  let endMs = 0;
  for (const fragment of index.fragments) endMs = Math.max(endMs, fragmentEndMs(fragment, index.timescale));
  return endMs;
}

/** End of a fragment's last frame; wall clock, whole ms. */
export function fragmentEndMs(fragment: IndexedFragment, timescale: number): number {
  return Math.round(fragment.arrivedMs + (fragment.durationTicks * 1000) / timescale);
}

/** Offset behind the last whole fragment. */
export function endOffsetOf(index: FileIndex): number {
  const last = index.fragments.at(-1);
  return last === undefined ? index.initBytes : last.offset + last.sizeBytes;
}

/** Writes the index box. */
export function writeFileIndex(index: FileIndex): Buffer {
  const writer = new ByteWriter(Buffer.alloc(headBytes + index.fragments.length * entryBytes + indexTrailerBytes));
  const fromMs = index.fragments[0]?.arrivedMs ?? 0;
  const box = beginBox(writer, 'uuid');
  writer.raw(userType);
  writer.u32(1);
  writer.u32(index.timescale);
  writer.u32(index.initBytes);
  writer.u64(fromMs);
  writer.u32(index.fragments.length);
  for (const fragment of index.fragments) {
    writer.u32(fragment.sizeBytes);
    // A clock that moved by weeks within a file does not fit: its readers walk the fragments then, see parseFileIndex.
    writer.i32(clampInt32(fragment.arrivedMs - fromMs));
    writer.u32(fragment.durationTicks);
    writer.u32(fragment.startsWithKeyFrame ? 1 : 0);
  }
  writer.u32(writer.bytes.length);
  endBox(writer, box);
  return writer.bytes;
}

/** Reads the index box that must fill `bytes` and begin at `offset` of its file. Null unless everything adds up. */
export function parseFileIndex(bytes: Buffer, offset: number): FileIndex | null {
  const reader = new ByteReader(bytes);
  if (reader.u32() !== bytes.length || reader.view(4).toString('latin1') !== 'uuid' || !reader.view(16).equals(userType)) return null;
  if (reader.u32() !== 1) return null;
  const timescale = reader.u32();
  const initBytes = reader.u32();
  const fromMs = reader.u32() * 0x1_0000_0000 + reader.u32();
  const count = reader.u32();
  if (reader.isFailed || timescale === 0 || count > maxFragments || bytes.length !== headBytes + count * entryBytes + indexTrailerBytes) return null;
  const fragments: IndexedFragment[] = [];
  let at = initBytes;
  let startTicks = 0;
  for (let entry = 0; entry < count; entry++) {
    const sizeBytes = reader.u32();
    const arrivedAfterMs = reader.u32() | 0;
    const durationTicks = reader.u32();
    const startsWithKeyFrame = (reader.u32() & 1) === 1;
    if (arrivedAfterMs === maxInt32 || arrivedAfterMs === minInt32 || sizeBytes > maxFragmentBytes) return null;
    fragments.push({ offset: at, sizeBytes, arrivedMs: fromMs + arrivedAfterMs, startTicks, durationTicks, startsWithKeyFrame });
    at += sizeBytes;
    startTicks += durationTicks;
  }
  return reader.isFailed || at !== offset ? null : { timescale, initBytes, fragments };
}

const maxInt32 = 0x7fff_ffff;
const minInt32 = -0x8000_0000;

function clampInt32(value: number): number {
  return Math.max(minInt32, Math.min(maxInt32, value));
}
