/** All parameter sets of one video track, and the track they describe. */
import type { VideoTrack } from '../stream/frame.ts';
import { h264ParameterSetId, parseH264Sps } from './h264-parameter-sets.ts';
import { h265ParameterSetId, parseH265Sps } from './h265-parameter-sets.ts';
import { ParameterSetStore } from './parameter-sets.ts';

/** A track as its parameter sets describe it. */
export interface DescribedVideo {
  readonly track: VideoTrack;
  /** Null: the stream does not say whether pictures are reordered. */
  readonly maxReorderFrames: number | null;
  /** Nominal; null: the stream does not say. */
  readonly framesPerSecond: number | null;
}

type Kind = 'vps' | 'sps' | 'pps';

/** Parameter sets of one track, from the description first and in band later. */
export class VideoParameters {
  readonly #codec: VideoTrack['codec'];
  readonly #clockRateHz: number;
  readonly #stores: Record<Kind, ParameterSetStore> = { vps: new ParameterSetStore(), sps: new ParameterSetStore(), pps: new ParameterSetStore() };
  /** The sequence in force is the one named last: cameras announce one at a time. */
  #latestSps: Buffer | null = null;

  constructor(codec: VideoTrack['codec'], clockRateHz: number) {
    this.#codec = codec;
    this.#clockRateHz = clockRateHz;
  }

  /** Raised whenever a set is new or changed. */
  get version(): number {
    return this.#stores.vps.version + this.#stores.sps.version + this.#stores.pps.version;
  }

  /** Takes a parameter set (copies). False: unsound, and left out. Cheap when the set is known already. */
  put(nalUnit: Buffer): boolean {
    const kind = this.#kindOf(nalUnit);
    if (kind === null) return false;
    if (kind === 'sps' && this.#latestSps !== null && this.#latestSps.equals(nalUnit)) return true;
    const id = this.#codec === 'h264' ? h264ParameterSetId(nalUnit) : h265ParameterSetId(nalUnit);
    if (id === null || !this.#stores[kind].put(id, nalUnit)) return false;
    if (kind === 'sps') this.#latestSps = this.#stores.sps.get(id);
    return true;
  }

  /** The track, or null while sets are missing or unsound. */
  describe(hasReordering: (maxReorderFrames: number | null) => boolean): DescribedVideo | null {
    const { vps, sps, pps } = this.#stores;
    const sets = { vps: vps.all(), sps: sps.all(), pps: pps.all() };
    if (this.#latestSps === null || sets.pps.length === 0 || (this.#codec === 'h265' && sets.vps.length === 0)) return null;
    const parsed = this.#codec === 'h264' ? parseH264Sps(this.#latestSps) : parseH265Sps(this.#latestSps);
    if (parsed === null) return null;
    const { width, height, codecString, maxReorderFrames, framesPerSecond } = parsed;
    const common = { codec: this.#codec, clockRateHz: this.#clockRateHz, width, height, codecString, ...sets };
    return { track: { ...common, hasReordering: hasReordering(maxReorderFrames) }, maxReorderFrames, framesPerSecond };
  }

  #kindOf(nalUnit: Buffer): Kind | null {
    const first = nalUnit[0] ?? 0;
    if (this.#codec === 'h264') {
      const type = first & 0x1f;
      return type === 7 ? 'sps' : type === 8 ? 'pps' : null;
    }
    const type = (first >> 1) & 0x3f;
    return type === 32 ? 'vps' : type === 33 ? 'sps' : type === 34 ? 'pps' : null;
  }
}
