/** The WebRTC side of a node, whatever library carries it. */
import type { MediaProblemCode } from '../contract/media-api.ts';
import type { DeliveryMeasurements } from '../stream/delivery-measurements.ts';
import type { StreamHub } from '../stream/sink.ts';
import type { TrickleFragment } from './trickle-fragment.ts';

/** An offer that was answered: one viewer of one stream. */
export interface WebRtcSession {
  readonly sessionId: string;
  readonly answerSdp: string;
  /** Takes more addresses of the viewer. `other-ice-session`: they come with credentials other than the offer's, for an ICE restart. */
  addCandidates(fragment: TrickleFragment): 'taken' | 'other-ice-session';
  /** Sends nothing more, tells the page why, and closes a moment later. */
  end(code: MediaProblemCode): void;
  /** Idempotent. */
  close(): void;
}

export interface OfferRequest {
  readonly offerSdp: string;
  /** Its tracks must be known. */
  readonly hub: StreamHub;
  /** Where what is left out for this viewer counts; nowhere without. */
  readonly delivery?: DeliveryMeasurements;
  /** What the page says on its data channel; it may come from anybody with a ticket. */
  readonly onText?: (text: string) => void;
  /** Called once, whoever ended the session. */
  readonly onClosed: () => void;
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
  /** Frames left out for slow viewers, since the start. */
  readonly droppedFrames: number;
  /** Answers a WHEP offer (receive-only). */
  answerOffer(request: OfferRequest): Promise<OfferOutcome>;
  /** Closes all sessions and the port. */
  close(): Promise<void>;
}
