/** What each media node shall do, computed from the cameras assigned to it. Pure but for opening the sealed credentials. */
import type { DesiredStream, PullMode, StreamRole, StreamTransport } from '../../media/contract/streams.ts';
import type { CredentialCipher } from './credential-cipher.ts';

/** A stream of a camera as stored, with the camera's columns that the node needs. */
export interface AssignedStream {
  readonly cameraId: string;
  readonly deviceId: string;
  readonly role: StreamRole;
  readonly url: string;
  readonly transport: StreamTransport;
  readonly sealedCredentials: string | null;
  readonly mode: PullMode;
  readonly isRecorded: boolean;
  readonly retentionDays: number;
}

/**
 * The main stream follows the camera's mode and is the one recorded; a sub stream serves small tiles and is pulled only while
 * somebody watches it.
 *
 * Credentials that do not open (the key file is another one since a restore) are told to `onUnreadable` and left out: the camera then
 * says `unauthorized` for itself, and every other camera of the node goes on.
 */
export function buildDesiredStreams(
  streams: readonly AssignedStream[],
  cipher: CredentialCipher,
  onUnreadable: (stream: AssignedStream, error: unknown) => void,
): readonly DesiredStream[] {
  const open = (stream: AssignedStream): DesiredStream['credentials'] => {
    if (stream.sealedCredentials === null) return null;
    try {
      return cipher.open(stream.sealedCredentials, credentialOwner(stream.cameraId, stream.role));
    } catch (error) {
      onUnreadable(stream, error);
      return null;
    }
  };
  return streams.map((stream) => ({
    cameraId: stream.cameraId,
    role: stream.role,
    deviceId: stream.deviceId,
    url: stream.url,
    credentials: open(stream),
    transport: stream.transport,
    mode: stream.role === 'main' ? stream.mode : 'on-demand',
    recording: stream.role === 'main' && stream.isRecorded ? { retentionDays: stream.retentionDays } : null,
  }));
}

/** Whom sealed credentials belong to; see {@link CredentialCipher}. */
export function credentialOwner(cameraId: string, role: StreamRole): string {
  return `${cameraId}/${role}`;
}

export interface NodeLoad {
  readonly id: string;
  readonly isLinked: boolean;
  readonly cameraCount: number;
}

/** The node a new camera goes to: a linked one before a lost one, then the one with the fewest cameras, then by id. Null when there is none. */
export function chooseNode(nodes: readonly NodeLoad[]): string | null {
  const [best] = nodes.toSorted((a, b) => Number(b.isLinked) - Number(a.isLinked) || a.cameraCount - b.cameraCount || (a.id < b.id ? -1 : 1));
  return best?.id ?? null;
}
