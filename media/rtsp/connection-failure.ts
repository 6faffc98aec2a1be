/** What a failed or broken TCP connection means for the picture. */
import type { NoPictureReason } from '../contract/streams.ts';

/**
 * Reason for an error of `net.connect` or of a connected socket, by its `code`. What TLS complains of begins with `ERR_SSL`, or is
 * `EPROTO`: a port that does not speak it, or no version and cipher in common.
 */
export function decideConnectionFailure(code: string | undefined, wasConnected: boolean): NoPictureReason {
  if (code === 'EPROTO' || code?.startsWith('ERR_SSL') === true) return 'protocol-error';
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return 'address-unresolved';
    case 'ECONNREFUSED':
      return 'connection-refused';
    case 'ETIMEDOUT':
      return wasConnected ? 'no-packets' : 'connection-timed-out';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EACCES':
      return 'host-unreachable';
    case undefined:
    default:
      // ECONNRESET, EPIPE and their kin: there was a camera, and it hung up.
      return 'closed-by-camera';
  }
}
