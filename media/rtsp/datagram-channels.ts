/**
 * Hot. The UDP side of an RTSP session: a pair of ports for each track, packets put into order, what comes from elsewhere
 * left out, and the camera's way back through firewalls kept open.
 */
import type { Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Clock } from '../clock/clock.ts';
import { InterarrivalJitter } from '../rtp/interarrival-jitter.ts';
import { ReorderBuffer } from '../rtp/reorder-buffer.ts';
import type { PlannedTracks } from './rtsp-session.ts';
import { TrafficBudget } from './traffic-budget.ts';
import { openUdpPortPair } from './udp-port-pair.ts';
import type { UdpPortPair } from './udp-port-pair.ts';

/** Receives packets in order. Borrows `bytes[start, end)`. */
export type OnPacket = (channel: number, bytes: Buffer, start: number, end: number) => void;

/** RTP without payload, version 2: what opens a firewall's way back and what no camera takes for media. */
const EMPTY_RTP = Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
/** A receiver report about nobody (RFC 3550 §6.4.2). */
const EMPTY_RECEIVER_REPORT = Buffer.from([0x80, 0xc9, 0, 1, 0, 0, 0, 0]);

interface DatagramTrack {
  readonly pair: UdpPortPair;
  readonly rtcpChannel: number;
  readonly reorder: ReorderBuffer;
  readonly jitter: InterarrivalJitter;
  /** The camera's ports; null until known. */
  rtpPort: number | null;
  rtcpPort: number | null;
  /** Where packets may come from: the connection's peer, and the source that the camera named. */
  readonly address: string;
  readonly sourceAddress: string;
}

/** Datagrams of one session. */
export class DatagramChannels {
  readonly #clock: Clock;
  readonly #onPacket: OnPacket;
  readonly #onExceeded: () => void;
  readonly #onFault: (error: unknown) => void;
  /** Of the packets that wait for one before them: what their timers throw is a fault too. */
  readonly #reorderClock: Clock;
  readonly #budget: TrafficBudget;
  #pairs: UdpPortPair[] = [];
  #tracks: DatagramTrack[] = [];
  #isClosed = false;
  /** Datagrams from other addresses than the camera's. */
  foreignPackets = 0;

  /**
   * `onExceeded`: more came than a camera may send (once at least, perhaps again). `onFault`: a datagram made something throw, which the
   * owner should end the session for.
   */
  constructor(clock: Clock, onPacket: OnPacket, onExceeded: () => void, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#onPacket = onPacket;
    this.#onExceeded = onExceeded;
    this.#onFault = onFault;
    this.#reorderClock = {
      monotonicMs: () => clock.monotonicMs(),
      wallClockMs: () => clock.wallClockMs(),
      setTimer: (ms, fn) => clock.setTimer(ms, () => this.#try(fn)),
    };
    this.#budget = new TrafficBudget(clock.monotonicMs(), 'udp');
  }

  /** Opens ports on our address `localAddress`; their even numbers, or null when there are none. */
  async open(pairs: number, localAddress: string): Promise<readonly number[] | null> {
    while (this.#pairs.length < pairs) {
      const pair = await openUdpPortPair(localAddress);
      if (pair === null) return null;
      // A datagram that could not be sent is lost like any other.
      for (const socket of [pair.rtp, pair.rtcp]) socket.on('error', () => undefined);
      this.#pairs.push(pair);
      if (this.#isClosed) closePair(pair);
    }
    return this.#pairs.map(({ rtpPort }) => rtpPort);
  }

  /** From now on packets of these tracks are taken from the camera at `address`. */
  receive({ video, audio }: PlannedTracks, address: string): void {
    for (const [index, track] of [video, audio].entries()) {
      const pair = this.#pairs[index];
      if (pair === undefined || track === null || track.datagrams === null) continue;
      const { rtp, rtcp } = track.channels;
      const { rtpPort, rtcpPort, sourceAddress } = track.datagrams;
      this.#listen({
        pair,
        rtcpChannel: rtcp,
        reorder: new ReorderBuffer(this.#reorderClock, (bytes, start, end) => {
          if (!this.#isClosed) this.#onPacket(rtp, bytes, start, end);
        }),
        jitter: new InterarrivalJitter(track.format.clockRateHz),
        rtpPort,
        rtcpPort,
        address,
        // Only an address of the same family can be one that the camera sends from.
        sourceAddress: sourceAddress !== null && isIPv6(sourceAddress) === isIPv6(address) ? sourceAddress : address,
      });
    }
  }

  /** Sends an empty packet to each of the camera's ports, so that firewalls and address translators between let its packets in. */
  keepOpen(): void {
    for (const { pair, rtpPort, rtcpPort, sourceAddress } of this.#tracks) {
      send(pair.rtp, EMPTY_RTP, rtpPort, sourceAddress);
      send(pair.rtcp, EMPTY_RECEIVER_REPORT, rtcpPort, sourceAddress);
    }
  }

  /** *Keeps* the bytes: a compound packet for the track whose RTCP channel it is. */
  sendRtcp(channel: number, bytes: Buffer): void {
    const track = this.#tracks.find(({ rtcpChannel }) => rtcpChannel === channel);
    if (track !== undefined && !this.#isClosed) send(track.pair.rtcp, bytes, track.rtcpPort, track.sourceAddress);
  }

  /** See {@link InterarrivalJitter}; 0 for a channel that is none of ours. */
  jitterTicks(rtcpChannel: number): number {
    return this.#tracks.find((track) => track.rtcpChannel === rtcpChannel)?.jitter.jitterTicks ?? 0;
  }

  /** Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const { reorder } of this.#tracks) reorder.close();
    for (const pair of this.#pairs) closePair(pair);
  }

  #listen(track: DatagramTrack): void {
    this.#tracks.push(track);
    track.pair.rtp.on('message', (bytes, { address, port }) => {
      try {
        const nowMs = this.#clock.monotonicMs();
        if (!this.#isFromCamera(track, address) || !this.#isWithinBudget(bytes.length, nowMs)) return;
        track.rtpPort ??= port;
        if (bytes.length >= 8) track.jitter.accept(bytes.readUInt32BE(4), nowMs);
        track.reorder.push(bytes, 0, bytes.length);
      } catch (error) {
        this.#onFault(error);
      }
    });
    track.pair.rtcp.on('message', (bytes, { address, port }) => {
      this.#try(() => {
        if (!this.#isFromCamera(track, address) || !this.#isWithinBudget(bytes.length, this.#clock.monotonicMs())) return;
        track.rtcpPort ??= port;
        this.#onPacket(track.rtcpChannel, bytes, 0, bytes.length);
      });
    });
  }

  #try(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#onFault(error);
    }
  }

  /** Datagrams beyond the budget are left out: they count as lost. */
  #isWithinBudget(sizeBytes: number, nowMonotonicMs: number): boolean {
    const verdict = this.#budget.take(sizeBytes, 1, nowMonotonicMs);
    if (verdict === 'exceeded') this.#onExceeded();
    return verdict === 'within';
  }

  #isFromCamera(track: DatagramTrack, address: string): boolean {
    if (this.#isClosed) return false;
    if (address === track.address || address === track.sourceAddress) return true;
    this.foreignPackets += 1;
    return false;
  }
}

function send(socket: Socket, bytes: Buffer, port: number | null, address: string): void {
  if (port !== null) socket.send(bytes, port, address);
}

function closePair({ rtp, rtcp }: UdpPortPair): void {
  rtp.close();
  rtcp.close();
}
