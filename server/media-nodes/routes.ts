/** `GET /media-nodes`. */
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { describeNode } from './describe-node.ts';
import type { NodeLinks } from './node-links.ts';
import { loadNodes } from './store.ts';

const mediaNodeSchema = z
  .strictObject({
    id: z.uuid(),
    name: z.string(),
    isLinked: z.boolean(),
    linkedSince: z.iso.datetime().nullable(),
    lastSeenAt: z.iso.datetime().nullable(),
    version: z.string().nullable(),
    webRtcEngine: z.string().nullable(),
    baseUrl: z.string().nullable().describe('For the browser that asks'),
    streamCount: z.number().int(),
    streamingCount: z.number().int(),
    viewerCount: z.number().int(),
    storage: z
      .strictObject({ usedBytes: z.number(), quotaBytes: z.number(), freeBytes: z.number(), fault: z.string().nullable() })
      .nullable()
      .describe('Null while the node is not linked'),
    transcoding: z
      .strictObject({ running: z.number().int(), limit: z.number().int().nullable(), encoder: z.string().nullable() })
      .nullable()
      .describe('Streams made H.264 of for browsers that need it'),
  })
  .meta({ id: 'MediaNode' });

export function mediaNodeRoutes(db: Database, links: NodeLinks): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/media-nodes',
      right: 'system.read',
      summary: 'Media nodes with link, load and storage',
      query: z.strictObject(pageQuery),
      answer: pageOf(mediaNodeSchema),
      async handler({ query, request }) {
        const after = parseCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
        const rows = await loadNodes(db, { after, limit: query.limit + 1 });
        return toPage(
          rows,
          query.limit,
          (row) => [row.id],
          (row) => describeNode(row, links, request),
        );
      },
    }),
  ];
}
