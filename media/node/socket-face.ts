/**
 * The WebSocket face of a node: many live streams over one connection per page (`media/websocket/protocol.md`). Each
 * subscription is checked like a request of the HTTP face.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { WebSocketServer } from 'ws';
import type { Clock } from '../clock/clock.ts';
import type { LiveSocketProtocol } from '../contract/live-socket.ts';
import { FragmentFanout } from '../websocket/fragment-fanout.ts';
import { closeCodes, PageConnection } from '../websocket/page-connection.ts';
import { PageSubscriptions } from './page-subscriptions.ts';
import type { TicketChecker } from './ticket-check.ts';
import type { FindStream, WatchedStream } from './watched-stream.ts';

export interface SocketFaceOptions {
  readonly stream: FindStream;
  readonly tickets: TicketChecker;
  /** Bounds the pages that showed a good ticket, and the channels of all pages together. */
  readonly maxViewers: number;
  readonly clock: Clock;
  readonly log: Logger;
}

/** For the metrics. */
export interface SocketCounts {
  readonly pages: number;
  readonly channels: number;
  readonly droppedFragments: number;
}

const protocol: LiveSocketProtocol = 'yilan-live-1';
/** The longest message carries a ticket of 2 KB. */
const maxMessageBytes = 4096;
/**
 * Pages that showed no good ticket yet. Whoever reaches the port can be one, so they take nobody's place: they have their own bounds, and a
 * few seconds. Behind a reverse proxy all come from one address; a page of ours subscribes within a round trip.
 */
const maxStrangers = 256;
const maxStrangersPerAddress = 64;
const strangerMs = 10_000;

interface OpenPage {
  readonly connection: PageConnection;
  readonly subscriptions: PageSubscriptions;
  readonly address: string;
  /** It had a channel, so a good ticket. */
  isKnown: boolean;
}

/** All pages connected at the moment. */
export class SocketFace {
  readonly #options: SocketFaceOptions;
  readonly #sockets: WebSocketServer;
  readonly #pages = new Set<OpenPage>();
  /** One per stream that is watched. */
  readonly #fanouts = new Map<WatchedStream, FragmentFanout>();
  /** Of pages that are gone. */
  #droppedBefore = 0;

  constructor(options: SocketFaceOptions) {
    this.#options = options;
    this.#sockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
      handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
    });
  }

  get counts(): SocketCounts {
    let channels = 0;
    let droppedFragments = this.#droppedBefore;
    for (const { connection, subscriptions } of this.#pages) {
      channels += subscriptions.size;
      droppedFragments += connection.droppedFragments;
    }
    return { pages: this.#pages.size, channels, droppedFragments };
  }

  /** Takes over a connection that asks for a WebSocket at `/ws`. Handshakes that are none are answered with 400 by `ws`. */
  accept(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      const connection = new PageConnection(socket, stream, this.#options.clock);
      if (socket.protocol !== protocol) {
        connection.close(closeCodes.malformed, 'unknown protocol');
        return;
      }
      const address = request.socket.remoteAddress ?? '';
      if (!this.#hasRoomForStranger(address)) {
        connection.close(closeCodes.full, 'too many pages');
        return;
      }
      this.#open(connection, address);
    });
  }

  /** Ends all pages. */
  close(): void {
    for (const { connection } of this.#pages) {
      connection.close(closeCodes.nodeEnds, 'the node ends');
      connection.terminate();
    }
    this.#sockets.close();
  }

  #hasRoomForStranger(address: string): boolean {
    let strangers = 0;
    let ofAddress = 0;
    for (const page of this.#pages) {
      if (page.isKnown) continue;
      strangers++;
      if (page.address === address) ofAddress++;
    }
    return strangers < maxStrangers && ofAddress < maxStrangersPerAddress;
  }

  #hasRoomForChannel(page: OpenPage): boolean {
    const { maxViewers } = this.#options;
    if (this.counts.channels >= maxViewers) return false;
    return page.isKnown || [...this.#pages].filter(({ isKnown }) => isKnown).length < maxViewers;
  }

  #open(connection: PageConnection, address: string): void {
    const { stream, tickets, clock, log } = this.#options;
    const subscriptions = new PageSubscriptions({
      connection,
      stream,
      tickets,
      clock,
      log,
      fanout: (served) => this.#fanoutOf(served),
      left: (served) => this.#dropUnused(served),
      hasRoom: () => this.#hasRoomForChannel(page),
    });
    const page: OpenPage = { connection, subscriptions, address, isKnown: false };
    this.#pages.add(page);
    const cancelPatience = clock.setTimer(strangerMs, () => connection.close(closeCodes.done, 'nothing subscribed'));
    connection.start({
      onMessage: (message) => {
        subscriptions.handle(message);
        if (page.isKnown || subscriptions.size === 0) return;
        page.isKnown = true;
        cancelPatience();
      },
      onLook: () => subscriptions.look(),
      onClosed: () => {
        cancelPatience();
        subscriptions.close();
        this.#droppedBefore += connection.droppedFragments;
        this.#pages.delete(page);
      },
      get isIdle() {
        return subscriptions.size === 0;
      },
    });
  }

  #fanoutOf(stream: WatchedStream): FragmentFanout {
    let fanout = this.#fanouts.get(stream);
    if (fanout === undefined) {
      fanout = new FragmentFanout(stream.hub, this.#options.clock);
      this.#fanouts.set(stream, fanout);
    }
    return fanout;
  }

  #dropUnused(stream: WatchedStream): void {
    if (this.#fanouts.get(stream)?.viewerCount === 0) this.#fanouts.delete(stream);
  }
}
