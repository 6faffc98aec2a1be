/** Frames, tracks and sinks for tests of hubs and streams. */
import type { Frame, StreamTracks } from '../../../media/stream/frame.ts';
import type { FrameSink } from '../../../media/stream/sink.ts';
import type { Slab } from '../../../media/stream/slab.ts';
import { SlabPool } from '../../../media/stream/slab-pool.ts';

/** Tracks of a small H.264 picture. */
export function tracksOf(generation: number): StreamTracks {
  const video = {
    codec: 'h264',
    clockRateHz: 90_000,
    width: 640,
    height: 360,
    codecString: 'avc1.42C01E',
    vps: [],
    sps: [],
    pps: [],
    hasReordering: false,
  } as const;
  return { generation, video, audio: null };
}

/** Makes frames, each in a slab of its own that only its holders keep. */
export class FrameMaker {
  readonly pool = new SlabPool();
  #index = 0;

  /** Gives a new frame to `use`, then lets go of it, as a source does. */
  make(use: (frame: Frame) => void, overrides: Partial<Frame> & { readonly sizeBytes?: number } = {}): void {
    const { sizeBytes = 10, ...fields } = overrides;
    const slab: Slab = this.pool.take(sizeBytes);
    this.#index += 1;
    use({
      kind: 'video',
      slab,
      start: 0,
      end: sizeBytes,
      isKeyFrame: false,
      decodeTicks: this.#index * 3600,
      compositionOffsetTicks: 0,
      arrivedMonotonicMs: this.#index * 40,
      arrivedWallClockMs: 1_700_000_000_000 + this.#index * 40,
      generation: 1,
      ...fields,
    });
    slab.release();
  }
}

/** A sink that writes down what happens to it. */
export class RecordingSink implements FrameSink {
  readonly events: string[] = [];
  /** Called after each event; may throw. */
  readonly react: (event: string) => void;

  constructor(react: (event: string) => void = () => undefined) {
    this.react = react;
  }

  onTracks(tracks: StreamTracks): void {
    this.#note(`tracks ${tracks.generation}`);
  }

  onFrame(frame: Frame): void {
    this.#note(`${frame.kind} ${frame.decodeTicks / 3600}${frame.kind === 'video' && frame.isKeyFrame ? ' key' : ''}`);
  }

  onInterrupted(): void {
    this.#note('interrupted');
  }

  #note(event: string): void {
    this.events.push(event);
    this.react(event);
  }
}
