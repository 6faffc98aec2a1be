/**
 * A bare RTSP client for the simulator's own tests: it sends what it is told and keeps every byte apart, so that a
 * test sees exactly what a camera did.
 */
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** An answer as it came. Header names in lower case. */
export interface RawResponse {
  readonly status: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** An interleaved packet: RTP on even channels, RTCP on odd ones. */
export interface RawPacket {
  readonly channel: number;
  readonly bytes: Buffer;
}

/** One connection to a camera. */
export class RawClient {
  readonly packets: RawPacket[] = [];
  /** Bytes received that are neither an answer nor a whole packet. */
  rest: Buffer = Buffer.alloc(0);
  /** Settles when the connection is over, with the error that ended it if one did. */
  readonly closed: Promise<NodeJS.ErrnoException | null>;
  readonly #socket: Socket;
  readonly #responses: RawResponse[] = [];
  #wake: (() => void)[] = [];
  #cseq = 0;
  #session: string | undefined;
  #ended = false;

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1');
    this.#socket.on('data', (bytes) => this.#receive(bytes));
    let failure: Error | null = null;
    this.#socket.on('error', (error) => (failure = error));
    this.closed = new Promise((resolve) => {
      this.#socket.on('close', () => {
        this.#ended = true;
        this.#wakeAll();
        resolve(failure);
      });
    });
  }

  /** Sends a request without waiting. */
  send(method: string, url: string, headers: Readonly<Record<string, string>> = {}): void {
    const lines = [`${method} ${url} RTSP/1.0`, `CSeq: ${++this.#cseq}`];
    if (this.#session !== undefined) lines.push(`Session: ${this.#session}`);
    for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  /** Sends a request and waits for the next answer. Rejects if the connection ends first. */
  async request(method: string, url: string, headers: Readonly<Record<string, string>> = {}): Promise<RawResponse> {
    this.send(method, url, headers);
    await this.until(() => this.#responses.length > 0);
    const response = this.#responses.shift();
    if (response === undefined) throw new Error('no answer');
    this.#session = response.headers.get('session')?.split(';')[0] ?? this.#session;
    return response;
  }

  /** SETUP of the video (and audio) track, and PLAY. */
  async play(url: string, tracks = 1): Promise<RawResponse> {
    for (let track = 0; track < tracks; track++) {
      await this.request('SETUP', `${url}/trackID=${track}`, {
        Transport: `RTP/AVP/TCP;unicast;interleaved=${track * 2}-${track * 2 + 1}`,
      });
    }
    return this.request('PLAY', url);
  }

  /** Waits until something is true; looks whenever bytes have come. Rejects if the connection ends first. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) {
      if (this.#ended) throw new Error('the connection ended');
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    while (this.#takePacket() || this.#takeResponse());
    this.#wakeAll();
  }

  #takePacket(): boolean {
    if (this.rest[0] !== 0x24 || this.rest.length < 4) return false;
    const end = 4 + this.rest.readUInt16BE(2);
    if (this.rest.length < end) return false;
    this.packets.push({ channel: this.rest.readUInt8(1), bytes: this.rest.subarray(4, end) });
    this.rest = this.rest.subarray(end);
    return true;
  }

  #takeResponse(): boolean {
    if (!this.rest.subarray(0, 5).equals(Buffer.from('RTSP/'))) return false;
    const headEnd = this.rest.indexOf('\r\n\r\n');
    if (headEnd < 0) return false;
    const [statusLine = '', ...lines] = this.rest.toString('utf8', 0, headEnd).split('\r\n');
    const headers = new Map(lines.map((line) => [line.split(':', 1)[0]?.toLowerCase() ?? '', line.slice(line.indexOf(':') + 1).trim()]));
    const end = headEnd + 4 + Number(headers.get('content-length') ?? 0);
    if (this.rest.length < end) return false;
    const body = this.rest.toString('utf8', headEnd + 4, end);
    this.#responses.push({ status: Number(statusLine.split(' ')[1]), headers, body });
    this.rest = this.rest.subarray(end);
    return true;
  }

  #wakeAll(): void {
    const waiting = this.#wake;
    this.#wake = [];
    for (const wake of waiting) wake();
  }
}
