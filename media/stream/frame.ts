/** Frames and tracks: what flows from the depacketizers past the hub to every sink. */
import type { Slab } from './slab.ts';

/**
 * One access unit (video) or one coded audio frame, as a view on its slab.
 *
 * Video bytes are NAL units with 4-byte big-endian lengths (ISO/IEC 14496-15 §5.3.3), in the order they go into
 * `mdat`: access unit delimiters and parameter sets are left out (see {@link VideoTrack}), SEI kept. AAC is raw (no
 * ADTS). Consecutive frames of one track lie one after another in a slab as long as it has room.
 */
export interface Frame {
  readonly kind: 'video' | 'audio';
  readonly slab: Slab;
  /** Byte range within `slab.bytes`. */
  readonly start: number;
  readonly end: number;
  /** Audio frames are always true. */
  readonly isKeyFrame: boolean;
  /** Decode time in ticks of the track's clock; unwrapped, strictly increasing within a track generation. */
  readonly decodeTicks: number;
  /** Composition minus decode time, in ticks; 0 without reordering. */
  readonly compositionOffsetTicks: number;
  /** Arrival of the last packet of the frame, node's clocks. */
  readonly arrivedMonotonicMs: number;
  readonly arrivedWallClockMs: number;
  /** Generation of {@link StreamTracks} it belongs to. */
  readonly generation: number;
}

export interface VideoTrack {
  readonly codec: 'h264' | 'h265';
  readonly clockRateHz: number;
  readonly width: number;
  readonly height: number;
  /** RFC 6381 codecs parameter, such as `avc1.64001F` or `hvc1.1.6.L93.B0`. */
  readonly codecString: string;
  /** Raw NAL units without start code. H.264: `vps` is empty. */
  readonly vps: readonly Buffer[];
  readonly sps: readonly Buffer[];
  readonly pps: readonly Buffer[];
  /** True when the stream has B-frames (composition offsets differ from zero). */
  readonly hasReordering: boolean;
}

export interface AudioTrack {
  readonly codec: 'aac' | 'pcma' | 'pcmu' | 'opus';
  readonly clockRateHz: number;
  readonly channels: number;
  /** AudioSpecificConfig (ISO/IEC 14496-3 §1.6.2.1) for AAC, empty otherwise. */
  readonly config: Buffer;
  readonly codecString: string;
}

/** The tracks of a stream. A new generation means new initialisation: sinks end their segment or file. */
export interface StreamTracks {
  readonly generation: number;
  readonly video: VideoTrack | null;
  readonly audio: AudioTrack | null;
}
