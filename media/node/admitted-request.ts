/** A request whose ticket is good: what the handlers of the HTTP face get. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TicketPayload } from '../contract/ticket.ts';

export interface AdmittedRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly query: URLSearchParams;
  /** As it stood in the query: playlists repeat it. */
  readonly ticketText: string;
  readonly ticket: TicketPayload;
}
