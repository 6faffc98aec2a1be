/**
 * The node's line to the server: dials, says hello, takes the desired state, tells what it observes and what happened.
 *
 *     connect → hello ⇄ welcome (desired state, last applied event) → observed at once, on change and every 2 s
 *                                                                   → events, repeated until acknowledged
 */
import { io, type Socket } from 'socket.io-client';
import type { Logger } from 'pino';
import type { Clock } from '../clock/clock.ts';
import type { NodeEvent, NodeHello, NodeToServer, NodeWelcome, ServerToNode } from '../contract/link.ts';
import type { DesiredState, ObservedState } from '../contract/streams.ts';
import type { EventOutbox } from './event-outbox.ts';

export interface ServerLinkOptions {
  /** Base URL of the server. */
  readonly serverUrl: string;
  /** Secret that proves which node this is. */
  readonly nodeKey: string;
  readonly hello: NodeHello;
  readonly outbox: EventOutbox;
  readonly onDesired: (state: DesiredState) => void;
  readonly observe: () => ObservedState;
  /** After each welcome: the place to append inventories. */
  readonly onLinked: () => void;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface ServerLink {
  readonly isLinked: boolean;
  /** Numbers an event and sends it as soon as possible. */
  tell(event: NodeEvent): void;
  /** Something observable changed: a snapshot goes out within moments. */
  noteChange(): void;
  close(): Promise<void>;
}

/** The contract promises a snapshot at least every 2 s; a busy machine is allowed some delay. */
const observedIntervalMs = 1_500;
/** Many streams change together when a site link breaks; one snapshot tells of all. */
const changeDelayMs = 30;
/** A server that has not answered by then restarts or is stuck. */
const answerTimeoutMs = 10_000;
const retryDelayMs = 1_000;

/** Dials until closed. */
export function openServerLink(options: ServerLinkOptions): ServerLink {
  return new SocketLink(options);
}

class SocketLink implements ServerLink {
  readonly #options: ServerLinkOptions;
  readonly #socket: Socket<ServerToNode, NodeToServer>;
  /** Counts connections, so that a late answer to an older one is told apart. */
  #connection = 0;
  #isLinked = false;
  #isSendingEvents = false;
  #isClosed = false;
  #failedDials = 0;
  #cancelObserve: (() => void) | null = null;
  /** When the next snapshot is due, monotonic; changes may bring it forward, never put it off. */
  #observeDueMs = 0;
  #generation = 0;
  #cancelRetry: (() => void) | null = null;

  constructor(options: ServerLinkOptions) {
    this.#options = options;
    this.#socket = io(`${options.serverUrl.replace(/\/$/, '')}/media-nodes`, {
      auth: { key: options.nodeKey },
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 3_000,
      timeout: answerTimeoutMs,
    });
    this.#socket.on('connect', () => this.#onConnect());
    this.#socket.on('disconnect', (reason) => this.#onDisconnect(reason));
    this.#socket.on('connect_error', (error) => this.#onDialFailed(error));
    this.#socket.on('desired', (state) => {
      if (!this.#isLinked || state.generation <= this.#generation) return;
      this.#generation = state.generation;
      options.onDesired(state);
    });
  }

  get isLinked(): boolean {
    return this.#isLinked;
  }

  tell(event: NodeEvent): void {
    this.#options.outbox.append(event, this.#options.clock.wallClockMs());
    this.#sendEvents();
  }

  noteChange(): void {
    if (this.#isLinked && this.#options.clock.monotonicMs() + changeDelayMs < this.#observeDueMs) this.#scheduleObserve(changeDelayMs);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isLinked = false;
    this.#cancelObserve?.();
    this.#cancelRetry?.();
    this.#socket.disconnect();
  }

  #onConnect(): void {
    const connection = ++this.#connection;
    this.#socket.timeout(answerTimeoutMs).emit('hello', this.#options.hello, (error: Error | null, welcome: NodeWelcome) => {
      if (connection !== this.#connection || this.#isClosed) return;
      if (error === null) this.#onWelcome(welcome);
      else this.#redial();
    });
  }

  #onWelcome(welcome: NodeWelcome): void {
    const { outbox, onDesired, onLinked, log } = this.#options;
    this.#failedDials = 0;
    log.info({ nodeId: welcome.nodeId, keptEvents: outbox.size, droppedEvents: outbox.droppedEvents }, 'link.up');
    outbox.acknowledge(welcome.acknowledgedSequence);
    this.#isLinked = true;
    // Whatever its number: a server that was restored from a backup counts anew.
    this.#generation = welcome.desired.generation;
    onDesired(welcome.desired);
    onLinked();
    this.#scheduleObserve(0);
    this.#sendEvents();
  }

  #onDisconnect(reason: string): void {
    this.#connection++;
    this.#isSendingEvents = false;
    this.#cancelObserve?.();
    this.#cancelObserve = null;
    if (this.#isLinked) this.#options.log.warn({ reason }, 'link.down');
    this.#isLinked = false;
    // Socket.io does not dial again by itself when the server closed the connection on purpose.
    if (reason === 'io server disconnect') this.#redial();
  }

  #onDialFailed(error: Error): void {
    this.#failedDials++;
    // The first failure and then every thirtieth: about once in one and a half minutes.
    if (this.#failedDials % 30 === 1) this.#options.log.warn({ detail: error.message, failedDials: this.#failedDials }, 'link.dial-failed');
    // A refusal by the server's own code (a wrong key) also ends the library's attempts.
    if (!this.#socket.active) this.#redial();
  }

  #redial(): void {
    if (this.#isClosed) return;
    this.#cancelRetry?.();
    this.#cancelRetry = this.#options.clock.setTimer(retryDelayMs, () => {
      if (this.#socket.connected) this.#socket.disconnect();
      this.#socket.connect();
    });
  }

  #scheduleObserve(delayMs: number): void {
    this.#cancelObserve?.();
    this.#observeDueMs = this.#options.clock.monotonicMs() + delayMs;
    this.#cancelObserve = this.#options.clock.setTimer(delayMs, () => this.#sendObserved());
  }

  #sendObserved(): void {
    if (!this.#isLinked) return;
    this.#socket.emit('observed', this.#options.observe());
    this.#scheduleObserve(observedIntervalMs);
  }

  #sendEvents(): void {
    if (!this.#isLinked || this.#isSendingEvents) return;
    const batch = this.#options.outbox.nextBatch();
    if (batch.length === 0) return;
    this.#isSendingEvents = true;
    const connection = this.#connection;
    this.#socket.timeout(answerTimeoutMs).emit('events', batch, (error: Error | null, answer: { readonly sequence: number }) => {
      if (connection !== this.#connection) return;
      this.#isSendingEvents = false;
      if (error === null) {
        this.#options.outbox.acknowledge(answer.sequence);
        this.#sendEvents();
      } else {
        this.#options.log.warn({ events: batch.length }, 'link.events-unanswered');
        this.#cancelRetry?.();
        this.#cancelRetry = this.#options.clock.setTimer(retryDelayMs, () => this.#sendEvents());
      }
    });
  }
}
