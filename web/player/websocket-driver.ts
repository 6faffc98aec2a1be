/** Plays one stream over the page's WebSocket to its node: fragments into Media Source Extensions, near the live edge. */
import { AppendQueue } from './append-queue.ts';
import { ArrivalMap } from './arrival-map.ts';
import { firstFrameTimeoutMs, watchFrames, type DriverOptions, type Interruption, type LiveDriver, type ReceivedTotals } from './driver.ts';
import { nextLiveEdgeStep, type BufferedRange } from './live-edge.ts';
import type { PlayFailure } from './live-machine.ts';
import type { Channel, LiveSockets } from './live-socket.ts';
import type { MediaMessage } from './live-socket-messages.ts';
import { failureOfEndedChannel, failureOfError } from './media-failure.ts';
import type { StreamRole } from './stream-plan.ts';

/** How often the ticket is looked at while playing; the keeper renews it long before its end. */
const ticketCheckMs = 15_000;
/** A connection that broke while it worked is made again at once, but not more often than this. */
const reconnectEveryMs = 15_000;
/** One skip may be somebody's download; so many within so long, and the line does not carry the stream. */
const maxNetworkSkips = 3;
const networkSkipsWithinMs = 60_000;

export interface WebSocketDriverOptions extends DriverOptions {
  readonly sockets: LiveSockets;
  readonly cameraId: string;
  readonly role: StreamRole;
}

export class WebSocketDriver implements LiveDriver {
  readonly #options: WebSocketDriverOptions;
  readonly #arrivals = new ArrivalMap();
  #channel: Channel | null = null;
  #ticket = '';
  #mediaSource: MediaSource | null = null;
  #objectUrl: string | null = null;
  #queue: AppendQueue | null = null;
  #mimeType = '';
  /** Messages that came before the media source was open. */
  #early: MediaMessage[] = [];
  #awaitsKeyFrame = false;
  #skips = 0;
  /** When the network made this viewer skip, `performance.now()`; what is long ago is forgotten. */
  #networkSkipsAtMs: readonly number[] = [];
  #receivedBytes = 0;
  #interruption: Interruption | null = null;
  #shownSeconds: number | null = null;
  #newFrameAtMs: number | null = null;
  #reconnectedAtMs = -Infinity;
  /** What is on screen came over a connection that is gone. */
  #isMediaOld = false;
  #stopWatching: (() => void) | null = null;
  #firstFrameTimer: ReturnType<typeof setTimeout> | undefined;
  #ticketTimer: ReturnType<typeof setInterval> | undefined;
  #isClosed = false;

  constructor(options: WebSocketDriverOptions) {
    this.#options = options;
  }

  open(): void {
    this.#firstFrameTimer = setTimeout(() => this.#fail(this.#whyNoFrame()), firstFrameTimeoutMs);
    this.#stopWatching = watchFrames(this.#options.video, ({ mediaTime }) => this.#onShown(mediaTime));
    this.#ticketTimer = setInterval(() => void this.#renewTicket(), ticketCheckMs);
    this.#subscribe().catch((error: unknown) => this.#fail(failureOfError(error)));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#firstFrameTimer);
    clearInterval(this.#ticketTimer);
    this.#stopWatching?.();
    this.#channel?.close();
    this.#closeMedia();
  }

  pictureArrivedAtMs(): number | null {
    return this.#shownSeconds === null ? null : this.#arrivals.arrivalOf(this.#shownSeconds);
  }

  newFrameAtMs(): number | null {
    return this.#newFrameAtMs;
  }

  received(): Promise<ReceivedTotals | null> {
    return Promise.resolve({ bytes: this.#receivedBytes, packets: null, roundTripMs: null });
  }

  /** No picture in time: where the node said that the camera is gone, no other way would bring one. */
  #whyNoFrame(): PlayFailure {
    return this.#interruption === null ? { kind: 'transport', code: 'timed-out' } : { kind: 'source', code: 'stream-unavailable' };
  }

  async #subscribe(): Promise<void> {
    const { sockets, cameraId, role, rendition } = this.#options;
    const { ticket, webSocketUrl } = await this.#options.ticket();
    if (this.#isClosed) return;
    this.#ticket = ticket;
    this.#channel = sockets.to(webSocketUrl).open(
      { cameraId, role, ticket, ...(rendition === null ? {} : { video: rendition }) },
      {
        tracks: (mimeType) => this.#onTracks(mimeType),
        media: (message) => {
          this.#receivedBytes += message.bytes.byteLength;
          this.#onMedia(message);
        },
        interrupted: (interruption) => this.#interrupt(interruption),
        slow: () => this.#onSlowNetwork(),
        ended: (code) => this.#fail(failureOfEndedChannel(code)),
        lost: () => this.#onLost(),
      },
    );
  }

  async #renewTicket(): Promise<void> {
    try {
      const { ticket } = await this.#options.ticket();
      if (this.#isClosed || ticket === this.#ticket) return;
      this.#ticket = ticket;
      this.#channel?.renew(ticket);
    } catch {
      // The old one may still be good; when it is not, the node ends the channel.
    }
  }

  /** One new connection is tried in place; the picture on screen stays until the new one tells what it brings. */
  #onLost(): void {
    this.#channel = null;
    const nowMs = performance.now();
    if (this.#newFrameAtMs === null || nowMs - this.#reconnectedAtMs < reconnectEveryMs) {
      this.#fail({ kind: 'transport', code: this.#mimeType === '' && this.#newFrameAtMs === null ? 'not-connected' : 'connection-lost' });
      return;
    }
    this.#reconnectedAtMs = nowMs;
    this.#isMediaOld = true;
    this.#subscribe().catch((error: unknown) => this.#fail(failureOfError(error)));
  }

  #onTracks(mimeType: string): void {
    this.#interrupt(null);
    if (!MediaSource.isTypeSupported(mimeType)) {
      this.#fail({ kind: 'candidate', code: 'codec-not-offered' });
      return;
    }
    // Its media time has nothing to do with that of the new connection.
    if (this.#isMediaOld) this.#closeMedia();
    // What waits for the media source to open belongs to other parameters.
    this.#early = [];
    const isOther = this.#mimeType !== '' && this.#mimeType !== mimeType;
    this.#mimeType = mimeType;
    if (this.#mediaSource === null) this.#openMedia();
    else if (isOther) this.#queue?.changeType(mimeType);
  }

  #openMedia(): void {
    const { video } = this.#options;
    const mediaSource = new MediaSource();
    this.#mediaSource = mediaSource;
    this.#objectUrl = URL.createObjectURL(mediaSource);
    mediaSource.addEventListener('sourceopen', () => this.#onSourceOpen(mediaSource), { once: true });
    video.src = this.#objectUrl;
  }

  #onSourceOpen(mediaSource: MediaSource): void {
    if (this.#mediaSource !== mediaSource) return;
    const { video } = this.#options;
    this.#queue = new AppendQueue({
      buffer: mediaSource.addSourceBuffer(this.#mimeType),
      currentSeconds: () => video.currentTime,
      onAppended: () => this.#followLiveEdge(),
      onFailed: () => this.#fail({ kind: 'transport', code: 'media-error' }),
    });
    for (const message of this.#early.splice(0)) this.#onMedia(message);
  }

  #onMedia(message: MediaMessage): void {
    const queue = this.#queue;
    if (queue === null) {
      this.#early.push(message);
      return;
    }
    if (message.kind === 'fragment') {
      if (!queue.hasRoom) this.#skipToKeyFrame();
      else if (message.isKeyFrame) this.#awaitsKeyFrame = false;
      if (this.#awaitsKeyFrame) return;
      this.#arrivals.note(message.startSeconds, message.arrivedAtMs);
    }
    queue.append(message.bytes);
  }

  /** The page does not come round to showing what comes. */
  #skipToKeyFrame(): void {
    if (this.#awaitsKeyFrame) return;
    this.#awaitsKeyFrame = true;
    this.#skips += 1;
    this.#options.listener.fellBehind('page', this.#skips);
  }

  /** The node left frames out, because the network does not take them. */
  #onSlowNetwork(): void {
    if (this.#isClosed) return;
    const nowMs = performance.now();
    this.#networkSkipsAtMs = [...this.#networkSkipsAtMs.filter((atMs) => nowMs - atMs < networkSkipsWithinMs), nowMs];
    this.#skips += 1;
    this.#options.listener.fellBehind('network', this.#skips);
    if (this.#networkSkipsAtMs.length < maxNetworkSkips) return;
    // Whoever owns this may have nowhere else to go: it is told again when it happens as often again.
    this.#networkSkipsAtMs = [];
    this.#fail({ kind: 'bandwidth', code: 'too-slow' });
  }

  #interrupt(interruption: Interruption | null): void {
    if (this.#isClosed || (interruption === null && this.#interruption === null)) return;
    this.#interruption = interruption;
    this.#options.listener.interrupted(interruption);
  }

  #followLiveEdge(): void {
    const { video } = this.#options;
    const { currentTime, playbackRate } = video;
    const step = nextLiveEdgeStep({ currentSeconds: currentTime, ranges: rangesOf(video.buffered), playbackRate });
    if (step.kind === 'jump') video.currentTime = step.toSeconds;
    else if (step.playbackRate !== playbackRate) video.playbackRate = step.playbackRate;
  }

  #onShown(mediaSeconds: number): void {
    if (this.#isClosed) return;
    const isFirst = this.#newFrameAtMs === null;
    this.#shownSeconds = mediaSeconds;
    this.#newFrameAtMs = performance.now();
    if (!isFirst) return;
    clearTimeout(this.#firstFrameTimer);
    this.#options.listener.firstFrame();
  }

  #closeMedia(): void {
    const { video } = this.#options;
    this.#queue?.close();
    this.#queue = null;
    this.#mediaSource = null;
    this.#mimeType = '';
    this.#early = [];
    this.#awaitsKeyFrame = false;
    this.#isMediaOld = false;
    this.#shownSeconds = null;
    this.#arrivals.clear();
    if (this.#objectUrl === null) return;
    URL.revokeObjectURL(this.#objectUrl);
    this.#objectUrl = null;
    video.playbackRate = 1;
    video.removeAttribute('src');
    video.load();
  }

  #fail(failure: PlayFailure): void {
    if (this.#isClosed) return;
    clearTimeout(this.#firstFrameTimer);
    this.#options.listener.failed(failure);
  }
}

function rangesOf(buffered: TimeRanges): readonly BufferedRange[] {
  return Array.from({ length: buffered.length }, (_, index) => ({ start: buffered.start(index), end: buffered.end(index) }));
}
