/** Tracks and frames that never change, for golden files: parameter sets of x264 and x265, 640 × 360 at 15 frames per second. */
import type { AudioTrack, Frame, VideoTrack } from '../../media/stream/frame.ts';
import { plainSlab } from './clip-hub.ts';

export const h264Track: VideoTrack = {
  codec: 'h264',
  clockRateHz: 90_000,
  width: 640,
  height: 360,
  codecString: 'avc1.4D4016',
  vps: [],
  sps: [Buffer.from('674d4016d900a02ff9610000030001000003001e0f162e48', 'hex')],
  pps: [Buffer.from('68ebc72c80', 'hex')],
  hasReordering: false,
};

export const h265Track: VideoTrack = {
  codec: 'h265',
  clockRateHz: 90_000,
  width: 640,
  height: 360,
  codecString: 'hvc1.1.6.L63.90',
  vps: [Buffer.from('40010c01ffff01600000030090000003000003003f928090', 'hex')],
  sps: [Buffer.from('42010101600000030090000003000003003fa0050201696592a4932b9a020000030002000003001e10', 'hex')],
  pps: [Buffer.from('4401c172b46240', 'hex')],
  hasReordering: false,
};

export const aacTrack = {
  codec: 'aac',
  clockRateHz: 16_000,
  channels: 1,
  config: Buffer.from('1408', 'hex'),
  codecString: 'mp4a.40.2',
} as const satisfies AudioTrack;

export const alawTrack = {
  codec: 'pcma',
  clockRateHz: 8_000,
  channels: 1,
  config: Buffer.alloc(0),
  codecString: 'alaw',
} as const satisfies AudioTrack;

export const ulawTrack = {
  codec: 'pcmu',
  clockRateHz: 8_000,
  channels: 1,
  config: Buffer.alloc(0),
  codecString: 'ulaw',
} as const satisfies AudioTrack;

/** A frame of `sizeBytes` bytes in memory of its own. */
export function fixedFrame(fields: Pick<Frame, 'kind' | 'isKeyFrame' | 'decodeTicks'> & { sizeBytes: number; arrivedMs: number }): Frame {
  const { kind, isKeyFrame, decodeTicks, sizeBytes, arrivedMs } = fields;
  return {
    kind,
    isKeyFrame,
    decodeTicks,
    slab: plainSlab(Buffer.alloc(sizeBytes, kind === 'video' ? 0x11 : 0x22)),
    start: 0,
    end: sizeBytes,
    compositionOffsetTicks: 0,
    arrivedMonotonicMs: arrivedMs,
    arrivedWallClockMs: arrivedMs,
    generation: 1,
  };
}
