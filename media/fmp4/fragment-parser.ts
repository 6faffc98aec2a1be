/**
 * Reads movie fragments, ours or anybody's.
 *
 *     moof › mfhd · traf › tfhd, tfdt, trun …
 *     prft
 *
 * ISO/IEC 14496-12:2022 §8.8.4 – §8.8.12, §8.16.5.
 */
import { ByteReader } from '../bytes/byte-reader.ts';
import type { BoxRange } from './box-reader.ts';
import { boxesIn, findBox } from './box-reader.ts';
import type { InitTrack } from './init-parser.ts';
import { ntpToWallClockMs } from './ntp-time.ts';

/** One track's share of a fragment. Ticks of the track's timescale. */
export interface TrackFragment {
  readonly trackId: number;
  readonly startTicks: number;
  readonly durationTicks: number;
  readonly sampleCount: number;
  /** Sum of the samples' sizes. */
  readonly sizeBytes: number;
  readonly startsWithKeyFrame: boolean;
}

/** Samples of a track in a fragment at most; an hour at 60 per second has four times as many, but no fragment is so long. */
const maxSamples = 65_536;
const maxTrackFragments = 16;

/** `sample_is_non_sync_sample` (§8.8.3.1). */
const nonSyncFlag = 0x0001_0000;

const tfhdHas = { baseDataOffset: 1, descriptionIndex: 2, duration: 8, size: 0x10, flags: 0x20 } as const;
const trunHas = { dataOffset: 1, firstFlags: 4, duration: 0x100, size: 0x200, flags: 0x400, compositionOffset: 0x800 } as const;

/** The track fragments of the `moof` at `moof`; null when it is damaged or has none of `tracks`. */
export function parseMovieFragment(bytes: Buffer, moof: BoxRange, tracks: readonly InitTrack[]): TrackFragment[] | null {
  const fragments: TrackFragment[] = [];
  for (const traf of boxesIn(bytes, moof.bodyStart, moof.end)) {
    if (traf.type !== 'traf') continue;
    if (fragments.length >= maxTrackFragments) return null;
    const fragment = parseTrackFragment(bytes, traf, tracks);
    if (fragment === 'damaged') return null;
    if (fragment !== 'unknown-track') fragments.push(fragment);
  }
  return fragments.length === 0 ? null : fragments;
}

/** The wall clock of a `prft` in ms since 1970; null when it is damaged. */
export function parseProducerReference(bytes: Buffer, prft: BoxRange): number | null {
  const reader = new ByteReader(bytes, prft.bodyStart, prft.end);
  reader.skip(8);
  const seconds = reader.u32();
  const fraction = reader.u32();
  return reader.isFailed ? null : ntpToWallClockMs(seconds, fraction);
}

/** Offset of `baseMediaDecodeTime` in a `tfdt` of version 1, with its track; for rewriting in place. Null when there is none. */
export function findDecodeTimes(bytes: Buffer, moof: BoxRange): { readonly trackId: number; readonly offset: number }[] | null {
  const found: { trackId: number; offset: number }[] = [];
  for (const traf of boxesIn(bytes, moof.bodyStart, moof.end)) {
    if (traf.type !== 'traf') continue;
    const tfhd = findBox(bytes, 'tfhd', traf.bodyStart, traf.end);
    const tfdt = findBox(bytes, 'tfdt', traf.bodyStart, traf.end);
    if (tfhd === null || tfdt === null || tfhd.bodyStart + 8 > tfhd.end || tfdt.bodyStart + 12 > tfdt.end || bytes[tfdt.bodyStart] !== 1) return null;
    found.push({ trackId: bytes.readUInt32BE(tfhd.bodyStart + 4), offset: tfdt.bodyStart + 4 });
  }
  return found.length === 0 ? null : found;
}

interface Defaults {
  duration: number;
  size: number;
  flags: number;
}

interface RunTotals {
  durationTicks: number;
  sampleCount: number;
  sizeBytes: number;
  firstFlags: number;
}

function parseTrackFragment(bytes: Buffer, traf: BoxRange, tracks: readonly InitTrack[]): TrackFragment | 'damaged' | 'unknown-track' {
  const tfhd = findBox(bytes, 'tfhd', traf.bodyStart, traf.end);
  const tfdt = findBox(bytes, 'tfdt', traf.bodyStart, traf.end);
  if (tfhd === null || tfdt === null) return 'damaged';
  const reader = new ByteReader(bytes, tfhd.bodyStart + 1, tfhd.end);
  const flags = reader.u24();
  const trackId = reader.u32();
  const track = tracks.find((candidate) => candidate.trackId === trackId);
  if (track === undefined) return reader.isFailed ? 'damaged' : 'unknown-track';
  if ((flags & tfhdHas.baseDataOffset) !== 0) reader.skip(8);
  if ((flags & tfhdHas.descriptionIndex) !== 0) reader.skip(4);
  const defaults: Defaults = {
    duration: (flags & tfhdHas.duration) !== 0 ? reader.u32() : track.defaultDurationTicks,
    size: (flags & tfhdHas.size) !== 0 ? reader.u32() : track.defaultSizeBytes,
    flags: (flags & tfhdHas.flags) !== 0 ? reader.u32() : track.defaultFlags,
  };
  const startTicks = readDecodeTime(bytes, tfdt);
  if (reader.isFailed || startTicks === null) return 'damaged';
  const totals: RunTotals = { durationTicks: 0, sampleCount: 0, sizeBytes: 0, firstFlags: nonSyncFlag };
  for (const trun of boxesIn(bytes, traf.bodyStart, traf.end)) {
    if (trun.type === 'trun' && !addRun(bytes, trun, defaults, totals)) return 'damaged';
  }
  const { durationTicks, sampleCount, sizeBytes } = totals;
  return { trackId, startTicks, durationTicks, sampleCount, sizeBytes, startsWithKeyFrame: (totals.firstFlags & nonSyncFlag) === 0 };
}

function readDecodeTime(bytes: Buffer, tfdt: BoxRange): number | null {
  const reader = new ByteReader(bytes, tfdt.bodyStart, tfdt.end);
  const version = reader.u8();
  reader.skip(3);
  const ticks = version === 1 ? reader.u32() * 0x1_0000_0000 + reader.u32() : reader.u32();
  return reader.isFailed || !Number.isSafeInteger(ticks) ? null : ticks;
}

function addRun(bytes: Buffer, trun: BoxRange, defaults: Defaults, totals: RunTotals): boolean {
  const reader = new ByteReader(bytes, trun.bodyStart + 1, trun.end);
  const has = reader.u24();
  const count = reader.u32();
  if ((has & trunHas.dataOffset) !== 0) reader.skip(4);
  const firstFlags = (has & trunHas.firstFlags) !== 0 ? reader.u32() : null;
  if (totals.sampleCount + count > maxSamples) return false;
  for (let index = 0; index < count && !reader.isFailed; index++) {
    totals.durationTicks += (has & trunHas.duration) !== 0 ? reader.u32() : defaults.duration;
    totals.sizeBytes += (has & trunHas.size) !== 0 ? reader.u32() : defaults.size;
    const flags = (has & trunHas.flags) !== 0 ? reader.u32() : defaults.flags;
    if ((has & trunHas.compositionOffset) !== 0) reader.skip(4);
    if (totals.sampleCount === 0) totals.firstFlags = firstFlags ?? flags;
    totals.sampleCount++;
  }
  return !reader.isFailed;
}
