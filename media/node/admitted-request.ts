/** A request whose ticket is good: what the handlers of the HTTP face get. The same over HTTP/1.1 and HTTP/2. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { TicketPayload } from '../contract/ticket.ts';
import type { AnswerDeadlines } from './answer-deadlines.ts';

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
  /** Of HTTP/1.1 alone: `Http2ServerResponse` has none at runtime, whatever its type says. See {@link isGone}. */
  readonly destroyed?: boolean | undefined;
  /** Of HTTP/2 alone. */
  readonly stream?: { readonly destroyed: boolean } | undefined;
  /** Names and values in turn. */
  writeHead(status: number, headers: string[]): unknown;
  cork(): void;
  uncork(): void;
  destroy(): unknown;
}

/** True once the answer has left or was given up: `close` was emitted, or will be and nothing more can be written. */
export function isGone(response: MediaResponse): boolean {
  return response.stream === undefined ? response.destroyed === true : response.stream.destroyed;
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
  readonly deadlines: AnswerDeadlines;
}
