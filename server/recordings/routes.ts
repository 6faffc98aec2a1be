/** HTTP face of recordings and the access register. */
import { z } from 'zod';
import { moment, noPictureReason } from '../health/state-schema.ts';
import { pageOf, pageQuery, parseCursor, toPage } from '../http/pagination.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { RecordingService } from './service.ts';

const instant = z.iso.datetime();

const timeline = z
  .strictObject({
    spans: z.array(z.strictObject({ from: instant, to: instant, bytes: z.int() })),
    gaps: z.array(
      z.strictObject({
        from: instant,
        to: instant,
        reason: z.union([noPictureReason, z.enum(['not-recorded', 'before-first-recording', 'expired', 'in-the-future', 'unexplained'])]),
      }),
    ),
  })
  .meta({ id: 'RecordingTimeline' });

const entry = z
  .strictObject({
    id: z.uuid(),
    at: instant,
    person: z.strictObject({ id: z.uuid(), username: z.string(), displayName: z.string() }),
    unit: z.string(),
    cameraIds: z.array(z.uuid()),
    from: instant,
    to: instant,
    reason: z.string(),
    caseNumber: z.string().nullable(),
  })
  .meta({ id: 'AccessRegisterEntry' });

/** A time line is drawn by days; a year at once would be hundreds of thousands of files. */
const LONGEST_SPAN_MS = 32 * 86_400_000;

/** From before to, and not too far apart. */
function refineSpan({ from, to }: { readonly from: Date; readonly to: Date }, context: z.RefinementCtx): void {
  if (to.getTime() <= from.getTime()) context.addIssue({ code: 'custom', path: ['to'], message: 'The end lies after the begin' });
  else if (to.getTime() - from.getTime() > LONGEST_SPAN_MS) context.addIssue({ code: 'custom', path: ['to'], message: 'At most 32 days at once' });
}

export function recordingRoutes(service: RecordingService): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/cameras/{id}/recordings',
      right: 'recordings.read',
      summary: 'What is recorded in a span, and for every gap why not',
      params: z.strictObject({ id: z.uuid() }),
      query: z.strictObject({ from: moment, to: moment }).superRefine(refineSpan),
      answer: timeline,
      handler: ({ params: { id }, query }) => service.timeline(id, query.from, query.to),
    }),
    defineRoute({
      method: 'post',
      path: '/access-register',
      right: 'recordings.watch',
      summary: 'Enter who will view which recordings, and why',
      body: z
        .strictObject({
          cameraIds: z.array(z.uuid()).min(1).max(100),
          from: moment,
          to: moment,
          reason: z.string().trim().min(1).max(500),
          caseNumber: z.string().trim().min(1).max(100).nullable().default(null),
        })
        .superRefine(refineSpan),
      answer: entry,
      status: 201,
      handler: ({ actor, person, body }) => service.register(person, actor, body),
    }),
    defineRoute({
      method: 'get',
      path: '/access-register',
      right: 'access-register.read',
      summary: 'The access register, newest first',
      query: z.strictObject({ ...pageQuery, cameraId: z.uuid().optional(), accountId: z.uuid().optional() }),
      answer: pageOf(entry),
      handler: async ({ query }) => {
        const before = parseCursor(query.cursor, z.tuple([z.uuid()]))?.[0] ?? null;
        const rows = await service.registerPage({ cameraId: query.cameraId ?? null, accountId: query.accountId ?? null, before, limit: query.limit });
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
