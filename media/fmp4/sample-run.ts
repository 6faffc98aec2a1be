/** The samples of one track in the fragment that is being collected. */
import type { Slab } from '../stream/slab.ts';
import { SlabViews } from './slab-views.ts';

/** Samples a run has room for at first; doubled when needed. Half a second at 60 frames per second fits. */
const initialCapacity = 32;

/**
 * A table of samples and the views on their bytes. Reused from fragment to fragment, so that nothing is allocated per
 * frame. Hot.
 */
export class SampleRun {
  /** Filled up to `count`. */
  sizes = new Uint32Array(initialCapacity);
  durations = new Uint32Array(initialCapacity);
  compositionOffsets = new Int32Array(initialCapacity);
  keyFrames = new Uint8Array(initialCapacity);
  count = 0;
  /** Sum of the durations. */
  durationTicks = 0;
  readonly views = new SlabViews();

  /** Appends a sample; its bytes are held until {@link reset} or until somebody takes the views over. */
  append(slab: Slab, start: number, end: number, durationTicks: number, compositionOffsetTicks: number, isKeyFrame: boolean): void {
    if (this.count === this.sizes.length) this.#grow();
    this.sizes[this.count] = end - start;
    this.durations[this.count] = durationTicks;
    this.compositionOffsets[this.count] = compositionOffsetTicks;
    this.keyFrames[this.count] = isKeyFrame ? 1 : 0;
    this.count++;
    this.durationTicks += durationTicks;
    this.views.append(slab, start, end);
  }

  /** Corrects the duration of the last sample, once the next one is known. */
  setLastDuration(durationTicks: number): void {
    this.durationTicks += durationTicks - this.durations[this.count - 1]!;
    this.durations[this.count - 1] = durationTicks;
  }

  /** Empties the table and lets go of the bytes that nobody took over. */
  reset(): void {
    this.count = 0;
    this.durationTicks = 0;
    this.views.release();
  }

  #grow(): void {
    const capacity = this.sizes.length * 2;
    const { sizes, durations, compositionOffsets, keyFrames } = this;
    this.sizes = new Uint32Array(capacity);
    this.durations = new Uint32Array(capacity);
    this.compositionOffsets = new Int32Array(capacity);
    this.keyFrames = new Uint8Array(capacity);
    this.sizes.set(sizes);
    this.durations.set(durations);
    this.compositionOffsets.set(compositionOffsets);
    this.keyFrames.set(keyFrames);
  }
}
