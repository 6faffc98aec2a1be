/** How well one stream reaches its viewers, by all ways of delivery together: who is behind it, and what was left out for them. */

/** What a node reports of one stream. */
export interface DeliveryFacts {
  /** Viewers for whom something was left out within the last 10 s. */
  readonly slowViewers: number;
  /** Frames left out for single viewers since the node serves the stream, summed over viewers. */
  readonly droppedFrames: number;
}

/** A viewer that gets every other group of pictures stays slow from one key frame to the next. */
const slowForMs = 10_000;

/** The viewers of one stream. */
export class DeliveryMeasurements {
  readonly #viewers = new Set<ViewerDelivery>();
  #droppedBefore = 0;

  /** A viewer comes; it must `leave()`. */
  join(): ViewerDelivery {
    const viewer = new ViewerDelivery((left) => {
      if (this.#viewers.delete(left)) this.#droppedBefore += left.droppedFrames;
    });
    this.#viewers.add(viewer);
    return viewer;
  }

  /** `nowMs` is monotonic. */
  observe(nowMs: number): DeliveryFacts {
    let slowViewers = 0;
    let droppedFrames = this.#droppedBefore;
    for (const viewer of this.#viewers) {
      droppedFrames += viewer.droppedFrames;
      if (nowMs - viewer.lastDropMs < slowForMs) slowViewers++;
    }
    return { slowViewers, droppedFrames };
  }
}

/** One viewer's share. */
export class ViewerDelivery {
  droppedFrames = 0;
  /** Monotonic. */
  lastDropMs = Number.NEGATIVE_INFINITY;
  readonly #onLeft: (viewer: ViewerDelivery) => void;

  constructor(onLeft: (viewer: ViewerDelivery) => void) {
    this.#onLeft = onLeft;
  }

  /** `frames` were left out because this viewer, its path or its socket was too slow. `nowMs` is monotonic. */
  noteDropped(frames: number, nowMs: number): void {
    this.droppedFrames += frames;
    this.lastDropMs = nowMs;
  }

  /** Idempotent. */
  leave(): void {
    this.#onLeft(this);
  }
}
