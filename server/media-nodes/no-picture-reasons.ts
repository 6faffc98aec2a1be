/** The values of `NoPictureReason`, for the schemas of what nodes send and of what the API answers. */
import type { NoPictureReason } from '../../media/contract/streams.ts';

export const noPictureReasons = [
  'address-unresolved',
  'connection-refused',
  'connection-timed-out',
  'host-unreachable',
  'unauthorized',
  'stream-not-found',
  'no-answer',
  'protocol-error',
  'codec-unsupported',
  'mjpeg-only',
  'no-video',
  'no-packets',
  'no-key-frame',
  'picture-frozen',
  'timestamps-broken',
  'closed-by-camera',
  'waiting-for-budget',
  'node-lost',
  'not-assigned',
] as const satisfies readonly NoPictureReason[];
