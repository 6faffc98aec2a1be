/** A media node as the contract shows it: what is stored, with its link and its newest measurements. */
import type { MediaNode } from '../contract/cameras.ts';
import type { NodeLinks } from './node-links.ts';
import type { MediaNodeRow } from './store.ts';

/** How browsers reach a node, from its hello. */
export interface NodeAddress {
  /** Null: the host of the page with `mediaPort`. */
  readonly publicUrl: string | null;
  readonly mediaPort: number;
  /** The media port speaks TLS. */
  readonly usesTls: boolean;
}

/** `request` null: announced to everybody, so the address is only given when it does not depend on who asks. */
export function describeNode(
  row: MediaNodeRow,
  links: NodeLinks,
  request: { readonly protocol: string; readonly hostname: string } | null,
): MediaNode {
  const link = links.link(row.id);
  const observed = links.latest(row.id);
  const streams = observed?.streams ?? [];
  return {
    id: row.id,
    name: row.name,
    isLinked: link !== null,
    linkedSince: link === null ? null : new Date(link.linkedSinceMs).toISOString(),
    lastSeenAt: (observed === null ? row.lastSeenAt : new Date(observed.atMs))?.toISOString() ?? null,
    version: row.version,
    webRtcEngine: row.webRtcEngine,
    baseUrl:
      row.mediaPort === null
        ? null
        : request === null
          ? row.publicUrl
          : baseUrlOf({ publicUrl: row.publicUrl, mediaPort: row.mediaPort, usesTls: row.usesTls }, request),
    streamCount: streams.length,
    streamingCount: streams.filter((stream) => stream.phase === 'streaming').length,
    viewerCount: streams.reduce((sum, stream) => sum + stream.viewers, 0),
    storage: observed?.storage ?? null,
    transcoding: observed?.transcoding ?? null,
  };
}

/** Where the browser that asked finds the node. */
export function baseUrlOf(node: NodeAddress, request: { readonly protocol: string; readonly hostname: string }): string {
  return node.publicUrl?.replace(/\/+$/, '') ?? `${node.usesTls ? 'https' : request.protocol}://${request.hostname}:${node.mediaPort}`;
}
