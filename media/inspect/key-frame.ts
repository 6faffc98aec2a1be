/** The newest key frame of a stream as a byte stream that any decoder reads. */
import type { Frame, StreamTracks } from '../stream/frame.ts';
import type { StreamHub } from '../stream/sink.ts';

/** One key frame with its parameter sets, as a byte stream (ITU-T H.264 Annex B, H.265 Annex B). */
export interface KeyFrame {
  readonly codec: 'h264' | 'h265';
  readonly bytes: Buffer;
  /** Pixels, as the stream's parameter sets say. */
  readonly width: number;
  readonly height: number;
  /** Whether the stream reorders pictures, so that a decoder may wait for the next. */
  readonly hasReordering: boolean;
  /** Arrival by the node's wall clock, ms since 1970. */
  readonly arrivedAtMs: number;
}

const startCode = Buffer.from([0, 0, 0, 1]);

/** Copies the newest key frame out of the hub's cached group; null while there is none. */
export function copyNewestKeyFrame(hub: StreamHub): KeyFrame | null {
  const search = new KeyFrameSearch();
  hub.addSink(search, 'cached-group')();
  return search.found;
}

/** A sink for one moment: the hub gives it the cached group at once. */
class KeyFrameSearch {
  found: KeyFrame | null = null;
  #tracks: StreamTracks | null = null;

  onTracks(tracks: StreamTracks): void {
    this.#tracks = tracks;
  }

  onFrame(frame: Frame): void {
    const video = this.#tracks?.video ?? null;
    if (video === null || frame.kind !== 'video' || !frame.isKeyFrame) return;
    const parts: Buffer[] = [];
    for (const set of [...video.vps, ...video.sps, ...video.pps]) parts.push(startCode, set);
    const { bytes } = frame.slab;
    let offset = frame.start;
    while (offset + 4 <= frame.end) {
      const nalEnd = offset + 4 + bytes.readUInt32BE(offset);
      if (nalEnd > frame.end) return;
      parts.push(startCode, bytes.subarray(offset + 4, nalEnd));
      offset = nalEnd;
    }
    const { codec, width, height, hasReordering } = video;
    this.found = { codec, bytes: Buffer.concat(parts), width, height, hasReordering, arrivedAtMs: frame.arrivedWallClockMs };
  }

  onInterrupted(): void {}
}
