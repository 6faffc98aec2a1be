/**
 * Plays one stream by WebRTC. A connection that falls silent (another network, an address translator that forgot) is replaced in
 * place: the last picture stays until the first frame of the new one has been decoded.
 */
import { firstFrameTimeoutMs, watchFrames, type DriverOptions, type LiveDriver, type ReceivedTotals } from './driver.ts';
import type { PlayFailure } from './live-machine.ts';
import { arrivalOf } from './picture-age.ts';
import { addTotals, readRtcTotals } from './rtc-totals.ts';
import { WhepConnection } from './whep-connection.ts';

/**
 * The node speaks twice a second, whether the camera sends or not. Neither a word nor a frame for so long: the path is gone. ICE alone
 * would notice after 5 s and more, and the node's cannot change the address it sends to.
 */
const maxSilenceMs = 1_500;
const lookEveryMs = 250;
/** The keeper renews a ticket long before its end; this is how often it is asked. */
const ticketCheckMs = 15_000;
/** A path that breaks more often is left to the other ways of playing. */
const reconnectEveryMs = 15_000;

export class WhepDriver implements LiveDriver {
  readonly #options: DriverOptions;
  readonly #stream = new MediaStream();
  #current: WhepConnection | null = null;
  /** On its way to replace the current one. */
  #next: WhepConnection | null = null;
  #heardAtMs = Number.POSITIVE_INFINITY;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #reconnectedAtMs = Number.NEGATIVE_INFINITY;
  /** Over connections that were replaced. */
  #receivedBefore: ReceivedTotals | null = null;
  #shownRtpTimestamp: number | null = null;
  #newFrameAtMs: number | null = null;
  #stopWatching: (() => void) | null = null;
  #firstFrameTimer: ReturnType<typeof setTimeout> | undefined;
  #lookTimer: ReturnType<typeof setInterval> | undefined;
  #ticketTimer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  open(): void {
    const { video } = this.#options;
    this.#firstFrameTimer = setTimeout(() => this.#fail({ kind: 'transport', code: 'timed-out' }), firstFrameTimeoutMs);
    this.#lookTimer = setInterval(() => this.#look(), lookEveryMs);
    this.#ticketTimer = setInterval(() => void this.#current?.renewTicket(), ticketCheckMs);
    this.#stopWatching = watchFrames(video, (metadata) => this.#onShown(metadata));
    video.srcObject = this.#stream;
    this.#current = this.#connect();
    this.#current.open();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#firstFrameTimer);
    clearInterval(this.#lookTimer);
    clearInterval(this.#ticketTimer);
    this.#stopWatching?.();
    this.#current?.close();
    this.#next?.close();
    this.#options.video.srcObject = null;
  }

  pictureArrivedAtMs(): number | null {
    const clock = this.#current?.clock ?? null;
    return clock === null || this.#shownRtpTimestamp === null ? null : arrivalOf(this.#shownRtpTimestamp, clock);
  }

  newFrameAtMs(): number | null {
    return this.#newFrameAtMs;
  }

  async received(): Promise<ReceivedTotals | null> {
    const totals = this.#current === null ? null : readRtcTotals(await this.#current.stats());
    return totals === null ? null : addTotals(this.#receivedBefore, totals);
  }

  #connect(): WhepConnection {
    const connection: WhepConnection = new WhepConnection({
      ticket: this.#options.ticket,
      rendition: this.#options.rendition,
      listener: {
        track: (track) => {
          if (connection === this.#current) this.#stream.addTrack(track);
        },
        alive: () => this.#onAlive(connection),
        slow: () => {
          // Not the end: where no way would do better, it goes on, and still has to bring its first frame in time.
          if (connection === this.#current && !this.#isClosed) this.#options.listener.failed({ kind: 'bandwidth', code: 'too-slow' });
        },
        disconnected: () => {
          if (connection === this.#current) this.#replace({ kind: 'transport', code: 'connection-lost' });
        },
        failed: (failure) => this.#onFailed(connection, failure),
      },
    });
    return connection;
  }

  #onAlive(connection: WhepConnection): void {
    if (connection !== this.#current) return;
    this.#heardAtMs = performance.now();
    // It came back by itself.
    this.#next?.close();
    this.#next = null;
  }

  #onFailed(connection: WhepConnection, failure: PlayFailure): void {
    if (connection === this.#next) {
      this.#next = null;
      connection.close();
      this.#fail(failure);
    } else if (connection === this.#current) {
      // Without a picture there is nothing to keep, and a refusal would be repeated.
      if (this.#newFrameAtMs === null || failure.code !== 'connection-lost') this.#fail(failure);
      else this.#replace(failure);
    }
  }

  #look(): void {
    const nowMs = performance.now();
    // After a pause of this page, what the node said meanwhile may wait to be read yet.
    if (nowMs - this.#lookedAtMs > maxSilenceMs / 2) this.#heardAtMs = Math.max(this.#heardAtMs, nowMs - maxSilenceMs / 2);
    this.#lookedAtMs = nowMs;
    const silentMs = nowMs - Math.max(this.#heardAtMs, this.#newFrameAtMs ?? 0);
    if (this.#next !== null) void this.#takeOver(this.#next);
    else if (this.#newFrameAtMs !== null && silentMs > maxSilenceMs) this.#replace({ kind: 'transport', code: 'connection-lost' });
  }

  /** A new connection in place of the current one, which stays until then. */
  #replace(failure: PlayFailure): void {
    if (this.#isClosed || this.#next !== null) return;
    const nowMs = performance.now();
    if (this.#newFrameAtMs === null || nowMs - this.#reconnectedAtMs < reconnectEveryMs) {
      this.#fail(failure);
      return;
    }
    this.#reconnectedAtMs = nowMs;
    this.#next = this.#connect();
    this.#next.open();
  }

  /** Changes over once the new connection has a picture. */
  async #takeOver(next: WhepConnection): Promise<void> {
    if (!(await next.hasPicture())) return;
    const received = await this.received();
    if (this.#isClosed || this.#next !== next) return;
    const old = this.#current;
    this.#next = null;
    this.#receivedBefore = received ?? this.#receivedBefore;
    this.#current = next;
    this.#heardAtMs = performance.now();
    this.#shownRtpTimestamp = null;
    this.#show(next);
    old?.close();
  }

  /** Puts the tracks of `connection` on screen. The new ones come before the old ones go: an empty stream would be black. */
  #show(connection: WhepConnection): void {
    const before = this.#stream.getTracks();
    for (const track of connection.tracks) this.#stream.addTrack(track);
    for (const track of before) if (!connection.tracks.includes(track)) this.#stream.removeTrack(track);
  }

  #onShown(metadata: VideoFrameCallbackMetadata): void {
    const isFirst = this.#newFrameAtMs === null;
    this.#newFrameAtMs = performance.now();
    if (metadata.rtpTimestamp !== undefined) this.#shownRtpTimestamp = metadata.rtpTimestamp;
    if (!isFirst || this.#isClosed) return;
    clearTimeout(this.#firstFrameTimer);
    this.#options.listener.firstFrame();
  }

  #fail(failure: PlayFailure): void {
    if (this.#isClosed) return;
    clearTimeout(this.#firstFrameTimer);
    this.#options.listener.failed(failure);
  }
}
