/**
 * Sample entries and their decoder configuration: what a track's `stsd` says about the codec.
 *
 *     avc1  VisualSampleEntry  avcC                        ISO/IEC 14496-15:2022 §5.3.3.1, §5.4.2.1
 *     hvc1  VisualSampleEntry  hvcC                        §8.3.2.1, §8.4.1.1
 *     mp4a  AudioSampleEntry   esds                        ISO/IEC 14496-14:2020 §6.7.2
 *     alaw · ulaw  AudioSampleEntry                        QuickTime File Format, "Sound sample descriptions"
 */
import type { ByteWriter } from '../bytes/byte-writer.ts';
import type { AudioTrack, VideoTrack } from '../stream/frame.ts';
import { beginBox, beginFullBox, endBox } from './box-writer.ts';
import { parseH264SampleFormat, parseH265Format } from './sequence-parameter-set.ts';

/** Sound that a recording can hold. */
export type RecordableAudio = AudioTrack & { readonly codec: 'aac' | 'pcma' | 'pcmu' };

/** True for sound this project stores in MP4. Opus is not stored: cameras hardly send it. */
export function isRecordableAudio(audio: AudioTrack): audio is RecordableAudio {
  return audio.codec !== 'opus';
}

/** Writes `avc1` or `hvc1`. Parameter sets live in the entry, not in samples. */
export function writeVideoSampleEntry(writer: ByteWriter, track: VideoTrack): void {
  const entry = beginBox(writer, track.codec === 'h264' ? 'avc1' : 'hvc1');
  writer.zeros(6);
  writer.u16(1); // data_reference_index
  writer.zeros(16);
  writer.u16(track.width);
  writer.u16(track.height);
  writer.u32(0x0048_0000); // 72 dpi
  writer.u32(0x0048_0000);
  writer.u32(0);
  writer.u16(1); // frame_count
  writer.zeros(32); // compressorname
  writer.u16(0x18); // depth
  writer.u16(0xffff); // pre_defined = -1
  if (track.codec === 'h264') writeAvcConfiguration(writer, track);
  else writeHevcConfiguration(writer, track);
  endBox(writer, entry);
}

/** Writes `mp4a`, `alaw` or `ulaw`. */
export function writeAudioSampleEntry(writer: ByteWriter, track: RecordableAudio): void {
  const entry = beginBox(writer, sampleEntryTypes[track.codec]);
  writer.zeros(6);
  writer.u16(1); // data_reference_index
  writer.zeros(8);
  writer.u16(track.channels);
  writer.u16(16); // samplesize: of the decoded sound
  writer.u32(0);
  // samplerate is 16.16: rates above 65,535 Hz are left to the AudioSpecificConfig
  writer.u32(track.clockRateHz > 0xffff ? 0 : track.clockRateHz * 0x1_0000);
  if (track.codec === 'aac') writeElementaryStreamDescriptor(writer, track.config);
  endBox(writer, entry);
}

const sampleEntryTypes = { aac: 'mp4a', pcma: 'alaw', pcmu: 'ulaw' } as const;

function writeAvcConfiguration(writer: ByteWriter, track: VideoTrack): void {
  const sps = track.sps[0] ?? Buffer.alloc(0);
  const box = beginBox(writer, 'avcC');
  writer.u8(1); // configurationVersion
  writer.u8(sps[1] ?? 0); // AVCProfileIndication
  writer.u8(sps[2] ?? 0); // profile_compatibility
  writer.u8(sps[3] ?? 0); // AVCLevelIndication
  writer.u8(0xfc | 3); // lengthSizeMinusOne
  const spsCount = Math.min(track.sps.length, 31);
  writer.u8(0xe0 | spsCount);
  for (let index = 0; index < spsCount; index++) writeNalUnit(writer, track.sps[index]!);
  const ppsCount = Math.min(track.pps.length, 255);
  writer.u8(ppsCount);
  for (let index = 0; index < ppsCount; index++) writeNalUnit(writer, track.pps[index]!);
  const format = parseH264SampleFormat(sps);
  if (format !== null) {
    writer.u8(0xfc | format.chromaFormat);
    writer.u8(0xf8 | (format.bitDepthLuma - 8));
    writer.u8(0xf8 | (format.bitDepthChroma - 8));
    writer.u8(0); // numOfSequenceParameterSetExt
  }
  endBox(writer, box);
}

function writeHevcConfiguration(writer: ByteWriter, track: VideoTrack): void {
  const format = parseH265Format(track.sps[0] ?? Buffer.alloc(0));
  const box = beginBox(writer, 'hvcC');
  writer.u8(1); // configurationVersion
  writer.raw(format.generalProfileTierLevel);
  writer.u16(0xf000); // min_spatial_segmentation_idc: unknown
  writer.u8(0xfc); // parallelismType: unknown
  writer.u8(0xfc | format.chromaFormat);
  writer.u8(0xf8 | (format.bitDepthLuma - 8));
  writer.u8(0xf8 | (format.bitDepthChroma - 8));
  writer.u16(0); // avgFrameRate: unknown
  writer.u8((format.temporalLayers << 3) | (format.isTemporalIdNested ? 4 : 0) | 3);
  writer.u8(3); // numOfArrays
  writeNalUnitArray(writer, 32, track.vps);
  writeNalUnitArray(writer, 33, track.sps);
  writeNalUnitArray(writer, 34, track.pps);
  endBox(writer, box);
}

function writeNalUnitArray(writer: ByteWriter, type: number, nalUnits: readonly Buffer[]): void {
  writer.u8(0x80 | type); // array_completeness: none in samples, which hvc1 demands
  writer.u16(nalUnits.length);
  for (const nalUnit of nalUnits) writeNalUnit(writer, nalUnit);
}

function writeNalUnit(writer: ByteWriter, nalUnit: Buffer): void {
  writer.u16(nalUnit.length);
  writer.raw(nalUnit);
}

/** Descriptors of ISO/IEC 14496-1 §7.2.6: ES (3) › decoder config (4) › decoder specific info (5), and SL config (6). */
function writeElementaryStreamDescriptor(writer: ByteWriter, config: Buffer): void {
  const box = beginFullBox(writer, 'esds', 0, 0);
  writeDescriptorHead(writer, 3, 3 + 5 + 13 + 5 + config.length + 5 + 1);
  writer.u16(0); // ES_ID: the track's
  writer.u8(0);
  writeDescriptorHead(writer, 4, 13 + 5 + config.length);
  writer.u8(0x40); // objectTypeIndication: MPEG-4 audio
  writer.u8(0x15); // streamType: audio
  writer.u24(0); // bufferSizeDB
  writer.u32(0); // maxBitrate
  writer.u32(0); // avgBitrate: unknown
  writeDescriptorHead(writer, 5, config.length);
  writer.raw(config);
  writeDescriptorHead(writer, 6, 1);
  writer.u8(2); // predefined: MP4
  endBox(writer, box);
}

/** The size in four bytes of seven bits, as readers expect it most. */
function writeDescriptorHead(writer: ByteWriter, tag: number, sizeBytes: number): void {
  writer.u8(tag);
  writer.u8(0x80 | ((sizeBytes >> 21) & 0x7f));
  writer.u8(0x80 | ((sizeBytes >> 14) & 0x7f));
  writer.u8(0x80 | ((sizeBytes >> 7) & 0x7f));
  writer.u8(sizeBytes & 0x7f);
}
