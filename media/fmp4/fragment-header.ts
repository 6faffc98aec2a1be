/**
 * All of a fragment but the coded frames themselves.
 *
 *     prft                  (recordings only) arrival of the first video frame, wall clock
 *     moof
 *       mfhd                sequence number
 *       traf (video, id 1)  tfhd  tfdt  trun (duration, size, flags, composition offset per sample)
 *       traf (audio, id 2)  tfhd  tfdt  trun (duration, size per sample)
 *     mdat                  header only; then the video samples, then the audio samples
 *
 * ISO/IEC 14496-12:2022 §8.8 (movie fragments), §8.16.5 (producer reference time).
 */
import { ByteWriter } from '../bytes/byte-writer.ts';
import { beginBox, beginFullBox, endBox } from './box-writer.ts';
import { audioTrackId, videoTrackId } from './init-segment.ts';
import { writeNtpTime } from './ntp-time.ts';
import type { SampleRun } from './sample-run.ts';

/** Flags of a sample others depend on nothing for: `sample_depends_on` = 2 (§8.8.3.1). */
export const keyFrameFlags = 0x0200_0000;
/** `sample_depends_on` = 1 and `sample_is_non_sync_sample`. */
export const otherFrameFlags = 0x0101_0000;

/** Bytes of a `prft` box, version 1. */
export const producerReferenceBytes = 32;

const boxHeaderBytes = 8;
const mfhdBytes = 16;
const videoTfhdBytes = 16;
const audioTfhdBytes = 20;
const tfdtBytes = 20;
const trunHeaderBytes = 20;
const videoSampleBytes = 16;
const audioSampleBytes = 8;

/** Where and when a fragment begins. Ticks of each track's clock, counted from the start of the file or timeline. */
export interface FragmentStart {
  readonly sequenceNumber: number;
  readonly videoTicks: number;
  readonly audioTicks: number;
  /** Writes a `prft` when not null. */
  readonly arrivedWallClockMs: number | null;
}

/** Bytes {@link writeFragmentHeader} will write. */
export function fragmentHeaderBytes(videoSamples: number, audioSamples: number, hasProducerReference: boolean): number {
  return (hasProducerReference ? producerReferenceBytes : 0) + moofBytes(videoSamples, audioSamples) + boxHeaderBytes;
}

/** Writes the header; the bytes of `video` and then of `audio` must follow it. Hot: one allocation per fragment. */
export function writeFragmentHeader(start: FragmentStart, video: SampleRun, audio: SampleRun): Buffer {
  const hasProducerReference = start.arrivedWallClockMs !== null;
  const writer = new ByteWriter(Buffer.allocUnsafe(fragmentHeaderBytes(video.count, audio.count, hasProducerReference)));
  if (start.arrivedWallClockMs !== null) writeProducerReference(writer, start.arrivedWallClockMs, start.videoTicks);
  const dataOffset = moofBytes(video.count, audio.count) + boxHeaderBytes;
  const moof = beginBox(writer, 'moof');
  const mfhd = beginFullBox(writer, 'mfhd', 0, 0);
  writer.u32(start.sequenceNumber);
  endBox(writer, mfhd);
  writeVideoTrackFragment(writer, video, start.videoTicks, dataOffset);
  if (audio.count > 0) writeAudioTrackFragment(writer, audio, start.audioTicks, dataOffset + video.views.sizeBytes);
  endBox(writer, moof);
  writer.u32(boxHeaderBytes + video.views.sizeBytes + audio.views.sizeBytes);
  writer.ascii('mdat');
  return writer.bytes;
}

function moofBytes(videoSamples: number, audioSamples: number): number {
  const video = boxHeaderBytes + videoTfhdBytes + tfdtBytes + trunHeaderBytes + videoSamples * videoSampleBytes;
  const audio = audioSamples === 0 ? 0 : boxHeaderBytes + audioTfhdBytes + tfdtBytes + trunHeaderBytes + audioSamples * audioSampleBytes;
  return boxHeaderBytes + mfhdBytes + video + audio;
}

function writeProducerReference(writer: ByteWriter, wallClockMs: number, mediaTicks: number): void {
  const box = beginFullBox(writer, 'prft', 1, 8); // 8: an arbitrary but consistent moment, here the arrival at the node
  writer.u32(videoTrackId);
  writeNtpTime(writer, wallClockMs);
  writer.u64(mediaTicks);
  endBox(writer, box);
}

function writeVideoTrackFragment(writer: ByteWriter, run: SampleRun, startTicks: number, dataOffset: number): void {
  const traf = beginBox(writer, 'traf');
  const tfhd = beginFullBox(writer, 'tfhd', 0, 0x02_0000); // default-base-is-moof
  writer.u32(videoTrackId);
  endBox(writer, tfhd);
  writeDecodeTime(writer, startTicks);
  const trun = beginFullBox(writer, 'trun', 1, 0x0f01); // data offset; duration, size, flags and composition offset per sample
  writer.u32(run.count);
  writer.u32(dataOffset);
  for (let index = 0; index < run.count; index++) {
    writer.u32(run.durations[index]!);
    writer.u32(run.sizes[index]!);
    writer.u32(run.keyFrames[index] === 1 ? keyFrameFlags : otherFrameFlags);
    writer.i32(run.compositionOffsets[index]!);
  }
  endBox(writer, trun);
  endBox(writer, traf);
}

function writeAudioTrackFragment(writer: ByteWriter, run: SampleRun, startTicks: number, dataOffset: number): void {
  const traf = beginBox(writer, 'traf');
  const tfhd = beginFullBox(writer, 'tfhd', 0, 0x02_0020); // default-base-is-moof, default sample flags
  writer.u32(audioTrackId);
  writer.u32(keyFrameFlags);
  endBox(writer, tfhd);
  writeDecodeTime(writer, startTicks);
  const trun = beginFullBox(writer, 'trun', 0, 0x0301); // data offset; duration and size per sample
  writer.u32(run.count);
  writer.u32(dataOffset);
  for (let index = 0; index < run.count; index++) {
    writer.u32(run.durations[index]!);
    writer.u32(run.sizes[index]!);
  }
  endBox(writer, trun);
  endBox(writer, traf);
}

function writeDecodeTime(writer: ByteWriter, startTicks: number): void {
  const tfdt = beginFullBox(writer, 'tfdt', 1, 0);
  writer.u64(startTicks);
  endBox(writer, tfdt);
}
