/** One WHEP session (draft-ietf-wish-whep): an offer, an answer, tracks, and what the node says beside them. Used once. */
import type { LiveTicket } from '../../server/contract/cameras.ts';
import { withRendition, withTicket } from './driver.ts';
import type { PlayFailure } from './live-machine.ts';
import { failureOfAnswer, failureOfEndedChannel, failureOfError, readProblemCode } from './media-failure.ts';
import type { ClockMessage } from './picture-age.ts';
import { parseWhepMessage } from './whep-messages.ts';

/** ICE on a network that lets UDP through is done within a second; without, Chromium would try for 15 s. */
const connectTimeoutMs = 4000;

export interface WhepConnectionOptions {
  /** A ticket with life left in it. */
  readonly ticket: () => Promise<LiveTicket>;
  /** As the node is asked to transcode it; null as the camera sends it. */
  readonly rendition: 'h264' | null;
  readonly listener: {
    /** A track, before anything comes on it. */
    track(track: MediaStreamTrack): void;
    /** It works at the moment: connected, or spoke. */
    alive(): void;
    /** The path does not carry the stream. */
    slow(): void;
    /** ICE hears nothing from the node; it may come back by itself. */
    disconnected(): void;
    /** It is over. Told once. */
    failed(failure: PlayFailure): void;
  };
}

export class WhepConnection {
  readonly tracks: MediaStreamTrack[] = [];
  readonly #options: WhepConnectionOptions;
  readonly #abort = new AbortController();
  #peer: RTCPeerConnection | null = null;
  #channel: RTCDataChannel | null = null;
  /** Session on the node, to end it by DELETE. */
  #sessionUrl: string | null = null;
  /** The ticket that the node goes by. */
  #ticket = '';
  #clock: ClockMessage | null = null;
  #connectTimer: ReturnType<typeof setTimeout> | undefined;
  #hasConnected = false;
  #isClosed = false;

  constructor(options: WhepConnectionOptions) {
    this.#options = options;
  }

  /** The node's clock of the newest frame sent; null before it was told. */
  get clock(): ClockMessage | null {
    return this.#clock;
  }

  /** What the browser measures of it. */
  async stats(): Promise<RTCStats[]> {
    return this.#peer === null ? [] : [...(await this.#peer.getStats()).values()];
  }

  /** Whether frames were decoded, shown or not. */
  async hasPicture(): Promise<boolean> {
    return (await this.stats()).some((report) => isInboundVideo(report) && (report.framesDecoded ?? 0) > 0);
  }

  /** Begins. */
  open(): void {
    this.#connect().catch((error: unknown) => this.#fail(failureOfError(error)));
  }

  /** Goes on with the newest ticket: the node ends a session with the last it was told. */
  async renewTicket(): Promise<void> {
    try {
      const { ticket } = await this.#options.ticket();
      if (this.#isClosed || ticket === this.#ticket || this.#channel?.readyState !== 'open') return;
      this.#ticket = ticket;
      this.#channel.send(JSON.stringify({ kind: 'renew', ticket }));
    } catch {
      // The old one may still be good; when it is not, the node ends the session and says so.
    }
  }

  /** Lets go of everything; idempotent. Nothing is told any more. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#abort.abort();
    clearTimeout(this.#connectTimer);
    // A connected peer hears the end by DTLS and forgets the session at once; only one that is not must be told by HTTP.
    const isConnected = this.#peer?.connectionState === 'connected';
    this.#peer?.close();
    if (this.#sessionUrl !== null && !isConnected) void this.#endSession(this.#sessionUrl);
  }

  async #connect(): Promise<void> {
    const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    this.#peer = peer;
    peer.addTransceiver('video', { direction: 'recvonly' });
    peer.addTransceiver('audio', { direction: 'recvonly' });
    peer.ontrack = ({ track, receiver }) => {
      this.tracks.push(track);
      if (!this.#isClosed) this.#options.listener.track(track);
      // Show frames as they come; the age of the picture matters more here than its smoothness.
      if ('jitterBufferTarget' in receiver) receiver.jitterBufferTarget = 0;
    };
    peer.onconnectionstatechange = () => this.#onState(peer.connectionState);
    this.#channel = peer.createDataChannel('clock');
    this.#channel.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
      if (typeof data === 'string') this.#onText(data);
    });

    const { urls, ticket } = await this.#options.ticket();
    this.#ticket = ticket;
    const offer = await peer.createOffer();
    if (this.#isClosed) return;
    await peer.setLocalDescription(offer);
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
    await peer.setRemoteDescription({ type: 'answer', sdp });
  }

  #onText(text: string): void {
    if (this.#isClosed) return;
    const message = parseWhepMessage(text);
    const { listener } = this.#options;
    if (message.kind === 'ended') {
      this.#fail(failureOfEndedChannel(message.code));
      return;
    }
    if (message.kind === 'clock') this.#clock = message.clock;
    listener.alive();
    if (message.kind === 'slow') listener.slow();
  }

  #onState(state: RTCPeerConnectionState): void {
    if (this.#isClosed) return;
    if (state === 'connected') {
      this.#hasConnected = true;
      clearTimeout(this.#connectTimer);
      this.#options.listener.alive();
    }
    if (state === 'failed' || state === 'closed') {
      this.#fail({ kind: 'transport', code: this.#hasConnected ? 'connection-lost' : 'not-connected' });
    }
    if (state === 'disconnected') this.#options.listener.disconnected();
  }

  #fail(failure: PlayFailure): void {
    if (this.#isClosed) return;
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

function isInboundVideo(report: RTCStats): report is RTCInboundRtpStreamStats {
  return report.type === 'inbound-rtp' && 'kind' in report && report.kind === 'video';
}
