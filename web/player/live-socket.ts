/**
 * One WebSocket to a media node for all tiles of a page: a channel per tile. Connects with the first channel, closes after
 * the last. A connection that breaks ends all channels; whoever wants a picture asks again and gets a new one.
 */
import { liveSocketProtocol, parseMediaMessage, parseNodeMessage, type MediaMessage, type PageMessage } from './live-socket-messages.ts';
import type { Interruption } from './driver.ts';
import type { StreamRole } from './stream-plan.ts';

/** What a tile hears of its channel. After `ended` or `lost` nothing more comes. */
export interface ChannelListener {
  tracks(mimeType: string): void;
  media(message: MediaMessage): void;
  /** The camera is gone for now; `tracks` comes when it is back. Told again when the reason gets known. */
  interrupted(interruption: Interruption): void;
  /** The node began to leave frames out, because this page does not take them in time. */
  slow(): void;
  /** The node refused or ended the channel, with its problem code. */
  ended(code: string): void;
  /** The connection could not be made, or broke. */
  lost(): void;
}

export interface Channel {
  renew(ticket: string): void;
  /** Idempotent. */
  close(): void;
}

/** As much of `WebSocket` as is used. */
export interface SocketLike extends EventTarget {
  binaryType: BinaryType;
  readonly readyState: number;
  send(text: string): void;
  close(): void;
}

export interface LiveSocketOptions {
  readonly createSocket: (url: string, protocol: string) => SocketLike;
}

/** A tile that changes its camera closes one channel and opens another: the connection stays for that. */
const lingerMs = 3000;
/** The node says `alive` every 2 s: after so much silence the connection is dead, whatever TCP believes. */
const silenceMs = 8000;
const largestChannel = 0xffff;

/** The connection to one node. */
export class LiveSocket {
  readonly #url: string;
  readonly #options: LiveSocketOptions;
  readonly #listeners = new Map<number, ChannelListener>();
  #socket: SocketLike | null = null;
  /** Ends the listening to `#socket`. */
  #listening = new AbortController();
  /** Said before the connection was open. */
  #waiting: PageMessage[] = [];
  #lastChannel = 0;
  #lingerTimer: ReturnType<typeof setTimeout> | undefined;
  #silenceTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(url: string, options: LiveSocketOptions) {
    this.#url = url;
    this.#options = options;
  }

  /** Subscribes to a stream. */
  open(stream: { cameraId: string; role: StreamRole; ticket: string; video?: 'h264' }, listener: ChannelListener): Channel {
    clearTimeout(this.#lingerTimer);
    const channel = this.#nextChannel();
    this.#listeners.set(channel, listener);
    this.#say({ kind: 'subscribe', channel, ...stream });
    return {
      renew: (ticket) => {
        if (this.#listeners.get(channel) === listener) this.#say({ kind: 'renew', channel, ticket });
      },
      close: () => {
        if (this.#listeners.get(channel) !== listener) return;
        this.#listeners.delete(channel);
        this.#say({ kind: 'unsubscribe', channel });
        this.#lingerWhenUnused();
      },
    };
  }

  /** A number that was not in use for long: late messages of its former use would reach the wrong tile. */
  #nextChannel(): number {
    do {
      this.#lastChannel = this.#lastChannel === largestChannel ? 1 : this.#lastChannel + 1;
    } while (this.#listeners.has(this.#lastChannel));
    return this.#lastChannel;
  }

  #say(message: PageMessage): void {
    const socket = this.#socket ?? this.#connect();
    if (socket === null) return;
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
    else this.#waiting.push(message);
  }

  /** Null when the browser refuses the address; then the channels are told. */
  #connect(): SocketLike | null {
    let socket: SocketLike;
    try {
      socket = this.#options.createSocket(this.#url, liveSocketProtocol);
    } catch {
      queueMicrotask(() => this.#endAll());
      return null;
    }
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    socket.addEventListener('open', () => this.#sayWaiting(socket), { signal });
    socket.addEventListener('message', (event) => this.#onMessage(socket, event), { signal });
    socket.addEventListener('close', () => this.#drop(socket), { signal });
    this.#expectMore(socket);
    return socket;
  }

  #sayWaiting(socket: SocketLike): void {
    for (const message of this.#waiting.splice(0)) socket.send(JSON.stringify(message));
  }

  #onMessage(socket: SocketLike, event: Event): void {
    this.#expectMore(socket);
    if (!(event instanceof MessageEvent)) return;
    const data: unknown = event.data;
    if (typeof data === 'string') this.#onText(data);
    else if (data instanceof ArrayBuffer) this.#onBinary(data);
  }

  #onText(text: string): void {
    const message = parseNodeMessage(text);
    if (message === null || message.kind === 'other') return;
    const listener = this.#listeners.get(message.channel);
    if (listener === undefined) return;
    if (message.kind === 'tracks') {
      listener.tracks(message.mimeType);
      return;
    }
    if (message.kind === 'slow') {
      listener.slow();
      return;
    }
    if (message.kind === 'interrupted') {
      const { reason, code } = message;
      listener.interrupted({ reason, ...(code === undefined ? {} : { code }) });
      return;
    }
    this.#listeners.delete(message.channel);
    this.#lingerWhenUnused();
    listener.ended(message.code);
  }

  #onBinary(data: ArrayBuffer): void {
    const message = parseMediaMessage(data);
    if (message !== null) this.#listeners.get(message.channel)?.media(message);
  }

  #expectMore(socket: SocketLike): void {
    clearTimeout(this.#silenceTimer);
    this.#silenceTimer = setTimeout(() => this.#drop(socket), silenceMs);
  }

  #lingerWhenUnused(): void {
    if (this.#listeners.size > 0) return;
    clearTimeout(this.#lingerTimer);
    this.#lingerTimer = setTimeout(() => {
      if (this.#socket !== null) this.#drop(this.#socket);
    }, lingerMs);
  }

  /** Lets go of a connection, whoever ended it. */
  #drop(socket: SocketLike): void {
    if (this.#socket !== socket) return;
    this.#listening.abort();
    socket.close();
    this.#socket = null;
    this.#endAll();
  }

  #endAll(): void {
    clearTimeout(this.#silenceTimer);
    clearTimeout(this.#lingerTimer);
    this.#waiting = [];
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.lost();
  }
}

/** The connections of a page, by address. */
export class LiveSockets {
  readonly #options: LiveSocketOptions;
  readonly #byUrl = new Map<string, LiveSocket>();

  constructor(options: LiveSocketOptions) {
    this.#options = options;
  }

  /** The one connection to `url`; a page knows few nodes, so none is forgotten. */
  to(url: string): LiveSocket {
    let socket = this.#byUrl.get(url);
    if (!socket) {
      socket = new LiveSocket(url, this.#options);
      this.#byUrl.set(url, socket);
    }
    return socket;
  }
}
