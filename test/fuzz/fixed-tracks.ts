/** Tracks that offers are matched with. */
import type { StreamTracks, VideoTrack } from '../../media/stream/frame.ts';

const video = (codec: 'h264' | 'h265'): VideoTrack => ({
  codec,
  clockRateHz: 90_000,
  width: 640,
  height: 360,
  codecString: codec === 'h264' ? 'avc1.64001E' : 'hvc1.1.6.L63.90',
  vps: [],
  sps: [],
  pps: [],
  hasReordering: false,
});
const audio = { codec: 'pcma', clockRateHz: 8000, channels: 1, config: Buffer.alloc(0), codecString: 'alaw' } as const;

/** H.264 with sound, H.265 without. */
export const fixedTracks: readonly StreamTracks[] = [
  { generation: 1, video: video('h264'), audio },
  { generation: 1, video: video('h265'), audio: null },
];
