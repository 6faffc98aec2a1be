/** A stream of 4 Mbps without camera and network: 25 frames a second, a key frame every two seconds. */
import { systemClock } from '../../media/clock/clock.ts';
import type { Frame, StreamTracks } from '../../media/stream/frame.ts';
import type { FrameSink, SinkStart, StreamHub } from '../../media/stream/sink.ts';
import { ClipHub } from '../support/clip-hub.ts';

export const framesPerSecond = 25;
const groupFrames = 50;
const keyFrameBytes = 90_000;
/** Together with a key frame every two seconds: 4 Mbps. */
const otherFrameBytes = 18_500;

/** One slice of the wanted size per frame; nobody looks inside. Parameter sets are real ones. */
export class SyntheticHub implements StreamHub {
  readonly tracks: StreamTracks = new ClipHub({ role: 'main' }).tracks;
  readonly #sinks = new Set<FrameSink>();
  readonly #group: Frame[] = [];
  #frameNumber = 0;

  addSink(sink: FrameSink, start: SinkStart): () => void {
    this.#sinks.add(sink);
    sink.onTracks(this.tracks);
    if (start === 'cached-group') for (const frame of this.#group) sink.onFrame(frame);
    return () => this.#sinks.delete(sink);
  }

  next(): void {
    const isKeyFrame = this.#frameNumber % groupFrames === 0;
    const sizeBytes = isKeyFrame ? keyFrameBytes : otherFrameBytes;
    const bytes = Buffer.alloc(sizeBytes, isKeyFrame ? 0x65 : 0x41);
    bytes.writeUInt32BE(sizeBytes - 4);
    const frame: Frame = {
      kind: 'video',
      slab: { bytes, retain() {}, release() {} },
      start: 0,
      end: sizeBytes,
      isKeyFrame,
      decodeTicks: (this.#frameNumber++ * 90_000) / framesPerSecond,
      compositionOffsetTicks: 0,
      arrivedMonotonicMs: systemClock.monotonicMs(),
      arrivedWallClockMs: systemClock.wallClockMs(),
      generation: 1,
    };
    if (isKeyFrame) this.#group.length = 0;
    this.#group.push(frame);
    for (const sink of this.#sinks) sink.onFrame(frame);
  }
}
