/** Whether something that was read back from the disk is a desired state of this version. Pure. */
import type { DesiredState } from '../contract/streams.ts';

/** True when every field that the node relies on is there and of its kind. */
export function isDesiredState(value: unknown): value is DesiredState {
  if (!isRecord(value) || !Number.isSafeInteger(value['generation'])) return false;
  const { streams, ticketKeys } = value;
  return Array.isArray(streams) && streams.every(isDesiredStream) && Array.isArray(ticketKeys) && ticketKeys.every(isTicketKey);
}

function isDesiredStream(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { cameraId, role, deviceId, url, credentials, transport, mode, recording } = value;
  return (
    typeof cameraId === 'string' &&
    (role === 'main' || role === 'sub') &&
    (deviceId === null || typeof deviceId === 'string') &&
    typeof url === 'string' &&
    (credentials === null || (isRecord(credentials) && typeof credentials['username'] === 'string' && typeof credentials['password'] === 'string')) &&
    (transport === 'tcp' || transport === 'udp' || transport === 'auto') &&
    (mode === 'always' || mode === 'on-demand') &&
    (recording === null || (isRecord(recording) && typeof recording['retentionDays'] === 'number'))
  );
}

function isTicketKey(value: unknown): boolean {
  return isRecord(value) && typeof value['keyId'] === 'string' && typeof value['publicKeyX'] === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
