/**
 * A ticket lets one person fetch one camera's video for a short time.
 *
 * Text form: `base64url(JSON payload) "." base64url(Ed25519 signature over the first part)` (RFC 8032), in the query
 * parameter `ticket` of every media URL. The server signs, the node verifies by itself.
 */
import type { StreamRole } from './streams.ts';

export type TicketRight = 'live' | 'playback';

export interface TicketPayload {
  readonly keyId: string;
  readonly right: TicketRight;
  readonly cameraId: string;
  /** Restricts a live ticket to one stream; null allows both. */
  readonly role: StreamRole | null;
  /** Account id of the viewer, for the node's log. */
  readonly personId: string;
  /** Seconds since 1970; refused from this second on. */
  readonly expiresAtS: number;
  /** Playback only: the span that may be fetched, ms since 1970, and the entry of the access register that allows it. */
  readonly playback: { readonly fromMs: number; readonly toMs: number; readonly registerEntryId: string } | null;
}
