/** What the domain folders see of the media nodes: links, measurements, desired state, tickets. */
import type { NumberedEvent } from '../../media/contract/link.ts';
import type { DesiredStream, ObservedState } from '../../media/contract/streams.ts';
import type { TicketPayload } from '../../media/contract/ticket.ts';
import type { Change } from '../audit/change.ts';
import type { RequestFacts } from '../http/route.ts';

/** Implemented by the cameras' folder: what a node shall serve, as stored now. */
export interface DesiredStateSource {
  loadDesiredStreams(nodeId: string): Promise<readonly DesiredStream[]>;
}

/** Implemented by domain folders: the effect of a node's event, in the transaction that also stores its number. */
export type NodeEventHandler = (change: Change, nodeId: string, event: NumberedEvent) => Promise<void>;

/** A node's link went up or down, or its process is another one. */
export interface LinkState {
  readonly nodeId: string;
  readonly isLinked: boolean;
  /** Wall clock of the server, ms since 1970. */
  readonly sinceMs: number;
}

/** Snapshots as they come in. Kept in memory: a node sends a whole one after every link-up. */
export interface NodeObservations {
  /** Newest snapshot of a node; null before the first of its present link and after the link is lost. */
  latest(nodeId: string): ObservedState | null;
  /** Called with every snapshot. Returns the end of the subscription. */
  subscribe(listener: (nodeId: string, state: ObservedState) => void): () => void;
}

export interface MediaNodes {
  readonly observations: NodeObservations;
  /** Ids of all registered nodes, linked or not. */
  listIds(): Promise<readonly string[]>;
  /** The link of a node; one that never dialled in is not linked since the server started. */
  linkOf(nodeId: string): LinkState;
  /** Called after every change of a link. Returns the end of the subscription. */
  onLinkChanged(listener: (state: LinkState) => void): () => void;
  /** Says that what {@link DesiredStateSource} answers has changed; the newest is sent to every linked node soon. */
  desiredStateChanged(): void;
  /** Signs a ticket with the newest key. */
  signTicket(payload: Omit<TicketPayload, 'keyId'>): string;
  /** Base URL of a node for the browser that sent the request, without a slash at the end; null when it is not linked. */
  baseUrlFor(nodeId: string, request: Pick<RequestFacts, 'protocol' | 'hostname'>): string | null;
}
