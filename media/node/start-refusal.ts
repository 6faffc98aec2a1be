/** Starts that cannot succeed before somebody acts: each a sentence for the administrator and an exit code for the parent. */
import { mkdirSync } from 'node:fs';
import { SettingsError } from '../../config/load.ts';
import { CertificateError } from './certificate.ts';
import { UdpPortUnavailable } from '../webrtc/udp-port.ts';

/** Exit codes after which starting again is no use, the same as the server's (BSD `sysexits.h`). */
export const exitCodes = { badSettings: 78, portInUse: 69, folderUnusable: 73, diskFull: 74 } as const;

/** Something an administrator has to change; the message is a whole sentence. */
export class StartRefused extends Error {
  readonly exitCode: number;

  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Makes the recordings folder. Throws {@link StartRefused}. */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    if (isSystemError(error) && error.code === 'ENOSPC') {
      throw new StartRefused(exitCodes.diskFull, `The disk of the recordings folder ${path} is full; free some space and start again.`);
    }
    const code = isSystemError(error) ? ` (${error.code})` : '';
    throw new StartRefused(exitCodes.folderUnusable, `The recordings folder ${path} cannot be made${code}; set another one with YILAN_DATA_DIR.`);
  }
}

/** The refusal that a failed start amounts to, or null for a fault of ours. `mediaPort` is the TCP port that was to be opened. */
export function explainFailedStart(error: unknown, mediaPort: number | null): StartRefused | null {
  if (error instanceof StartRefused) return error;
  if (error instanceof SettingsError) return new StartRefused(exitCodes.badSettings, error.message);
  if (error instanceof CertificateError) return new StartRefused(exitCodes.badSettings, `${error.message} The setting is media.tls.`);
  if (error instanceof UdpPortUnavailable) {
    return new StartRefused(exitCodes.portInUse, `UDP port ${error.portNumber} for WebRTC is in use; set another one with YILAN_WEBRTC_PORT.`);
  }
  if (isSystemError(error) && (error.code === 'EADDRINUSE' || error.code === 'EACCES')) {
    const state = error.code === 'EACCES' ? 'may not be used' : 'is in use';
    return new StartRefused(exitCodes.portInUse, `TCP port ${mediaPort ?? ''} for video ${state}; set another one with YILAN_MEDIA_PORT.`);
  }
  return null;
}

function isSystemError(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
