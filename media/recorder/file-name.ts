/**
 * Names of recorded files.
 *
 *     {cameraId}/{role}/{YYYY-MM-DD}/{YYYYMMDDTHHMMSS.mmmZ}[-n].mp4       UTC
 */
import type { StreamRole } from '../contract/streams.ts';

/** What a path below the recordings folder says. */
export interface RecordingName {
  readonly cameraId: string;
  readonly role: StreamRole;
  /** Arrival of the first frame; wall clock, ms since 1970. */
  readonly fromMs: number;
}

const pathPattern =
  /^([A-Za-z0-9_-]{1,64})\/(main|sub)\/(\d{4}-\d{2}-\d{2})\/(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})\.(\d{3})Z(?:-\d{1,3})?\.mp4$/;

/** True for ids that can be a folder's name: nothing that leads out of the recordings folder. */
export function isCameraFolder(cameraId: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(cameraId);
}

/** Path of a new file, forward slashes. `attempt` 1 for the plain name. */
export function recordingPath(name: RecordingName, attempt: number): string {
  const iso = new Date(name.fromMs).toISOString();
  const stamp = `${iso.slice(0, 10).replaceAll('-', '')}T${iso.slice(11, 19).replaceAll(':', '')}.${iso.slice(20, 23)}Z`;
  return `${name.cameraId}/${name.role}/${iso.slice(0, 10)}/${stamp}${attempt === 1 ? '' : `-${attempt}`}.mp4`;
}

/** Folder of a camera's files of one UTC day, forward slashes. */
export function dayFolder(cameraId: string, role: StreamRole, day: string): string {
  return `${cameraId}/${role}/${day}`;
}

/** Null for anything {@link recordingPath} would not have written. */
export function parseRecordingPath(path: string): RecordingName | null {
  const match = pathPattern.exec(path);
  if (match === null) return null;
  const [, cameraId, role, , year, month, day, hour, minute, second, ms] = match;
  if (cameraId === undefined || (role !== 'main' && role !== 'sub')) return null;
  const fromMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
  return Number.isNaN(fromMs) ? null : { cameraId, role, fromMs };
}
