/** Plays one stream by WebRTC: offers by WHEP (RFC 9725), shows the tracks, keeps the node's clock of the picture. */
import { firstFrameTimeoutMs, watchFrames, withRendition, withTicket, type DriverOptions, type LiveDriver } from './driver.ts';
import { failureOfAnswer, failureOfError, readProblemCode } from './media-failure.ts';
import type { PlayFailure } from './live-machine.ts';
import { arrivalOf, parseClockMessage, type ClockMessage } from './picture-age.ts';

/** ICE on a network that lets UDP through is done within a second; without, Chromium would try for 15 s. */
const connectTimeoutMs = 4000;
/** A connection that is `disconnected` may come back by itself within this. */
const disconnectGraceMs = 4000;

export class WhepDriver implements LiveDriver {
  readonly #options: DriverOptions;
  readonly #abort = new AbortController();
  #connection: RTCPeerConnection | null = null;
  /** Session on the node, to end it by DELETE. */
  #sessionUrl: string | null = null;
  #clock: ClockMessage | null = null;
  #shownRtpTimestamp: number | null = null;
  #newFrameAtMs: number | null = null;
  #stopWatching: (() => void) | null = null;
  #firstFrameTimer: ReturnType<typeof setTimeout> | undefined;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #disconnectTimer: ReturnType<typeof setTimeout> | undefined;
  #hasConnected = false;
  #isClosed = false;

  constructor(options: DriverOptions) {
    this.#options = options;
  }

  open(): void {
    this.#firstFrameTimer = setTimeout(() => this.#fail({ kind: 'transport', code: 'timed-out' }), firstFrameTimeoutMs);
    this.#connect().catch((error: unknown) => this.#fail(failureOfError(error)));
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#abort.abort();
    clearTimeout(this.#firstFrameTimer);
    clearTimeout(this.#connectTimer);
    clearTimeout(this.#disconnectTimer);
    this.#stopWatching?.();
    // A connected peer hears the end by DTLS and forgets the session at once; only one that is not must be told by HTTP.
    const isConnected = this.#connection?.connectionState === 'connected';
    this.#connection?.close();
    this.#options.video.srcObject = null;
    if (this.#sessionUrl !== null && !isConnected) void this.#endSession(this.#sessionUrl);
  }

  pictureArrivedAtMs(): number | null {
    return this.#clock === null || this.#shownRtpTimestamp === null ? null : arrivalOf(this.#shownRtpTimestamp, this.#clock);
  }

  newFrameAtMs(): number | null {
    return this.#newFrameAtMs;
  }

  async #connect(): Promise<void> {
    const { video, ticket } = this.#options;
    const connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#connection = connection;
    const stream = new MediaStream();
    connection.addTransceiver('video', { direction: 'recvonly' });
    connection.addTransceiver('audio', { direction: 'recvonly' });
    connection.ontrack = ({ track, receiver }) => {
      stream.addTrack(track);
      // Show frames as they come; the age of the picture matters more here than its smoothness.
      if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
    };
    connection.onconnectionstatechange = () => this.#onConnectionState(connection.connectionState);
    const channel = connection.createDataChannel('clock');
    channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.#clock = parseClockMessage(data) ?? this.#clock;
    });
    this.#watch(video);
    video.srcObject = stream;

    const { urls } = await ticket();
    const offer = await connection.createOffer();
    if (this.#isClosed) return;
    await connection.setLocalDescription(offer);
    const response = await fetch(withRendition(urls.whep, this.#options.rendition), {
      method: 'POST',
      headers: { 'content-type': 'application/sdp' },
      body: offer.sdp ?? '',
      signal: this.#abort.signal,
    });
    if (!response.ok) {
      this.#fail(failureOfAnswer(response.status, await readProblemCode(response)));
      return;
    }
    const location = response.headers.get('location');
    const sdp = await response.text();
    if (location !== null) this.#sessionUrl = new URL(location, urls.whep).href;
    if (this.#isClosed) {
      if (this.#sessionUrl !== null) await this.#endSession(this.#sessionUrl);
      return;
    }
    this.#connectTimer = setTimeout(() => this.#fail({ kind: 'transport', code: 'not-connected' }), connectTimeoutMs);
    await connection.setRemoteDescription({ type: 'answer', sdp });
  }

  #watch(video: HTMLVideoElement): void {
    this.#stopWatching = watchFrames(video, (metadata) => {
      const isFirst = this.#newFrameAtMs === null;
      this.#newFrameAtMs = performance.now();
      if (metadata.rtpTimestamp !== undefined) this.#shownRtpTimestamp = metadata.rtpTimestamp;
      if (!isFirst || this.#isClosed) return;
      clearTimeout(this.#firstFrameTimer);
      this.#options.listener.firstFrame();
    });
  }

  #onConnectionState(state: RTCPeerConnectionState): void {
    clearTimeout(this.#disconnectTimer);
    if (state === 'connected') {
      this.#hasConnected = true;
      clearTimeout(this.#connectTimer);
    }
    if (state === 'failed' || state === 'closed') {
      this.#fail({ kind: 'transport', code: this.#hasConnected ? 'connection-lost' : 'not-connected' });
    }
    if (state === 'disconnected') {
      this.#disconnectTimer = setTimeout(() => this.#fail({ kind: 'transport', code: 'connection-lost' }), disconnectGraceMs);
    }
  }

  #fail(failure: PlayFailure): void {
    if (this.#isClosed) return;
    clearTimeout(this.#firstFrameTimer);
    clearTimeout(this.#connectTimer);
    this.#options.listener.failed(failure);
  }

  /** Best effort: a node that hears nothing drops the session by itself. */
  async #endSession(sessionUrl: string): Promise<void> {
    try {
      const { ticket } = await this.#options.ticket();
      await fetch(withTicket(sessionUrl, ticket), { method: 'DELETE', keepalive: true });
    } catch {
      // The node is out of reach, and so is its session.
    }
  }
}
