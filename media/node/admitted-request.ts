/** A request whose ticket is good: what the handlers of the HTTP face get. The same over HTTP/1.1 and HTTP/2. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { TicketPayload } from '../contract/ticket.ts';

/** What handlers use of a request, be it `node:http`'s or `node:http2`'s. */
export interface MediaRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly httpVersionMajor: number;
  /** Whose address it came from. */
  readonly socket: Socket;
  /** The body was read to its end. */
  readonly complete: boolean;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  once(event: 'end' | 'error', listener: () => void): unknown;
  removeListener(event: 'data', listener: (chunk: Buffer) => void): unknown;
}

/** What handlers use of a response. */
export interface MediaResponse extends NodeJS.WritableStream {
  readonly headersSent: boolean;
  readonly destroyed: boolean;
  /** Names and values in turn. */
  writeHead(status: number, headers: string[]): unknown;
  cork(): void;
  uncork(): void;
  destroy(): unknown;
}

/** The query of a URL. */
export interface MediaQuery {
  /** The first value of a parameter, decoded; null when it is absent. */
  get(name: string): string | null;
}

export interface AdmittedRequest {
  readonly request: MediaRequest;
  readonly response: MediaResponse;
  readonly query: MediaQuery;
  /** As it stood in the query: playlists repeat it. */
  readonly ticketText: string;
  readonly ticket: TicketPayload;
}
