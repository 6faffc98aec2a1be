/**
 * One page on its WebSocket: what it says is read and bounded, what it is sent is held to its backlog, and it is cut when it
 * is not heard of. What the messages mean is the owner's business.
 */
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock/clock.ts';
import type { NodeMessage, PageMessage } from '../contract/live-socket.ts';
import { PageBacklog } from './page-backlog.ts';
import { parsePageMessage } from './page-message.ts';

/** How often a page is looked at; tickets end within this after their expiry. */
const lookMs = 1_000;
const aliveEveryLooks = 2;
const pingEveryLooks = 10;
/** Three pings unanswered: a laptop that was closed. Pongs wait behind video, so a slow page needs some patience. */
const unheardMs = 35_000;
/** A page connects when it is about to subscribe. */
const idleMs = 30_000;
/** A wall of 64 tiles that changes its layout every second says less. */
const maxMessages = 600;
const messageWindowMs = 10_000;

export const closeCodes = { done: 1000, nodeEnds: 1001, notText: 1003, malformed: 1008, full: 1013 } as const;

export interface PageOwner {
  onMessage(message: PageMessage): void;
  /** Once a second. */
  onLook(): void;
  /** Once, whoever ended it. */
  onClosed(): void;
  /** Whether it watches anything. */
  readonly isIdle: boolean;
}

/** Writes and reads one connection. */
export class PageConnection {
  /** Fragments left out because the page was behind. */
  droppedFragments = 0;
  readonly #socket: WebSocket;
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #backlog = new PageBacklog();
  #owner: PageOwner | null = null;
  #cancelLook: () => void = () => {};
  #looks = 0;
  #heardAtMs: number;
  #busyAtMs: number;
  #windowStartMs: number;
  #messagesInWindow = 0;
  #isClosed = false;

  /** `stream`: what carries `socket`; the caller of `handleUpgrade` has it. */
  constructor(socket: WebSocket, stream: Duplex, clock: Clock) {
    this.#socket = socket;
    this.#stream = stream;
    this.#clock = clock;
    this.#heardAtMs = this.#busyAtMs = this.#windowStartMs = clock.monotonicMs();
    // What is wrong with a connection shows in its end: ws closes it after an error by itself.
    socket.on('error', () => {});
  }

  /** Begins to read. */
  start(owner: PageOwner): void {
    this.#owner = owner;
    this.#socket.on('message', (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    this.#socket.on('pong', () => (this.#heardAtMs = this.#clock.monotonicMs()));
    this.#socket.on('close', () => this.#end());
    this.#scheduleLook();
  }

  tell(message: NodeMessage): void {
    if (!this.#isClosed) this.#socket.send(JSON.stringify(message));
  }

  /** Whether fragments should be left out at the moment, see `page-backlog.ts`. */
  get isBehind(): boolean {
    return this.#backlog.isBehind(this.#socket.bufferedAmount, this.#clock.monotonicMs());
  }

  /** Sends one message in two frames, in one write. Keeps both buffers; they must not be written again. */
  sendMedia(channelHead: Buffer, bytes: Buffer): void {
    if (this.#isClosed) return;
    this.#stream.cork();
    this.#socket.send(channelHead, { binary: true, fin: false });
    this.#socket.send(bytes, { binary: true, fin: true });
    this.#stream.uncork();
  }

  /** Closes in order; cut when the page does not answer. Idempotent. */
  close(code: number, words: string): void {
    if (this.#isClosed) return;
    this.#socket.close(code, words);
    this.#end();
  }

  /** Cuts the connection. Idempotent. */
  terminate(): void {
    this.#socket.terminate();
    this.#end();
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#isClosed) return;
    const nowMs = this.#clock.monotonicMs();
    this.#heardAtMs = nowMs;
    if (nowMs - this.#windowStartMs > messageWindowMs) {
      this.#windowStartMs = nowMs;
      this.#messagesInWindow = 0;
    }
    this.#messagesInWindow++;
    if (isBinary) {
      this.close(closeCodes.notText, 'text messages only');
      return;
    }
    const message = this.#messagesInWindow > maxMessages ? null : parsePageMessage(data.toString('utf8'));
    if (message === null) this.close(closeCodes.malformed, this.#messagesInWindow > maxMessages ? 'too many messages' : 'malformed message');
    else this.#owner?.onMessage(message);
  }

  #scheduleLook(): void {
    this.#cancelLook = this.#clock.setTimer(lookMs, () => {
      this.#look();
      if (!this.#isClosed) this.#scheduleLook();
    });
  }

  #look(): void {
    const nowMs = this.#clock.monotonicMs();
    this.#looks++;
    if (nowMs - this.#heardAtMs > unheardMs) {
      this.terminate();
      return;
    }
    this.#owner?.onLook();
    if (this.#isClosed) return;
    if (this.#owner?.isIdle !== true) this.#busyAtMs = nowMs;
    else if (nowMs - this.#busyAtMs > idleMs) {
      this.close(closeCodes.done, 'nothing subscribed');
      return;
    }
    if (this.#looks % aliveEveryLooks === 0) this.tell({ kind: 'alive', nowMs: this.#clock.wallClockMs() });
    if (this.#looks % pingEveryLooks === 0) this.#socket.ping();
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelLook();
    this.#owner?.onClosed();
  }
}
