/** The data channel `clock` of one session: tells the page the node's clock of its picture, and what becomes of the session. */
import type { DataChannel } from 'node-datachannel';
import type { Clock } from '../clock/clock.ts';
import type { ClockMessage, SessionMessage } from '../contract/media-api.ts';
import type { Viewer } from './viewer.ts';

export const sessionChannelLabel = 'clock';
/** Half the interval at which a tile shows the age of its picture. */
const clockIntervalMs = 500;
/** What a page says is a ticket of 2 KB at most. */
const maxTextCharacters = 4096;
/** A page renews its ticket every few minutes. */
const maxTexts = 30;
const textWindowMs = 60_000;

/** Speaks until it is closed; never throws. */
export class SessionChannel {
  readonly #channel: DataChannel;
  readonly #viewer: Viewer;
  readonly #clock: Clock;
  #cancelClock: (() => void) | null = null;
  #textsInWindow = 0;
  #windowStartMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;

  /** `onText` gets what the page says, within bounds. */
  constructor(channel: DataChannel, viewer: Viewer, clock: Clock, onText: (text: string) => void) {
    this.#channel = channel;
    this.#viewer = viewer;
    this.#clock = clock;
    channel.onMessage((message) => {
      if (!this.#isClosed && typeof message === 'string' && this.#mayRead(message)) onText(message);
    });
    this.#tellClock();
  }

  tell(message: ClockMessage | SessionMessage): void {
    // The library closes channels on threads of its own and throws when one is used a moment later.
    try {
      if (this.#channel.isOpen()) this.#channel.sendMessage(JSON.stringify(message));
    } catch {
      // The state callback that ends the session is on its way.
    }
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelClock?.();
    this.#channel.close();
  }

  #mayRead(text: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#windowStartMs > textWindowMs) {
      this.#windowStartMs = nowMs;
      this.#textsInWindow = 0;
    }
    this.#textsInWindow++;
    return text.length <= maxTextCharacters && this.#textsInWindow <= maxTexts;
  }

  #tellClock(): void {
    if (this.#isClosed) return;
    const message = this.#viewer.clockMessage(this.#clock.wallClockMs());
    if (message !== null) this.tell(message);
    if (this.#viewer.takeSlowNews()) this.tell({ kind: 'slow', droppedFrames: this.#viewer.counters.slowFrames });
    this.#cancelClock = this.#clock.setTimer(clockIntervalMs, () => this.#tellClock());
  }
}
