/**
 * Socket shell of an RTSP session: carries bytes between the camera and the engines, sets timers, follows one redirect.
 *
 * rtsps is TLS 1.2 or later. Certificates are not checked: cameras sign their own, and there is no list to check them against.
 * So a listener on the line learns nothing, but somebody who can put himself between could be the camera.
 */
import { connect, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { randomBytes } from 'node:crypto';
import type { NoPictureReason, StreamTransport } from '../contract/streams.ts';
import type { Clock } from '../clock/clock.ts';
import { decideConnectionFailure } from './connection-failure.ts';
import { DatagramChannels } from './datagram-channels.ts';
import { RtspFraming } from './rtsp-framing.ts';
import { createRtspSession, nextRtspSession } from './rtsp-session.ts';
import type { PlannedTracks, RtspSession, RtspSessionEffect, RtspSessionInput } from './rtsp-session.ts';
import { parseRtspUrl } from './rtsp-url.ts';
import type { Credentials, RtspUrl } from './rtsp-url.ts';
import { EXCEEDED_DETAIL, PACKETS_PER_MESSAGE, TrafficBudget } from './traffic-budget.ts';
import { FIRST_DATAGRAM_CHANNEL } from './transport-header.ts';

/** Receives what a connection brings. */
export interface RtspConnectionListener {
  /** Before the first packet: what comes on which channel. */
  onTracksPlanned(tracks: PlannedTracks): void;
  onPlaying(): void;
  /** One packet, in the order of its sequence numbers when it came by UDP. Borrows `bytes[start, end)`. */
  onPacket(channel: number, bytes: Buffer, start: number, end: number): void;
  /** Once; nothing follows. `fault`: what was thrown when a bug of ours, woken by what the camera sent, is the cause. */
  onEnded(reason: NoPictureReason | 'stopped', detail: string, fault?: unknown): void;
}

export interface RtspConnection {
  /** Sends an RTCP packet of ours, such as a receiver report. Dropped when the socket does not drain. *Copies*. */
  sendRtcp(channel: number, bytes: Buffer): void;
  /** How unevenly the packets of the track arrive whose RTCP channel this is, in ticks of its clock; 0 over TCP, where it means nothing. */
  jitterTicks(rtcpChannel: number): number;
  /** Shortest time from a request to its answer so far, ms: no less than the way there and back; null before the first answer. */
  readonly roundTripMs: number | null;
  /** Says TEARDOWN and closes; idempotent; resolves when the socket is gone. */
  stop(): Promise<void>;
}

/** A camera on a district's network connects in well under a second; ten of these fit a retry of 30 s. */
const CONNECT_TIMEOUT_MS = 5000;
/** Slow NVRs take up to 5 s for DESCRIBE while they start an encoder. */
const ANSWER_TIMEOUT_MS = 8000;
/** After TEARDOWN the socket is torn down by force when the camera does not close it. */
const CLOSE_TIMEOUT_MS = 500;
/** More than this unsent means that the camera reads nothing: reports are then not worth queueing, and answers end the connection. */
const MAX_UNSENT_BYTES = 64 * 1024;

/**
 * Where sockets put what they read: one scratch buffer for all connections of the process, because every read is
 * consumed before the callback returns. With a buffer per read instead, allocation and its collection cost more than
 * the parsing (media/README.md, "Hot files"). 64 KiB is what libuv offers a read by default.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(64 * 1024);

/** Opens a connection and plays the stream. Answers come through `listener`, never before this returns. */
export function openRtspConnection(
  target: { readonly url: RtspUrl; readonly credentials: Credentials | null; readonly transport: StreamTransport },
  clock: Clock,
  listener: RtspConnectionListener,
): RtspConnection {
  // Datagrams would leave the encrypted connection: only a stream that asks for them gets them.
  const transport = target.url.isEncrypted && target.transport === 'auto' ? 'tcp' : target.transport;
  return new SocketRtspConnection(target.url, createRtspSession(target.url.requestUri, target.credentials, false, transport), clock, listener);
}

class SocketRtspConnection implements RtspConnection {
  readonly #clock: Clock;
  readonly #listener: RtspConnectionListener;
  #session: RtspSession;
  #framing: RtspFraming;
  #socket: Socket;
  readonly #datagrams: DatagramChannels;
  #isConnected = false;
  #isPlaying = false;
  #hasEnded = false;
  /** Requests without an answer, and when the last one left (monotonic). */
  #unanswered = 0;
  #askedAtMs = 0;
  #roundTripMs: number | null = null;
  #cancelTimer: () => void = () => undefined;
  /** What the camera may send, and what of it the framing has counted already. */
  readonly #budget: TrafficBudget;
  #countedPackets = 0;
  #cancelPause: () => void = () => undefined;
  readonly #closed: Promise<void>;
  #resolveClosed: () => void = () => undefined;

  constructor(url: RtspUrl, session: RtspSession, clock: Clock, listener: RtspConnectionListener) {
    this.#clock = clock;
    this.#listener = listener;
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#session = session;
    this.#budget = new TrafficBudget(clock.monotonicMs());
    this.#datagrams = new DatagramChannels(
      clock,
      (channel, bytes, start, end) => this.#onPacket(channel, bytes, start, end),
      () => this.#end('protocol-error', EXCEEDED_DETAIL),
      (error) => this.#endByFault(error),
    );
    this.#framing = this.#createFraming();
    this.#socket = this.#open(url);
  }

  sendRtcp(channel: number, bytes: Buffer): void {
    if (this.#hasEnded || !this.#isConnected) return;
    if (channel >= FIRST_DATAGRAM_CHANNEL) {
      this.#datagrams.sendRtcp(channel, bytes);
    } else if (this.#socket.writableLength < MAX_UNSENT_BYTES) {
      this.#socket.write(Buffer.concat([Buffer.from([0x24, channel, bytes.length >> 8, bytes.length & 0xff]), bytes]));
    }
  }

  jitterTicks(rtcpChannel: number): number {
    return this.#datagrams.jitterTicks(rtcpChannel);
  }

  get roundTripMs(): number | null {
    return this.#roundTripMs;
  }

  stop(): Promise<void> {
    this.#dispatch({ kind: 'stop' });
    return this.#closed;
  }

  #open(url: RtspUrl): Socket {
    const framing = this.#framing;
    this.#unanswered = 0;
    const options = {
      host: url.host,
      port: url.portNumber,
      noDelay: true,
      onread: {
        buffer: READ_BUFFER,
        callback: (sizeBytes: number, buffer: Uint8Array) => {
          try {
            framing.push(buffer as Buffer, sizeBytes);
            if (framing.failure !== null && framing === this.#framing) {
              this.#end('protocol-error', `${framing.failure}, byte ${framing.consumedBytes} of the connection`);
            }
            this.#account(sizeBytes);
          } catch (error) {
            // Nothing above catches: it would be the end of every camera of the thread, again and again.
            this.#endByFault(error);
          }
          return true;
        },
      },
    };
    // A name goes along for hosts that serve many; an address must not (RFC 6066 §3).
    const serverName = isIP(url.host) === 0 ? url.host : '';
    const socket = url.isEncrypted ? connectTls({ ...options, servername: serverName, rejectUnauthorized: false }) : connect(options);
    socket.on(url.isEncrypted ? 'secureConnect' : 'connect', () => {
      this.#isConnected = true;
      this.#dispatch({ kind: 'connected' });
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (socket === this.#socket) this.#end(decideConnectionFailure(error.code, this.#isConnected), error.code ?? 'socket error');
    });
    socket.on('end', () => {
      if (socket === this.#socket) this.#end('closed-by-camera', 'the camera closed the connection');
    });
    socket.on('close', () => {
      if (socket !== this.#socket) return;
      this.#end('closed-by-camera', 'the connection was closed');
      this.#resolveClosed();
    });
    this.#setTimer(CONNECT_TIMEOUT_MS, () => this.#end('connection-timed-out', `no connection within ${CONNECT_TIMEOUT_MS} ms`));
    return socket;
  }

  /** Stops reading for a moment when the camera sends more than it may; gives it up when it goes on like that. */
  #account(sizeBytes: number): void {
    if (this.#hasEnded) return;
    const counted = this.#framing.packets + this.#framing.messages * PACKETS_PER_MESSAGE;
    const packets = counted - this.#countedPackets;
    this.#countedPackets = counted;
    const verdict = this.#budget.take(sizeBytes, packets, this.#clock.monotonicMs());
    if (verdict === 'within') return;
    if (verdict === 'exceeded') {
      this.#end('protocol-error', EXCEEDED_DETAIL);
      return;
    }
    const socket = this.#socket;
    socket.pause();
    this.#cancelPause();
    this.#cancelPause = this.#clock.setTimer(this.#budget.waitMs, () => socket.resume());
  }

  #createFraming(): RtspFraming {
    return new RtspFraming({
      onInterleaved: (channel, bytes, start, end) => this.#onPacket(channel, bytes, start, end),
      onMessage: (message) => {
        if (message.kind === 'response') this.#onAnswered();
        this.#dispatch({ kind: 'message', message });
      },
    });
  }

  #onAsked(): void {
    this.#unanswered += 1;
    this.#askedAtMs = this.#clock.monotonicMs();
  }

  /** While the camera owes more than one answer, this one may be that of an earlier request, and would look too quick. */
  #onAnswered(): void {
    if (this.#unanswered === 1) {
      const elapsedMs = this.#clock.monotonicMs() - this.#askedAtMs;
      this.#roundTripMs = Math.min(this.#roundTripMs ?? elapsedMs, elapsedMs);
    }
    this.#unanswered = Math.max(0, this.#unanswered - 1);
  }

  #onPacket(channel: number, bytes: Buffer, start: number, end: number): void {
    if (!this.#isPlaying) this.#dispatch({ kind: 'media-arrived' });
    if (this.#isPlaying && !this.#hasEnded) this.#listener.onPacket(channel, bytes, start, end);
  }

  #dispatch(input: RtspSessionInput): void {
    if (this.#hasEnded) return;
    const { session, effects } = nextRtspSession(this.#session, input, createNonce);
    this.#session = session;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: RtspSessionEffect): void {
    switch (effect.kind) {
      case 'send':
        this.#send(effect.text);
        if (!effect.text.startsWith('RTSP/')) this.#onAsked();
        return;
      case 'await-answer':
        this.#setTimer(ANSWER_TIMEOUT_MS, () => this.#dispatch({ kind: 'answer-overdue' }));
        return;
      case 'open-ports':
        this.#openPorts(effect.pairs);
        return;
      case 'tracks-planned':
        this.#listener.onTracksPlanned(effect.tracks);
        this.#datagrams.receive(effect.tracks, this.#socket.remoteAddress ?? '');
        this.#datagrams.keepOpen();
        return;
      case 'play-started':
        this.#isPlaying = true;
        this.#keepAlive(effect.keepAliveMs);
        this.#listener.onPlaying();
        return;
      case 'redirect':
        this.#redirect(effect.location, effect.isProxy);
        return;
      case 'end':
        this.#end(effect.reason, effect.detail);
    }
  }

  #send(text: string): void {
    if (!this.#isConnected || !this.#socket.writable) return;
    // A camera that asks and asks, and reads none of our answers.
    if (this.#socket.writableLength > MAX_UNSENT_BYTES) this.#end('protocol-error', 'reads nothing of what it is sent');
    else this.#socket.write(text);
  }

  #openPorts(pairs: number): void {
    this.#datagrams.open(pairs, this.#socket.localAddress ?? '').then(
      (clientPorts) => this.#dispatch({ kind: 'ports-opened', clientPorts }),
      (error: unknown) => this.#end('protocol-error', `UDP ports: ${String(error)}`),
    );
  }

  #keepAlive(periodMs: number): void {
    this.#setTimer(periodMs, () => {
      this.#datagrams.keepOpen();
      this.#dispatch({ kind: 'keep-alive-due' });
      if (!this.#hasEnded) this.#keepAlive(periodMs);
    });
  }

  #redirect(location: string, isProxy: boolean): void {
    const parsed = parseRtspUrl(location);
    if (parsed === null) {
      this.#end('protocol-error', 'redirected to something that is no RTSP URL');
      return;
    }
    const previous = this.#socket;
    const asked = parseRtspUrl(this.#session.requestUri)?.url;
    // The password belongs to the camera that was asked; another host gets it only if the URL is configured for it, and nobody
    // gets it in the clear where it was meant to be encrypted.
    const isSameHost = parsed.url.host === previous.remoteAddress || parsed.url.host === asked?.host;
    const mayKnow = isSameHost && (parsed.url.isEncrypted || asked?.isEncrypted !== true);
    this.#framing.stop();
    this.#isConnected = false;
    this.#session = createRtspSession(
      isProxy ? this.#session.requestUri : parsed.url.requestUri,
      mayKnow ? this.#session.credentials : null,
      true,
      this.#session.transport,
    );
    this.#framing = this.#createFraming();
    this.#countedPackets = 0;
    this.#cancelPause();
    this.#socket = this.#open(parsed.url);
    previous.destroy();
  }

  #endByFault(error: unknown): void {
    this.#end('protocol-error', `what the camera sent met a fault of ours: ${String(error)}`, error);
  }

  #end(reason: NoPictureReason | 'stopped', detail: string, fault?: unknown): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#framing.stop();
    this.#datagrams.close();
    this.#cancelTimer();
    this.#cancelPause();
    const socket = this.#socket;
    if (this.#isConnected && reason === 'stopped') {
      // Gives TEARDOWN the time to leave.
      socket.end();
      this.#setTimer(CLOSE_TIMEOUT_MS, () => socket.destroy());
      socket.once('close', () => this.#cancelTimer());
    } else {
      socket.destroy();
    }
    this.#listener.onEnded(reason, detail, fault);
  }

  #setTimer(ms: number, fn: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.setTimer(ms, fn);
  }
}

function createNonce(): string {
  return randomBytes(8).toString('hex');
}
