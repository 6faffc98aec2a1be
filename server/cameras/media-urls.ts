/** Absolute URLs of a camera's video for one viewer, with the ticket in them; the paths are those of `media/contract/media-api.ts`. Pure. */
import type { StreamRole } from '../../media/contract/streams.ts';
import type { LiveTicket, PlaybackTicket } from '../contract/cameras.ts';

/** @param baseUrl of the node, without a slash at the end. */
export function liveUrls(baseUrl: string, cameraId: string, role: StreamRole, ticket: string): LiveTicket['urls'] {
  const stream = `${baseUrl}/live/${encodeURIComponent(cameraId)}/${role}`;
  const query = `?ticket=${encodeURIComponent(ticket)}`;
  return {
    hls: `${stream}/index.m3u8${query}`,
    whep: `${stream}/whep${query}`,
    snapshot: `${stream}/snapshot.jpg${query}`,
  };
}

/** @param baseUrl of the node, without a slash at the end. */
export function playbackUrls(baseUrl: string, cameraId: string, ticket: string): PlaybackTicket['urls'] {
  const camera = `${baseUrl}/playback/${encodeURIComponent(cameraId)}`;
  const query = `?ticket=${encodeURIComponent(ticket)}`;
  return { hls: `${camera}/index.m3u8${query}`, mp4: `${camera}/video.mp4${query}` };
}

/** Where pages open the node's WebSocket; one serves many cameras, so tickets go in its messages. */
export function liveSocketUrl(baseUrl: string): string {
  return `${webSocketOrigin(baseUrl)}/ws`;
}

/** The same place for WebSockets: `http` becomes `ws`, `https` becomes `wss`. */
export function webSocketOrigin(baseUrl: string): string {
  return baseUrl.replace(/^http/, 'ws');
}
