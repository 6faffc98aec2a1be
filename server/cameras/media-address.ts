/** Absolute URLs of a camera's video for one viewer, with the ticket in them. Pure. */
import type { StreamRole } from '../../media/contract/streams.ts';
import type { LiveTicket, PlaybackTicket } from '../contract/cameras.ts';

/** How a browser reaches the node, from the node's last hello. */
export interface NodeAddress {
  readonly publicUrl: string | null;
  readonly mediaPort: number;
}

/** The request that asks for the ticket: what the browser used to reach the server. */
export interface RequestAddress {
  readonly scheme: 'http' | 'https';
  /** Host header, with or without port; IPv6 in brackets. */
  readonly host: string;
}

/** The node's own public address, else the name under which the browser found the server, with the node's port. No trailing slash. */
export function mediaBaseUrl(node: NodeAddress, request: RequestAddress): string {
  if (node.publicUrl !== null) return node.publicUrl.replace(/\/+$/, '');
  return `${request.scheme}://${hostName(request.host)}:${node.mediaPort}`;
}

export function liveUrls(baseUrl: string, cameraId: string, role: StreamRole, ticket: string): LiveTicket['urls'] {
  const stream = `${baseUrl}/live/${encodeURIComponent(cameraId)}/${role}`;
  const query = `?ticket=${encodeURIComponent(ticket)}`;
  return { hls: `${stream}/index.m3u8${query}`, whep: `${stream}/whep${query}`, snapshot: `${stream}/snapshot.jpg${query}` };
}

export function playbackUrls(baseUrl: string, cameraId: string, ticket: string): PlaybackTicket['urls'] {
  const camera = `${baseUrl}/playback/${encodeURIComponent(cameraId)}`;
  const query = `?ticket=${encodeURIComponent(ticket)}`;
  return { hls: `${camera}/index.m3u8${query}`, mp4: `${camera}/video.mp4${query}` };
}

/** `[::1]:8080` → `[::1]`, `host:8080` → `host`. */
function hostName(host: string): string {
  return host.replace(/:\d+$/, '');
}
