/** `GET /audit`. */
import { z } from 'zod';
import type { Database } from '../database/connect.ts';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { loadAuditEntries } from './store.ts';

const auditEntrySchema = z
  .strictObject({
    id: z.string(),
    at: z.iso.datetime(),
    person: z.strictObject({ id: z.uuid(), username: z.string(), displayName: z.string() }).nullable().describe('Null when the system acted'),
    action: z.string(),
    subjectKind: z.string(),
    subjectId: z.string().nullable(),
    detail: z.unknown(),
    address: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });

export function auditRoutes(db: Database): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/audit',
      right: 'audit.read',
      summary: 'Audit trail, newest first',
      query: z.strictObject(pageQuery),
      answer: pageOf(auditEntrySchema),
      async handler({ query }) {
        const key = parseCursor(query.cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]));
        const rows = await loadAuditEntries(db, { before: key === null ? null : BigInt(key[0]), limit: query.limit + 1 });
        return toPage(
          rows,
          query.limit,
          (row) => [row.id],
          (row) => row,
        );
      },
    }),
  ];
}
