/**
 * The init segment: everything a player must know before the first frame.
 *
 *     ftyp
 *     moov
 *       mvhd
 *       trak (video, id 1)   tkhd  mdia  mdhd hdlr minf  vmhd dinf/dref/url  stbl  stsd/avc1|hvc1 stts stsc stsz stco
 *       trak (audio, id 2)   tkhd  mdia  mdhd hdlr minf  smhd dinf/dref/url  stbl  stsd/mp4a|alaw|ulaw stts stsc stsz stco
 *       mvex                 trex (per track)
 *
 * ISO/IEC 14496-12:2022 §8; brands of §E and of CMAF (ISO/IEC 23000-19).
 */
import { ByteWriter } from '../bytes/byte-writer.ts';
import type { VideoTrack } from '../stream/frame.ts';
import { beginBox, beginFullBox, endBox } from './box-writer.ts';
import type { RecordableAudio } from './sample-entry.ts';
import { writeAudioSampleEntry, writeVideoSampleEntry } from './sample-entry.ts';

/** Track ids of everything this project writes. */
export const videoTrackId = 1;
export const audioTrackId = 2;

/** Fixed parts of two tracks take 1,160 bytes; the rest is parameter sets and their lengths. */
const fixedPartsBytes = 2048;

/** Writes an init segment. Each track's timescale is its clock rate. */
export function writeInitSegment(video: VideoTrack, audio: RecordableAudio | null): Buffer {
  const writer = new ByteWriter(Buffer.alloc(fixedPartsBytes + parameterSetBytes(video) + (audio?.config.length ?? 0)));
  const ftyp = beginBox(writer, 'ftyp');
  writer.ascii('iso6');
  writer.u32(0);
  writer.ascii('iso6cmfcmp41');
  endBox(writer, ftyp);
  const moov = beginBox(writer, 'moov');
  writeMovieHeader(writer, audio === null ? 2 : 3);
  writeVideoTrack(writer, video);
  if (audio !== null) writeAudioTrack(writer, audio);
  const mvex = beginBox(writer, 'mvex');
  writeTrackExtends(writer, videoTrackId);
  if (audio !== null) writeTrackExtends(writer, audioTrackId);
  endBox(writer, mvex);
  endBox(writer, moov);
  return writer.bytes.subarray(0, writer.position);
}

function parameterSetBytes(video: VideoTrack): number {
  let total = 0;
  for (const nalUnits of [video.vps, video.sps, video.pps]) for (const nalUnit of nalUnits) total += 2 + nalUnit.length;
  return total;
}

function writeMovieHeader(writer: ByteWriter, nextTrackId: number): void {
  const box = beginFullBox(writer, 'mvhd', 0, 0);
  writer.u32(0);
  writer.u32(0);
  writer.u32(1000); // timescale
  writer.u32(0); // duration: in the fragments
  writer.u32(0x0001_0000); // rate
  writer.u16(0x0100); // volume
  writer.zeros(10);
  writeUnityMatrix(writer);
  writer.zeros(24);
  writer.u32(nextTrackId);
  endBox(writer, box);
}

function writeVideoTrack(writer: ByteWriter, video: VideoTrack): void {
  const trak = beginBox(writer, 'trak');
  writeTrackHeader(writer, videoTrackId, 0, video.width, video.height);
  const mdia = beginBox(writer, 'mdia');
  writeMediaHeader(writer, video.clockRateHz);
  writeHandler(writer, 'vide');
  const minf = beginBox(writer, 'minf');
  const vmhd = beginFullBox(writer, 'vmhd', 0, 1);
  writer.zeros(8);
  endBox(writer, vmhd);
  writeDataInformation(writer);
  const stbl = beginBox(writer, 'stbl');
  const stsd = beginFullBox(writer, 'stsd', 0, 0);
  writer.u32(1);
  writeVideoSampleEntry(writer, video);
  endBox(writer, stsd);
  writeEmptySampleTables(writer);
  endBox(writer, stbl);
  endBox(writer, minf);
  endBox(writer, mdia);
  endBox(writer, trak);
}

function writeAudioTrack(writer: ByteWriter, audio: RecordableAudio): void {
  const trak = beginBox(writer, 'trak');
  writeTrackHeader(writer, audioTrackId, 0x0100, 0, 0);
  const mdia = beginBox(writer, 'mdia');
  writeMediaHeader(writer, audio.clockRateHz);
  writeHandler(writer, 'soun');
  const minf = beginBox(writer, 'minf');
  const smhd = beginFullBox(writer, 'smhd', 0, 0);
  writer.zeros(4);
  endBox(writer, smhd);
  writeDataInformation(writer);
  const stbl = beginBox(writer, 'stbl');
  const stsd = beginFullBox(writer, 'stsd', 0, 0);
  writer.u32(1);
  writeAudioSampleEntry(writer, audio);
  endBox(writer, stsd);
  writeEmptySampleTables(writer);
  endBox(writer, stbl);
  endBox(writer, minf);
  endBox(writer, mdia);
  endBox(writer, trak);
}

function writeTrackHeader(writer: ByteWriter, trackId: number, volume: number, width: number, height: number): void {
  const box = beginFullBox(writer, 'tkhd', 0, 3); // enabled, in movie
  writer.u32(0);
  writer.u32(0);
  writer.u32(trackId);
  writer.u32(0);
  writer.u32(0); // duration: in the fragments
  writer.zeros(8);
  writer.u16(0); // layer
  writer.u16(0); // alternate_group
  writer.u16(volume);
  writer.u16(0);
  writeUnityMatrix(writer);
  writer.u32(width * 0x1_0000);
  writer.u32(height * 0x1_0000);
  endBox(writer, box);
}

function writeMediaHeader(writer: ByteWriter, timescale: number): void {
  const box = beginFullBox(writer, 'mdhd', 0, 0);
  writer.u32(0);
  writer.u32(0);
  writer.u32(timescale);
  writer.u32(0);
  writer.u16(0x55c4); // language: und
  writer.u16(0);
  endBox(writer, box);
}

function writeHandler(writer: ByteWriter, type: 'vide' | 'soun'): void {
  const box = beginFullBox(writer, 'hdlr', 0, 0);
  writer.u32(0);
  writer.ascii(type);
  writer.zeros(12);
  writer.u8(0); // name: empty
  endBox(writer, box);
}

function writeDataInformation(writer: ByteWriter): void {
  const dinf = beginBox(writer, 'dinf');
  const dref = beginFullBox(writer, 'dref', 0, 0);
  writer.u32(1);
  const url = beginFullBox(writer, 'url ', 0, 1); // in this file
  endBox(writer, url);
  endBox(writer, dref);
  endBox(writer, dinf);
}

function writeEmptySampleTables(writer: ByteWriter): void {
  for (const type of ['stts', 'stsc', 'stco']) {
    const box = beginFullBox(writer, type, 0, 0);
    writer.u32(0);
    endBox(writer, box);
  }
  const stsz = beginFullBox(writer, 'stsz', 0, 0);
  writer.u32(0);
  writer.u32(0);
  endBox(writer, stsz);
}

function writeTrackExtends(writer: ByteWriter, trackId: number): void {
  const box = beginFullBox(writer, 'trex', 0, 0);
  writer.u32(trackId);
  writer.u32(1); // default_sample_description_index
  writer.zeros(12);
  endBox(writer, box);
}

function writeUnityMatrix(writer: ByteWriter): void {
  for (const value of [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000]) writer.u32(value);
}
