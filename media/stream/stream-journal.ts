/**
 * What one stream writes into the log: that it came and that it went, and why. A camera that is broken for weeks is tried every half
 * minute; thirty of them must not bury everything else, so what repeats is counted and told with the next line.
 */
import type { NoPictureReason, StreamPhase } from '../contract/streams.ts';
import type { StreamLog } from './stream-log.ts';

/** Lines at once, when something happens to a stream. */
const BURST = 6;
/** Then one in so long, however often the camera comes and goes. */
const LINE_EVERY_MS = 60_000;
/** The same failure is told again after so long: whoever reads today's log sees the camera that broke last month. */
const SAME_AGAIN_MS = 30 * 60_000;

/** Journal of one stream. Moments are monotonic ms. */
export class StreamJournal {
  readonly #log: StreamLog;
  readonly #names: object;
  #left = BURST;
  #filledAtMs = 0;
  /** Lines left out since the last one. */
  #omitted = 0;
  #story = '';
  #failure = '';
  #failureToldAtMs = Number.NEGATIVE_INFINITY;

  /** `names`: fields of every line. */
  constructor(log: StreamLog, names: object) {
    this.#log = log;
    this.#names = names;
  }

  /** Phase or reason changed. Attempts of a camera that is down are one story. */
  changed(phase: StreamPhase, reason: NoPictureReason | null, nowMs: number): void {
    const isTrying = phase === 'connecting' || phase === 'waiting';
    // Before the first attempt has failed there is nothing to tell.
    if (isTrying && (this.#story === '' || this.#story === 'down')) {
      this.#log.debug({ ...this.#names, phase, reason }, 'stream.changed');
      return;
    }
    const story = isTrying ? 'down' : `${phase} ${reason}`;
    if (story === this.#story) return;
    this.#story = story;
    this.#write({ phase, reason }, 'stream.changed', nowMs);
  }

  /** A connection ended, or could not be made. */
  ended(reason: NoPictureReason, detail: string, nowMs: number): void {
    const failure = `${reason} ${detail}`;
    if (failure === this.#failure && nowMs - this.#failureToldAtMs < SAME_AGAIN_MS) {
      this.#omitted += 1;
      return;
    }
    if (!this.#write({ reason, detail }, 'stream.connection-ended', nowMs)) return;
    this.#failure = failure;
    this.#failureToldAtMs = nowMs;
  }

  #write(fields: object, message: string, nowMs: number): boolean {
    this.#left = Math.min(BURST, this.#left + Math.max(0, nowMs - this.#filledAtMs) / LINE_EVERY_MS);
    this.#filledAtMs = nowMs;
    if (this.#left < 1) {
      this.#omitted += 1;
      return false;
    }
    this.#left -= 1;
    const omitted = this.#omitted === 0 ? {} : { omittedLines: this.#omitted };
    this.#omitted = 0;
    this.#log.info({ ...this.#names, ...fields, ...omitted }, message);
    return true;
  }
}
