/** Plays one stream by (low latency) HLS with hls.js. Every request carries the newest ticket, so that a shift outlives any one of them. */
import type Hls from 'hls.js';
import type { ErrorData, HlsConfig } from 'hls.js';
import { firstFrameTimeoutMs, watchFrames, withRendition, withTicket, type DriverOptions, type LiveDriver, type ReceivedTotals } from './driver.ts';
import type { PlayFailure } from './live-machine.ts';
import { withoutTextTracks } from './hls-options.ts';
import { failureOfAnswer, failureOfError, problemCodeOfRequest } from './media-failure.ts';

/** How often the ticket is looked at while playing; the keeper renews it long before its end. */
const ticketCheckMs = 15_000;

/** Errors by which hls.js says that this browser will never play the stream. */
const codecErrors: ReadonlySet<string> = new Set(['manifestIncompatibleCodecsError', 'bufferAddCodecError', 'bufferIncompatibleCodecsError']);

export class HlsDriver implements LiveDriver {
  readonly #options: DriverOptions & { readonly isLowLatency: boolean; readonly onClosed: () => void };
  #hls: Hls | null = null;
  #newFrameAtMs: number | null = null;
  #ticket = '';
  #stopWatching: (() => void) | null = null;
  #firstFrameTimer: ReturnType<typeof setTimeout> | undefined;
  #ticketTimer: ReturnType<typeof setInterval> | undefined;
  #mediaRecoveries = 0;
  #receivedBytes = 0;
  #isClosed = false;

  /** `isLowLatency` costs two connections to the node all the time, see `hls-budget.ts`. */
  constructor(options: DriverOptions & { isLowLatency: boolean; onClosed: () => void }) {
    this.#options = options;
  }

  open(): void {
    this.#firstFrameTimer = setTimeout(() => this.#fail({ kind: 'transport', code: 'timed-out' }), firstFrameTimeoutMs);
    this.#load().catch((error: unknown) => this.#fail(failureOfError(error)));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#firstFrameTimer);
    clearInterval(this.#ticketTimer);
    this.#stopWatching?.();
    this.#hls?.destroy();
    this.#hls = null;
    this.#options.video.removeAttribute('src');
    this.#options.video.load();
    this.#options.onClosed();
  }

  /** Program date times are arrival times at the node; hls.js interpolates the one of the frame on screen. */
  pictureArrivedAtMs(): number | null {
    return this.#newFrameAtMs === null ? null : (this.#hls?.playingDate?.getTime() ?? null);
  }

  newFrameAtMs(): number | null {
    return this.#newFrameAtMs;
  }

  received(): Promise<ReceivedTotals | null> {
    return Promise.resolve(this.#hls === null ? null : { bytes: this.#receivedBytes, packets: null, roundTripMs: null });
  }

  async #load(): Promise<void> {
    const [{ default: HlsPlayer }, { ticket, urls }] = await Promise.all([import('hls.js'), this.#options.ticket()]);
    if (this.#isClosed) return;
    if (!HlsPlayer.isSupported()) {
      this.#fail({ kind: 'candidate', code: 'codec-not-offered' });
      return;
    }
    this.#ticket = ticket;
    this.#ticketTimer = setInterval(() => void this.#refreshTicket(), ticketCheckMs);
    const hls = new HlsPlayer(configFor(this.#options.isLowLatency, () => this.#ticket));
    this.#hls = hls;
    hls.on(HlsPlayer.Events.ERROR, (_event, data) => this.#onError(data, data.type === HlsPlayer.ErrorTypes.MEDIA_ERROR));
    // Parts and whole segments alike: whatever goes into a buffer came over the network.
    hls.on(HlsPlayer.Events.BUFFER_APPENDING, (_event, { data }) => (this.#receivedBytes += data.byteLength));
    this.#watch();
    hls.loadSource(withRendition(urls.hls, this.#options.rendition));
    hls.attachMedia(this.#options.video);
  }

  async #refreshTicket(): Promise<void> {
    try {
      this.#ticket = (await this.#options.ticket()).ticket;
    } catch {
      // The old one may still be good; when it is not, the node's refusal ends this attempt.
    }
  }

  #watch(): void {
    this.#stopWatching = watchFrames(this.#options.video, () => {
      const isFirst = this.#newFrameAtMs === null;
      this.#newFrameAtMs = performance.now();
      if (!isFirst || this.#isClosed) return;
      clearTimeout(this.#firstFrameTimer);
      this.#options.listener.firstFrame();
    });
  }

  #onError(data: ErrorData, isMediaError: boolean): void {
    if (!data.fatal) return;
    if (codecErrors.has(data.details)) {
      this.#fail({ kind: 'candidate', code: 'codec-not-offered' });
      return;
    }
    if (isMediaError) {
      // One repair per attempt: a decoder that chokes twice gets a fresh start.
      if (this.#mediaRecoveries++ === 0) this.#hls?.recoverMediaError();
      else this.#fail({ kind: 'transport', code: 'media-error' });
      return;
    }
    const status = data.response?.code ?? 0;
    this.#fail(status >= 400 ? failureOfAnswer(status, problemCodeOfRequest(data.networkDetails)) : { kind: 'transport', code: 'connection-lost' });
  }

  #fail(failure: PlayFailure): void {
    if (this.#isClosed) return;
    clearTimeout(this.#firstFrameTimer);
    this.#options.listener.failed(failure);
  }
}

/** Small buffers: a tile shows now, and 25 of them share the memory of one page. Seconds. */
function configFor(isLowLatency: boolean, ticket: () => string): Partial<HlsConfig> {
  return {
    lowLatencyMode: isLowLatency,
    ...(isLowLatency
      ? { maxLiveSyncPlaybackRate: 1.5 }
      : { liveSyncDurationCount: 1, liveMaxLatencyDurationCount: 4, maxLiveSyncPlaybackRate: 1.25 }),
    maxBufferLength: 6,
    maxMaxBufferLength: 12,
    backBufferLength: 4,
    startFragPrefetch: true,
    ...withoutTextTracks,
    xhrSetup: (request, url) => request.open('GET', withTicket(url, ticket()), true),
  };
}
