/**
 * Reads an init segment, ours or anybody's.
 *
 *     ftyp?  moov › trak › tkhd, mdia › mdhd, hdlr, minf › stbl › stsd › sample entry
 *            moov › mvex › trex
 *
 * ISO/IEC 14496-12:2022 §8.3, §8.4, §8.5, §8.8.
 */
import { ByteReader } from '../bytes/byte-reader.ts';
import type { BoxRange } from './box-reader.ts';
import { boxesIn, findBox, findBoxAt } from './box-reader.ts';

/** What fragments of a track need to know. */
export interface InitTrack {
  readonly trackId: number;
  readonly handler: 'vide' | 'soun' | 'other';
  /** Ticks per second. */
  readonly timescale: number;
  /** Type of the first sample entry, such as `avc1`. */
  readonly sampleEntry: string;
  readonly defaultDurationTicks: number;
  readonly defaultSizeBytes: number;
  readonly defaultFlags: number;
}

/** An init segment. `sizeBytes` reaches to the end of `moov`. */
export interface InitSegment {
  readonly sizeBytes: number;
  readonly tracks: readonly InitTrack[];
}

/** More tracks than any file of ours; keeps a hostile one from costing time. */
const maxTracks = 16;

/** Null when there is no whole `moov` with at least one readable track. */
export function parseInitSegment(bytes: Buffer): InitSegment | null {
  const moov = findBox(bytes, 'moov');
  if (moov === null) return null;
  const tracks: InitTrack[] = [];
  for (const box of boxesIn(bytes, moov.bodyStart, moov.end)) {
    if (box.type !== 'trak' || tracks.length >= maxTracks) continue;
    const track = parseTrack(bytes, box, moov);
    if (track !== null) tracks.push(track);
  }
  return tracks.length === 0 ? null : { sizeBytes: moov.end, tracks };
}

/** The track that is shown: the first one with pictures. */
export function videoTrackOf(init: InitSegment): InitTrack | null {
  return init.tracks.find((track) => track.handler === 'vide') ?? null;
}

function parseTrack(bytes: Buffer, trak: BoxRange, moov: BoxRange): InitTrack | null {
  const trackId = readTrackId(bytes, trak);
  const timescale = readTimescale(bytes, trak);
  const stsd = findBoxAt(bytes, ['mdia', 'minf', 'stbl', 'stsd'], trak);
  if (trackId === null || timescale === null || timescale === 0 || stsd === null) return null;
  const entry = boxesIn(bytes, stsd.bodyStart + 8, stsd.end).next();
  const defaults = readTrackExtends(bytes, moov, trackId);
  return { trackId, handler: readHandler(bytes, trak), timescale, sampleEntry: entry.done === true ? '' : entry.value.type, ...defaults };
}

function readTrackId(bytes: Buffer, trak: BoxRange): number | null {
  const tkhd = findBox(bytes, 'tkhd', trak.bodyStart, trak.end);
  if (tkhd === null) return null;
  const reader = new ByteReader(bytes, tkhd.bodyStart, tkhd.end);
  const version = reader.u8();
  reader.skip(3 + (version === 1 ? 16 : 8));
  const trackId = reader.u32();
  return reader.isFailed ? null : trackId;
}

function readTimescale(bytes: Buffer, trak: BoxRange): number | null {
  const mdhd = findBoxAt(bytes, ['mdia', 'mdhd'], trak);
  if (mdhd === null) return null;
  const reader = new ByteReader(bytes, mdhd.bodyStart, mdhd.end);
  const version = reader.u8();
  reader.skip(3 + (version === 1 ? 16 : 8));
  const timescale = reader.u32();
  return reader.isFailed ? null : timescale;
}

function readHandler(bytes: Buffer, trak: BoxRange): InitTrack['handler'] {
  const hdlr = findBoxAt(bytes, ['mdia', 'hdlr'], trak);
  if (hdlr === null || hdlr.bodyStart + 12 > hdlr.end) return 'other';
  const type = bytes.toString('latin1', hdlr.bodyStart + 8, hdlr.bodyStart + 12);
  return type === 'vide' || type === 'soun' ? type : 'other';
}

function readTrackExtends(
  bytes: Buffer,
  moov: BoxRange,
  trackId: number,
): Pick<InitTrack, 'defaultDurationTicks' | 'defaultSizeBytes' | 'defaultFlags'> {
  const mvex = findBox(bytes, 'mvex', moov.bodyStart, moov.end);
  if (mvex !== null) {
    for (const trex of boxesIn(bytes, mvex.bodyStart, mvex.end)) {
      if (trex.type !== 'trex') continue;
      const reader = new ByteReader(bytes, trex.bodyStart, trex.end);
      reader.skip(4);
      const id = reader.u32();
      reader.skip(4);
      const defaults = { defaultDurationTicks: reader.u32(), defaultSizeBytes: reader.u32(), defaultFlags: reader.u32() };
      if (id === trackId && !reader.isFailed) return defaults;
    }
  }
  return { defaultDurationTicks: 0, defaultSizeBytes: 0, defaultFlags: 0 };
}
