/** A stream hub that plays a clip of the simulator without network: frames come when the test says so, or in real time. */
import { readFileSync } from 'node:fs';
import type { Frame, StreamTracks, VideoTrack } from '../../media/stream/frame.ts';
import type { FrameSink, SinkStart, StreamHub } from '../../media/stream/sink.ts';
import type { Slab } from '../../media/stream/slab.ts';
import { parseVideoStream, type AccessUnit } from '../simulator/annex-b.ts';

export interface ClipHubOptions {
  readonly codec?: 'h264' | 'h265';
  /** `main`: 1280 × 720, half a megabyte per group; `sub` unless told otherwise. */
  readonly role?: 'main' | 'sub';
  readonly hasReordering?: boolean;
  /** Decode time of the first frame; a camera may start anywhere. */
  readonly firstTicks?: number;
}

const framesPerSecond = 15;
const ticksPerFrame = 90_000 / framesPerSecond;

/** A slab nobody recycles. */
export function plainSlab(bytes: Buffer): Slab {
  return { bytes, retain() {}, release() {} };
}

/** NAL units as they lie in a frame: each behind its length. */
export function joinNals(nalUnits: readonly Buffer[]): Buffer {
  return Buffer.concat(
    nalUnits.flatMap((nalUnit) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(nalUnit.length);
      return [length, nalUnit];
    }),
  );
}

export class ClipHub implements StreamHub {
  tracks: StreamTracks;
  readonly sinks = new Set<FrameSink>();
  readonly #units: readonly AccessUnit[];
  readonly #firstTicks: number;
  /** Slabs that sinks retained and did not release. */
  heldSlabs = 0;
  #group: Frame[] = [];
  #frameNumber = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ClipHubOptions = {}) {
    const codec = options.codec ?? 'h264';
    const stream = parseVideoStream(codec, readFileSync(new URL(`../simulator/clips/test-card.${options.role ?? 'sub'}.${codec}`, import.meta.url)));
    this.#units = stream.accessUnits;
    this.#firstTicks = options.firstTicks ?? 0;
    const sps = stream.parameterSets.at(-2) ?? Buffer.alloc(0);
    const video: VideoTrack = {
      codec,
      clockRateHz: 90_000,
      width: 640,
      height: 360,
      codecString: codec === 'h264' ? `avc1.${sps.subarray(1, 4).toString('hex')}` : 'hvc1.1.6.L93.B0',
      vps: stream.parameterSets.slice(0, -2),
      sps: [sps],
      pps: stream.parameterSets.slice(-1),
      hasReordering: options.hasReordering ?? false,
    };
    this.tracks = { generation: 1, video, audio: null };
  }

  addSink(sink: FrameSink, start: SinkStart): () => void {
    this.sinks.add(sink);
    sink.onTracks(this.tracks);
    if (start === 'cached-group') for (const frame of this.#group) sink.onFrame(frame);
    return () => this.sinks.delete(sink);
  }

  /** Delivers the next `count` frames, arrived now or at `arrivedMs`. */
  advance(count = 1, arrivedMs = Date.now()): void {
    for (let done = 0; done < count; done++) {
      const unit = this.#units[this.#frameNumber % this.#units.length];
      if (unit === undefined) throw new Error('the clip is empty');
      const bytes = joinNals(unit.nalUnits);
      const frame: Frame = {
        kind: 'video',
        slab: { bytes, retain: () => this.heldSlabs++, release: () => this.heldSlabs-- },
        start: 0,
        end: bytes.length,
        isKeyFrame: unit.isKeyFrame,
        decodeTicks: this.#firstTicks + this.#frameNumber * ticksPerFrame,
        compositionOffsetTicks: 0,
        arrivedMonotonicMs: arrivedMs,
        arrivedWallClockMs: arrivedMs,
        generation: this.tracks.generation,
      };
      this.#frameNumber++;
      if (frame.isKeyFrame) this.#group = [];
      this.#group.push(frame);
      for (const sink of this.sinks) sink.onFrame(frame);
    }
  }

  /** Frames at the clip's own pace until `stop`. */
  play(): void {
    this.#timer = setInterval(() => this.advance(), 1000 / framesPerSecond);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }
}
