/** Streams as a request names them, on their way to storage: address apart from credentials, credentials sealed. */
import type { StreamRole, StreamTransport } from '../../media/contract/streams.ts';
import { DomainError } from '../http/problem.ts';
import type { CredentialCipher } from './credential-cipher.ts';
import { credentialOwner } from './desired-state.ts';
import { parseStreamAddress } from './stream-address.ts';
import type { StreamAddress, StreamAddressFault } from './stream-address.ts';
import type { StoredStream } from './store.ts';

/** `url` may carry user name and password. */
export interface StreamDraft {
  readonly role: StreamRole;
  readonly url: string;
  /** Absent: as it is stored for the role, else {@link DEFAULT_TRANSPORT}. */
  readonly transport?: StreamTransport | undefined;
}

/** Right for every camera that can do either: TCP, or UDP when TCP is refused. */
const DEFAULT_TRANSPORT: StreamTransport = 'auto';

export type ReadStream = StreamAddress & Pick<StreamDraft, 'role' | 'transport'>;

/**
 * Main stream first.
 *
 * @throws {DomainError} `validation-failed` for an address that is none, a role given twice, or no main stream.
 */
export function readStreams(drafts: readonly StreamDraft[]): readonly ReadStream[] {
  const streams = drafts.map((draft, index) => {
    const address = parseStreamAddress(draft.url);
    if (typeof address === 'string') return refuse(`body.streams[${index}].url`, FAULT_WORDS[address]);
    return { ...address, role: draft.role, transport: draft.transport };
  });
  const main = streams.filter((stream) => stream.role === 'main');
  if (main.length !== 1 || streams.length - main.length > 1) refuse('body.streams', 'One main stream and at most one sub stream');
  return [...main, ...streams.filter((stream) => stream.role !== 'main')];
}

/**
 * Rows to store. An address without credentials keeps those that were stored for the same role, host and port, because a form shows
 * addresses without them; behind another port may be another device. `rtsp://@host/…` takes them away.
 */
export function sealStreams(
  cameraId: string,
  streams: readonly ReadStream[],
  stored: readonly StoredStream[],
  cipher: CredentialCipher,
): readonly StoredStream[] {
  return streams.map(({ role, url, credentials, transport: wished }) => {
    const before = stored.find((one) => one.role === role);
    const transport = wished ?? before?.transport ?? DEFAULT_TRANSPORT;
    if (credentials === null) {
      return {
        role,
        url,
        transport,
        sealedCredentials: before !== undefined && authorityOf(before.url) === authorityOf(url) ? before.sealedCredentials : null,
      };
    }
    const isEmpty = credentials.username === '' && credentials.password === '';
    return { role, url, transport, sealedCredentials: isEmpty ? null : cipher.seal(credentials, credentialOwner(cameraId, role)) };
  });
}

/** A stored stream as the audit shows it. */
export function withoutSecret({ role, url, transport }: StoredStream): Omit<StoredStream, 'sealedCredentials'> {
  return { role, url, transport };
}

const FAULT_WORDS: Readonly<Record<StreamAddressFault, string>> = {
  'not-a-url': 'Not an address',
  'not-rtsp': 'Only rtsp:// and rtsps:// addresses are taken',
  'no-host': 'The address names no host',
};

/** Scheme, host and port of an address that was taken apart before: a password for TLS is not sent without it. */
function authorityOf(url: string): string {
  return url.split('/').slice(0, 3).join('/');
}

function refuse(path: string, message: string): never {
  throw new DomainError('validation-failed', { errors: [{ path, message }] });
}
