/** The WebRTC side of a node, whatever library carries it. */
import type { StreamHub } from '../stream/sink.ts';

/** An offer that was answered: one viewer of one stream. */
export interface WebRtcSession {
  readonly sessionId: string;
  readonly answerSdp: string;
  /** Idempotent. */
  close(): void;
}

export type OfferRefusal = 'offer-invalid' | 'codec-not-offered' | 'reordering-not-supported' | 'too-many-viewers';

export type OfferOutcome =
  | { readonly ok: true; readonly session: WebRtcSession }
  | { readonly ok: false; readonly refusal: OfferRefusal; readonly detail: string };

export interface WebRtcEngine {
  /** Name for logs and the node's page. */
  readonly name: string;
  readonly portNumber: number;
  readonly viewerCount: number;
  /**
   * Answers a WHEP offer (receive-only, all candidates gathered) with the stream of `hub`, whose tracks must be known.
   * `onClosed` is called once, whoever ended the session.
   */
  answerOffer(request: { readonly offerSdp: string; readonly hub: StreamHub; readonly onClosed: () => void }): Promise<OfferOutcome>;
  /** Closes all sessions and the port. */
  close(): Promise<void>;
}
