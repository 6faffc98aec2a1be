/**
 * WebRTC by libdatachannel (npm `node-datachannel`): installs anywhere, one UDP port for all sessions, SRTP on the thread that
 * sends. It must live in a process of its own or the node's main process: inside worker_threads it aborts.
 */
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import nodeDataChannel from 'node-datachannel';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { StreamTracks } from '../stream/frame.ts';
import type { StreamHub } from '../stream/sink.ts';
import { chooseCodecs } from './codec-choice.ts';
import type { OfferOutcome, OfferRefusal, OfferRequest, WebRtcEngine } from './engine.ts';
import { OfferedAddresses } from './offered-addresses.ts';
import { openPeerSession, type PeerSession } from './peer-session.ts';
import { StreamFanout } from './stream-fanout.ts';
import { claimUdpPort } from './udp-port.ts';
import { parseWhepOffer } from './whep-offer.ts';

export interface NodeDatachannelEngineOptions {
  /** UDP port of all sessions; 0 chooses a free one. */
  readonly portNumber: number;
  /** Addresses and names offered besides those of this machine. */
  readonly iceAddresses: readonly string[];
  /** Sessions at a time. */
  readonly maxViewers: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Opens the UDP port. Rejects with `UdpPortUnavailable`. */
export async function createNodeDatachannelEngine(options: NodeDatachannelEngineOptions): Promise<WebRtcEngine> {
  const portNumber = await claimUdpPort(options.portNumber);
  return new NodeDatachannelEngine({ ...options, portNumber });
}

class NodeDatachannelEngine implements WebRtcEngine {
  readonly name = `node-datachannel (libdatachannel ${nodeDataChannel.getLibraryVersion()})`;
  readonly portNumber: number;
  readonly #options: NodeDatachannelEngineOptions;
  readonly #sessions = new Set<PeerSession>();
  readonly #addresses: OfferedAddresses;
  /** Of sessions that are over. */
  #droppedBefore = 0;
  readonly #fanouts = new Map<StreamHub, StreamFanout>();
  /** Holds the port while there is no session; without it the library closes its socket with the last viewer. */
  readonly #listener: InstanceType<typeof nodeDataChannel.IceUdpMuxListener>;
  /** Offers being answered; they count as viewers already. */
  #pendingOffers = 0;
  #isClosed = false;

  constructor(options: NodeDatachannelEngineOptions) {
    this.#options = options;
    this.portNumber = options.portNumber;
    this.#addresses = new OfferedAddresses({
      configured: options.iceAddresses,
      lookUp: async (name) => (await lookup(name, { all: true })).map(({ address }) => address),
      onFailed: (name, error) => options.log.warn({ err: error, name }, 'webrtc.address-unresolved'),
      clock: options.clock,
    });
    this.#listener = new nodeDataChannel.IceUdpMuxListener(options.portNumber);
    // Late packets of sessions that ended arrive here; without a callback the library keeps the listener idle.
    this.#listener.onUnhandledStunRequest(() => {});
  }

  get viewerCount(): number {
    return this.#sessions.size;
  }

  get droppedFrames(): number {
    let droppedFrames = this.#droppedBefore;
    for (const session of this.#sessions) droppedFrames += session.slowFrames;
    return droppedFrames;
  }

  async answerOffer(request: OfferRequest): Promise<OfferOutcome> {
    const reading = parseWhepOffer(request.offerSdp);
    if (!reading.ok) return refuse('offer-invalid', reading.detail);
    if (this.#isClosed || this.#sessions.size + this.#pendingOffers >= this.#options.maxViewers) {
      return refuse('too-many-viewers', `the node serves ${this.#options.maxViewers} viewers already`);
    }
    const { tracks } = request.hub;
    if (tracks === null) return refuse('codec-not-offered', 'the stream has no video yet');
    const choice = chooseCodecs(reading.offer, tracks);
    if (!choice.ok) return refuse(choice.refusal, choice.detail);

    const fanout = this.#fanoutOf(request.hub, tracks);
    this.#pendingOffers++;
    try {
      const session: PeerSession = await openPeerSession({
        sessionId: randomUUID(),
        offer: reading.offer,
        choice,
        audioClockRateHz: tracks.audio?.clockRateHz ?? null,
        fanout,
        portNumber: this.portNumber,
        addresses: () => this.#addresses.list(),
        delivery: request.delivery ?? null,
        onText: (text) => request.onText?.(text),
        clock: this.#options.clock,
        log: this.#options.log,
        onClosed: (closed) => {
          this.#sessions.delete(closed);
          this.#droppedBefore += closed.slowFrames;
          request.onClosed();
        },
      });
      this.#sessions.add(session);
      return { ok: true, session };
    } catch (error) {
      // The library refuses what it cannot answer by throwing; the offer was the viewer's.
      this.#options.log.warn({ err: error }, 'webrtc.offer-failed');
      return refuse('offer-invalid', 'the offer could not be answered');
    } finally {
      this.#pendingOffers--;
      this.#forgetIdleFanouts();
    }
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const session of this.#sessions) session.close();
    // The library frees the socket itself only with the process.
    this.#listener.stop();
  }

  /** The fan-out of a hub; a new one when the stream's codecs are no longer those its viewers negotiated. */
  #fanoutOf(hub: StreamHub, tracks: StreamTracks): StreamFanout {
    const existing = this.#fanouts.get(hub);
    if (existing !== undefined && existing.fits(tracks)) return existing;
    const fanout: StreamFanout = new StreamFanout(
      hub,
      tracks,
      (turned) => {
        const hasReordering = turned.video?.hasReordering ?? false;
        for (const session of this.#sessions) {
          if (session.fanout !== fanout) continue;
          // Other changes may be answered by the next offer; this one never is, and the page need not try.
          if (hasReordering) session.end('reordering-not-supported');
          else session.close();
        }
        if (this.#fanouts.get(hub) === fanout) this.#fanouts.delete(hub);
      },
      this.#options.clock,
    );
    this.#fanouts.set(hub, fanout);
    return fanout;
  }

  #forgetIdleFanouts(): void {
    for (const [hub, fanout] of this.#fanouts) {
      const isUsed = fanout.viewerCount > 0 || [...this.#sessions].some((session) => session.fanout === fanout);
      if (!isUsed && this.#pendingOffers === 0) this.#fanouts.delete(hub);
    }
  }
}

function refuse(refusal: OfferRefusal, detail: string): OfferOutcome {
  return { ok: false, refusal, detail };
}
