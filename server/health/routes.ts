/** HTTP face of the status history. */
import { z } from 'zod';
import { DomainError } from '../http/problem.ts';
import { defineRoute } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { HealthService } from './service.ts';
import { cameraStatus, moment, noPictureReason } from './state-schema.ts';

const interval = z
  .strictObject({
    status: cameraStatus,
    reason: noPictureReason.nullable(),
    from: z.iso.datetime(),
    to: z.iso.datetime().nullable(),
  })
  .meta({ id: 'StatusInterval' });

const DAY_MS = 86_400_000;
/** One answer holds at most so many; a camera that changes more often is asked for a shorter span. */
const MOST_INTERVALS = 5_000;

export function healthRoutes(health: HealthService, nowMs: () => number): readonly Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/cameras/{id}/status-history',
      right: 'cameras.read',
      summary: 'Status intervals that touch a span, oldest first; the last 24 hours when none is named',
      params: z.strictObject({ id: z.uuid() }),
      query: z.strictObject({ from: moment.optional(), to: moment.optional() }),
      answer: z.strictObject({ items: z.array(interval) }),
      handler: async ({ params: { id }, query }) => {
        const to = query.to ?? new Date(nowMs());
        const from = query.from ?? new Date(to.getTime() - DAY_MS);
        const items = await health.history(id, from, to, MOST_INTERVALS);
        if (items === null) throw new DomainError('not-found');
        return { items };
      },
    }),
  ];
}
