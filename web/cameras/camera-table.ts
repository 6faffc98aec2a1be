/** The table of cameras as data: filter, order, and what stands in each column. */
import type { Camera, CameraStatus, CameraStreamState } from '../../server/contract/cameras.ts';

export interface CameraFilter {
  readonly text: string;
  readonly status: CameraStatus | null;
  readonly compoundId: string | null;
}

export type CameraSortKey = 'name' | 'status' | 'since' | 'bitrate' | 'lastFrame' | 'lost';

export interface CameraSort {
  readonly key: CameraSortKey;
  readonly isDescending: boolean;
}

export const cameraStatuses: readonly CameraStatus[] = ['offline', 'degraded', 'connecting', 'unknown', 'idle', 'online'];

/** The stream whose figures stand for the camera: the main one, or the one that runs. */
export function leadingStream(camera: Camera): CameraStreamState | undefined {
  return (
    camera.state.streams.find((stream) => stream.codec !== null && stream.role === 'main') ??
    camera.state.streams.find((stream) => stream.codec !== null)
  );
}

export function filterCameras(cameras: readonly Camera[], filter: CameraFilter): readonly Camera[] {
  const text = filter.text.trim().toLowerCase();
  return cameras.filter(
    (camera) =>
      (filter.status === null || camera.state.status === filter.status) &&
      (filter.compoundId === null || camera.compoundId === filter.compoundId) &&
      (text === '' || camera.name.toLowerCase().includes(text) || camera.streams.some((stream) => stream.url.toLowerCase().includes(text))),
  );
}

/** Absent figures come last in either direction; equal ones keep the order given. */
export function sortCameras(cameras: readonly Camera[], sort: CameraSort): readonly Camera[] {
  const direction = sort.isDescending ? -1 : 1;
  return cameras.toSorted((a, b) => {
    const [valueA, valueB] = [sortValue(a, sort.key), sortValue(b, sort.key)];
    if (valueA === null || valueB === null) return valueA === valueB ? 0 : valueA === null ? 1 : -1;
    if (typeof valueA === 'string' && typeof valueB === 'string') return direction * valueA.localeCompare(valueB, 'zh-Hans-CN', { numeric: true });
    return direction * (Number(valueA) - Number(valueB));
  });
}

function sortValue(camera: Camera, key: CameraSortKey): string | number | null {
  const stream = leadingStream(camera);
  switch (key) {
    case 'name':
      return camera.name;
    case 'status':
      return cameraStatuses.indexOf(camera.state.status);
    case 'since':
      // Shortest first, as the column shows lengths of time.
      return -Date.parse(camera.state.since);
    case 'bitrate':
      return stream?.bitrateBps ?? null;
    case 'lastFrame':
      return stream?.lastFrameAt ? Date.parse(stream.lastFrameAt) : null;
    case 'lost':
      return stream?.lostPackets ?? null;
  }
}

/** `1.48 Mbps`, `320 kbps`, or an empty text. */
export function formatBitrate(bitrateBps: number | null | undefined): string {
  if (bitrateBps === null || bitrateBps === undefined) return '';
  return bitrateBps >= 1_000_000 ? `${(bitrateBps / 1_000_000).toFixed(2)} Mbps` : `${Math.round(bitrateBps / 1000)} kbps`;
}

/** `1920×1080@25`, as much of it as is known. */
export function formatPicture(stream: CameraStreamState | undefined): string {
  if (!stream || stream.width === null || stream.height === null) return '';
  return `${stream.width}×${stream.height}${stream.fps === null ? '' : `@${Math.round(stream.fps)}`}`;
}

export const codecWords = { h264: 'H.264', h265: 'H.265' } as const;
