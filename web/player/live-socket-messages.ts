/**
 * The messages of a media node's WebSocket as a page writes and reads them. Text is JSON; binary, big-endian:
 *
 *     0   u16  channel        2  u8  kind: 1 init segment, 2 fragment     3  u8  flags: 1 begins with a key frame
 *     4   f64  arrival of the first frame at the node, ms since 1970
 *     12  f64  media time of the beginning, seconds                        20 …  the segment or fragment
 */
import type { CameraState } from '../../server/contract/cameras.ts';
import { reasonMessages } from '../i18n/reason-messages.ts';
import type { PlayFailureCode } from './live-machine.ts';
import { playerMessages } from './messages.ts';
import type { StreamRole } from './stream-plan.ts';

/** Name and version; a node that speaks another does not connect. */
export const liveSocketProtocol = 'yilan-live-1';

const headBytes = 20;
const kindInit = 1;
const kindFragment = 2;
const flagKeyFrame = 1;

/** What a page says. */
export type PageMessage =
  | {
      readonly kind: 'subscribe';
      readonly channel: number;
      readonly cameraId: string;
      readonly role: StreamRole;
      readonly ticket: string;
      /** Transcoded, instead of as the camera sends it. */
      readonly video?: 'h264';
    }
  | { readonly kind: 'renew'; readonly channel: number; readonly ticket: string }
  | { readonly kind: 'unsubscribe'; readonly channel: number };

/** What a node says, as far as a player needs it. */
export type NodeMessage =
  | { readonly kind: 'tracks'; readonly channel: number; readonly mimeType: string }
  | { readonly kind: 'ended'; readonly channel: number; readonly code: string }
  /** The camera is gone, and why as far as it is known; `tracks` follows when it is back. */
  | { readonly kind: 'interrupted'; readonly channel: number; readonly reason: CameraState['reason']; readonly code?: PlayFailureCode }
  /** Frames are being left out, because this page does not take them in time. */
  | { readonly kind: 'slow'; readonly channel: number }
  /** `alive`, and whatever came later. */
  | { readonly kind: 'other' };

/** An init segment or a fragment. `bytes` is a view on the message. */
export interface MediaMessage {
  readonly channel: number;
  readonly kind: 'init' | 'fragment';
  readonly isKeyFrame: boolean;
  readonly arrivedAtMs: number;
  readonly startSeconds: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Reads a text message; null when it is none. A kind that came later is `other`. */
export function parseNodeMessage(text: string): NodeMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null || !('kind' in value) || typeof value.kind !== 'string') return null;
  const { kind, channel, mimeType, code, reason } = value as Record<string, unknown>;
  if (kind !== 'tracks' && kind !== 'ended' && kind !== 'interrupted' && kind !== 'slow') return { kind: 'other' };
  if (typeof channel !== 'number') return null;
  if (kind === 'slow') return { kind, channel };
  if (kind === 'interrupted') return { kind, channel, reason: isReason(reason) ? reason : null, ...(isFailure(code) ? { code } : {}) };
  if (kind === 'tracks') return typeof mimeType === 'string' ? { kind, channel, mimeType } : null;
  return typeof code === 'string' ? { kind, channel, code } : null;
}

/** A reason that came later than these pages has no words here, and is none. */
function isReason(value: unknown): value is NonNullable<CameraState['reason']> {
  return typeof value === 'string' && Object.hasOwn(reasonMessages.zh.noPicture, value);
}

function isFailure(value: unknown): value is PlayFailureCode {
  return typeof value === 'string' && Object.hasOwn(playerMessages.zh.failure, value);
}

/** Reads a binary message; null when it is none. */
export function parseMediaMessage(data: ArrayBuffer): MediaMessage | null {
  if (data.byteLength <= headBytes) return null;
  const view = new DataView(data);
  const kind = view.getUint8(2);
  const arrivedAtMs = view.getFloat64(4);
  const startSeconds = view.getFloat64(12);
  if ((kind !== kindInit && kind !== kindFragment) || !Number.isFinite(arrivedAtMs) || !Number.isFinite(startSeconds)) return null;
  return {
    channel: view.getUint16(0),
    kind: kind === kindInit ? 'init' : 'fragment',
    isKeyFrame: (view.getUint8(3) & flagKeyFrame) !== 0,
    arrivedAtMs,
    startSeconds,
    bytes: new Uint8Array(data, headBytes),
  };
}
